import { z } from "zod";
import type { Preview } from "../preview";
import { readDocument } from "./document";
import { readEvents } from "./events";
import { CutShortError, JsonReader, NotJsonError } from "./json-reader";
import { PreviewBuilder } from "./preview-builder";
import { PreviewError } from "./preview-error";
import { UnknownFormatError } from "./unknown-format-error";

/**
 * Reads the output of `pulumi preview --json`, in its default form or the streaming one
 * (`PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true`). Holds what a report needs of the changed resources, and not the whole.
 * A preview that failed or is cut short is returned with what was read of it, and has `errors`.
 * @param chunks such as `createReadStream(file)`
 * @param source its name in messages: a file, or `stdin`
 * @throws PreviewError where it is empty, not JSON, or no preview that this release knows
 */
export async function readPreview(chunks: AsyncIterable<Uint8Array>, source: string): Promise<Preview> {
  const builder = new PreviewBuilder(source);
  try {
    await readInto(builder, new JsonReader(chunks), source);
    return builder.build();
  } catch (error) {
    if (error instanceof NotJsonError) {
      throw new PreviewError(
        "OC5102",
        `${source} is not the JSON of a preview: ${error.message}`,
        "Pass what `pulumi preview --json` wrote to stdout, without its stderr",
      );
    }
    if (error instanceof UnknownFormatError) throw unknownFormat(source, error.what);
    if (error instanceof z.ZodError) {
      const [{ path = [], message = "" } = {}] = error.issues;
      throw unknownFormat(source, `${path.join(".") || "a value"}: ${message}`);
    }
    throw error;
  }
}

async function readInto(builder: PreviewBuilder, reader: JsonReader, source: string): Promise<void> {
  if ((await reader.peek()) === undefined) {
    throw new PreviewError(
      "OC5101",
      `${source} is empty`,
      "See what `pulumi preview --json` wrote to stderr: it failed before it wrote its JSON",
    );
  }
  try {
    await ((await reader.isLines()) ? readEvents(reader, builder) : readDocument(reader, builder));
  } catch (error) {
    if (!(error instanceof CutShortError)) throw error;
    builder.cutShort();
  }
}

function unknownFormat(source: string, what: string): PreviewError {
  return new PreviewError(
    "OC5103",
    `${source} is no preview of a form that this release knows (${what})`,
    "Upgrade pulumi-openai-containers, or pass the output of `pulumi preview --json`",
  );
}

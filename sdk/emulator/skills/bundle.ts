import { buffer } from "node:stream/consumers";
import { load } from "js-yaml";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";
import { ZipFile as ZipWriter } from "yazl";
import { z } from "zod";
import { ApiError } from "../http/api-error";
import type { FormField } from "../http/form-body";

/** A version of a skill as a zip, with what its manifest says. */
export interface Bundle {
  zip: Buffer;
  name: string;
  description: string;
}

/** Of https://developers.openai.com/api/docs/guides/tools-skills; that its MB are MiB fits the limit of an inline skill. */
const maxZipBytes = 50 * 2 ** 20;
const maxFiles = 500;
const maxFileBytes = 25 * 2 ** 20;

const manifest = z.object({ name: z.string().min(1), description: z.string().min(1) });

/**
 * The skill in an upload: one zip, or the files of a folder, each named by its path.
 * @throws ApiError 400 for one that breaks the limits; codes and wording are a guess
 */
export async function uploadedBundle(fields: readonly FormField[]): Promise<Bundle> {
  const files = fields.filter(({ name }) => name === "files" || name === "files[]");
  const [first, ...others] = files;
  if (!first) {
    throw new ApiError(400, "Missing required parameter: 'files'.", {
      code: "missing_required_parameter",
      param: "files",
    });
  }
  const isZip = others.length === 0 && first.content.subarray(0, 2).toString() === "PK";
  return readBundle(isZip ? first.content : await zipped(files), "files");
}

/** @throws ApiError 400, which names the parameter */
export async function readBundle(zip: Buffer, param: string): Promise<Bundle> {
  const reject = (message: string) => {
    throw new ApiError(400, `Invalid '${param}': ${message}.`, { code: "invalid_value", param });
  };
  if (zip.length > maxZipBytes) reject("the zip is larger than 50 MB");
  const { files, manifests, text } = await directoryOf(zip).catch(() => reject("not a valid zip file"));
  if (files.length > maxFiles) reject(`the skill has more than ${maxFiles} files`);
  const large = files.find(({ uncompressedSize }) => uncompressedSize > maxFileBytes);
  if (large) reject(`${large.fileName} is larger than 25 MB`);
  if (new Set(files.map(({ fileName }) => fileName.split("/", 1)[0])).size !== 1 || !files[0]?.fileName.includes("/"))
    reject("the skill must be one top-level folder");
  if (manifests !== 1) reject("the skill must have exactly one SKILL.md");
  const { success, data } = manifest.safeParse(frontMatter(text));
  if (!success) return reject("SKILL.md must begin with front matter that has a name and a description");
  return { zip, ...data };
}

/** The files of a zip, how many manifests are among them, and the text of the last one. */
async function directoryOf(zip: Buffer): Promise<{ files: Entry[]; manifests: number; text: string }> {
  const files: Entry[] = [];
  let manifests = 0;
  let text = "";
  const reader = await fromBufferPromise(zip, { lazyEntries: true });
  for await (const entry of reader.eachEntry()) {
    if (entry.fileName.endsWith("/")) continue;
    files.push(entry);
    if (!/(^|\/)skill\.md$/i.test(entry.fileName)) continue;
    manifests += 1;
    if (entry.uncompressedSize <= maxFileBytes) text = await textOf(reader, entry);
  }
  return { files, manifests, text };
}

async function textOf(reader: ZipFile, entry: Entry): Promise<string> {
  return (await buffer(await reader.openReadStreamPromise(entry))).toString();
}

function frontMatter(text: string): unknown {
  const [, yaml] = /^\uFEFF?---\r?\n(.*?)\r?\n---/s.exec(text) ?? [];
  try {
    return yaml === undefined ? undefined : load(yaml);
  } catch {
    return undefined;
  }
}

async function zipped(files: readonly FormField[]): Promise<Buffer> {
  const writer = new ZipWriter();
  for (const { fileName = "file", content } of files) writer.addBuffer(content, fileName);
  writer.end();
  return buffer(writer.outputStream);
}

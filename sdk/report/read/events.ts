import { z } from "zod";
import { CutShortError, type JsonReader, NotJsonError } from "./json-reader";
import type { PreviewBuilder } from "./preview-builder";
import { configSchema, diagnosticSchema, stepMetadata, summarySchema } from "./step";

const eventSchema = z.object({
  preludeEvent: z.object({ config: configSchema }).optional(),
  resourcePreEvent: z.object({ metadata: stepMetadata }).optional(),
  diagnosticEvent: diagnosticSchema.optional(),
  summaryEvent: z.object({ resourceChanges: summarySchema, result: z.string().optional() }).optional(),
});
type Event = z.output<typeof eventSchema>;

/**
 * Reads the streaming form: an engine event a line, the summary near the end.
 * @throws CutShortError, NotJsonError, UnknownFormatError or ZodError
 */
export async function readEvents(reader: JsonReader, builder: PreviewBuilder): Promise<void> {
  let isWhole = false;
  for (let line = await reader.line(); line !== undefined; line = await reader.line()) {
    if (line.text.trim() === "") continue;
    const event = eventSchema.parse(parsed(line));
    take(event, builder);
    if (event.summaryEvent) isWhole = true;
  }
  if (!isWhole) throw new CutShortError();
}

function take({ preludeEvent, resourcePreEvent, diagnosticEvent, summaryEvent }: Event, builder: PreviewBuilder): void {
  if (preludeEvent) builder.config(preludeEvent.config ?? {});
  if (resourcePreEvent) builder.step(resourcePreEvent.metadata);
  if (diagnosticEvent) builder.diagnostic(diagnosticEvent);
  if (!summaryEvent) return;
  builder.counts(summaryEvent.resourceChanges ?? {});
  if (summaryEvent.result === "failed") builder.failed();
}

type Line = NonNullable<Awaited<ReturnType<JsonReader["line"]>>>;

function parsed({ text, isWhole, position }: Line): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw isWhole ? new NotJsonError(position) : new CutShortError();
  }
}

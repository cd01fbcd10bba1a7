import type { JsonReader } from "./json-reader";
import type { PreviewBuilder } from "./preview-builder";
import { configSchema, diagnosticSchema, stepSchema, summarySchema } from "./step";

/**
 * Reads the default form: one object, with its steps and then its diagnostics.
 * @throws CutShortError, NotJsonError, UnknownFormatError or ZodError
 */
export async function readDocument(reader: JsonReader, builder: PreviewBuilder): Promise<void> {
  for await (const key of reader.keys()) {
    for await (const value of reader.elements()) take(key, value, builder);
  }
  await reader.end();
}

function take(key: string, value: unknown, builder: PreviewBuilder): void {
  if (key === "steps") builder.step(stepSchema.parse(value));
  else if (key === "diagnostics") builder.diagnostic(diagnosticSchema.parse(value));
  else if (key === "changeSummary") builder.counts(summarySchema.parse(value) ?? {});
  else if (key === "config") builder.config(configSchema.parse(value) ?? {});
}

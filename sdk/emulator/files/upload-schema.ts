import { z } from "zod";
import type { FormField } from "../http/form-body";
import { validate } from "../http/validate";

const schema = z.strictObject({
  file: z.custom<FormField>((value) => typeof value === "object", "Expected a file."),
  purpose: z.enum(["assistants", "batch", "fine-tune", "vision", "user_data", "evals"]),
  expires_after: z
    .strictObject({
      anchor: z.literal("created_at"),
      seconds: z.number().multipleOf(1).min(3600).max(2_592_000),
    })
    .optional(),
});

/**
 * The published `CreateFileRequest` in the fields of a form: `expires_after[seconds]` is a field of its own.
 * @throws ApiError 400
 */
export function fileUpload(fields: readonly FormField[]): z.output<typeof schema> {
  const values: Record<string, unknown> = {};
  const expiry: Record<string, unknown> = {};
  for (const field of fields) {
    const { name, fileName, content } = field;
    const value = fileName === undefined ? content.toString() : field;
    const key = /^expires_after\[(.*)\]$/.exec(name)?.[1];
    if (key === undefined) values[name] = value;
    else expiry[key] = key === "seconds" ? Number(value) : value;
  }
  return validate(schema, { ...values, ...(Object.keys(expiry).length > 0 && { expires_after: expiry }) });
}

import { z } from "zod";
import { printable } from "./printable";

const clientError = z.object({
  code: z.string().optional(),
  statusCode: z.number().optional(),
  message: z.string(),
  json: z.object({ message: z.string() }).optional().catch(undefined),
});

/** The HTTP status of an engine's response, if there was one. */
export function failureStatus(error: unknown): number | undefined {
  return clientError.safeParse(error).data?.statusCode;
}

/** Node's code of a failed connection: `ENOENT`, `ECONNREFUSED`. */
export function failureCode(error: unknown): string | undefined {
  return clientError.safeParse(error).data?.code;
}

/** The engine's own message as a part of a sentence: printable, on one line, without the client's prefix and the last full stop. */
export function failureText(error: unknown): string {
  const parsed = clientError.safeParse(error).data;
  const text = parsed?.json?.message ?? parsed?.message ?? String(error);
  return onOneLine(text)
    .replace(/^\(HTTP code \d+\) [^-]* - /, "")
    .trimStart()
    .replace(/[ .]+$/, "");
}

/** A text as a message shows it. */
export function onOneLine(text: string): string {
  return printable(text).replace(/\s+/g, " ");
}

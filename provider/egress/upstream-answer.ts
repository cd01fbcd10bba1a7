import type { ClientRequest, IncomingMessage } from "node:http";
import type { Fields } from "./headers";
import { mostAnswerHeaders, mostInterim } from "./limits";
import { Refused } from "./refused";

/** The header with which the gateway itself marks a denial. */
export const policyMark = "X-OpenAI-Containers-Policy";

/** What an upstream's answer must be before any of it is passed on. @throws Refused */
export function judgeFraming({ statusCode = 0, headers, rawHeaders }: IncomingMessage, host: string): void {
  // 101 to who asked for no change of protocol, and numbers that are no status.
  if (statusCode < 200) throw failed(`${host} ends with the interim status ${statusCode}`);
  if (rawHeaders.length / 2 > mostAnswerHeaders) {
    throw failed(`${host} answers with more than ${mostAnswerHeaders} header fields`);
  }
  // Whatever is in `gzip, chunked` was not asked for (RFC 9112, section 6.1), and would go on as if it were plain.
  if ((headers["transfer-encoding"] ?? "chunked").toLowerCase() !== "chunked") {
    throw failed(`${host} answers in a transfer coding other than chunked`);
  }
  const length = headers["content-length"];
  if (length !== undefined) headers["content-length"] = plainNumber(length);
}

/** `0005` is a length (RFC 9110, section 8.6) that some would read as octal. */
export function plainNumber(digits: string): string {
  return digits.replace(/^0+(?=\d)/, "");
}

/** Whether an answer's framing leaves no doubt where the next one begins on its connection. */
export function mayKeepAfter({ statusCode, headers }: IncomingMessage): boolean {
  if (statusCode !== 204) return true;
  return (headers["content-length"] ?? "0") === "0" && headers["transfer-encoding"] === undefined;
}

/** Counts the interim answers to a request, whose number nothing else bounds. */
export function boundInterim(upstream: ClientRequest, host: string, fail: (refused: Refused) => void): void {
  let count = 0;
  const countOne = () => {
    if (++count === mostInterim + 1) fail(failed(`${host} sends more than ${mostInterim} interim answers`));
  };
  upstream.on("continue", countOne).on("information", countOne);
}

/** Only the gateway itself says that the policy denied something. */
export function withoutPolicyMark({ headers }: IncomingMessage, fields: Fields): Fields {
  if (headers[policyMark.toLowerCase()] === undefined) return fields;
  const kept: Fields = [];
  for (let index = 0; index < fields.length; index += 2) {
    const name = fields[index] ?? "";
    if (name.toLowerCase() !== policyMark.toLowerCase()) kept.push(name, fields[index + 1] ?? "");
  }
  return kept;
}

function failed(reason: string): Refused {
  return new Refused(502, reason, "failed");
}

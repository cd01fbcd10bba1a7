import { UnreachableError } from "../backend";
import { type Access, LostAnswerError } from "./api-errors";

/** Of a connection that never stood, so that nothing was sent. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Why no answer came, and what to do about it. */
export function explainConnection(error: unknown, { place, placeSource }: Access): UnreachableError {
  const code = codeOf(error);
  if (/CERT|SIGNATURE/.test(code)) {
    return new UnreachableError(
      "OC0000",
      `The certificate at ${place} is not trusted here (${code})`,
      "Where a proxy of yours ends TLS, name its authority's file in NODE_EXTRA_CA_CERTS",
      { cause: error },
    );
  }
  if (neverSent.has(code)) {
    return new UnreachableError(
      "OC0000",
      `No API can be reached at ${place} (${code})`,
      `Correct ${placeSource}, or connect to its network`,
      { cause: error },
    );
  }
  return new LostAnswerError(
    "OC0000",
    `The answer from ${place} was lost (${code || reasonOf(error)})`,
    "Run the same command again",
    {
      cause: error,
    },
  );
}

/** An answer that claims success and is not the API's. */
export function explainUnreadable(answer: unknown, { place, placeSource }: Access): LostAnswerError {
  const sent = typeof answer === "string" && /^\s*</.test(answer) ? "a web page" : "something else";
  return new LostAnswerError(
    "OC0000",
    `What answers at ${place} is not the Containers API: it sent ${sent}`,
    `Correct ${placeSource}, or sign in to the network that stands between`,
  );
}

/** Node's code of what went wrong; the client and fetch wrap it, once each. */
function codeOf(error: unknown): string {
  for (const cause of causes(error)) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return "";
}

function reasonOf(error: unknown): string {
  const deepest = causes(error).at(-1);
  return (deepest?.message ?? String(error)).replace(/\.$/, "");
}

function causes(error: unknown): Error[] {
  return error instanceof Error ? [error, ...causes(error.cause)] : [];
}

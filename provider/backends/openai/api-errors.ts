import { z } from "zod";
import type { Code } from "../../codes";
import { BackendError, UnreachableError } from "../backend";
import { propertyOf } from "./wire";

/** What the API said no with. */
export interface Refusal {
  status: number;
  words: string | undefined;
  code: string | undefined;
  param: string | undefined;
  requestId: string | undefined;
  /** Seconds after which the API wants to be asked again. */
  retryAfter: number | undefined;
  /** The project that the key belongs to. */
  project: string | undefined;
  /** Whether it came as a web page, which the API never sends. */
  isPage: boolean;
}

/** The API refused. */
export class ApiError extends BackendError {
  constructor(
    code: Code,
    readonly refusal: Refusal,
    what: string,
    advice: string,
  ) {
    super(code, what, advice);
  }
}

/** Whether a request did its work is not known: its answer was lost, cannot be read, or tells of a failure inside. */
export class LostAnswerError extends UnreachableError {}

/** Where the API is looked for, and with what: for messages. */
export interface Access {
  /** The base URL and where it was found: `https://api.openai.com/v1 (the default)`. */
  place: string;
  /** What to correct where that is the wrong one: `OPENAI_BASE_URL`, `the provider's baseUrl`. */
  placeSource: string;
  /** Where the key was found: `OPENAI_API_KEY`. */
  keySource: string;
  /** What to correct where the key is of another account: `OPENAI_ORG_ID and OPENAI_PROJECT_ID`. */
  accountSources: string;
  /** What to set where others use the limit of requests too: `openai-containers:requestsPerMinute`. */
  limitSource: string;
  /** Values that no message may hold. */
  secrets: readonly string[];
}

const text = z.string().min(1).optional().catch(undefined);
const clientError = z.object({
  status: z.number(),
  error: z.object({ message: text, code: text, param: text }).optional().catch(undefined),
  requestID: text,
  headers: z.instanceof(Headers),
});

/** The answer in the official client's error, if it is about one. */
export function refusalOf(error: unknown): Refusal | undefined {
  const { data } = clientError.safeParse(error);
  if (!data) return undefined;
  const { status, error: said, requestID: requestId, headers } = data;
  const seconds = Number.parseFloat(headers.get("retry-after") ?? "");
  return {
    status,
    words: said?.message,
    code: said?.code,
    param: said?.param,
    requestId,
    retryAfter: seconds >= 0 ? seconds : undefined,
    project: projectOf(headers),
    isPage: headers.get("content-type")?.startsWith("text/html") ?? false,
  };
}

/** The API tells in each answer whose it is; other services that speak it may not. */
export function projectOf(headers: Headers): string | undefined {
  return headers.get("openai-project") ?? undefined;
}

/** A container that is not there: a 404 in the API's words about it, not that of a proxy or for a wrong address. */
export function saysGone({ status, words }: Refusal): boolean {
  return status === 404 && words !== undefined && !words.startsWith("Invalid URL");
}

/** Using what has expired is a 400 with these words, and no code to tell it by. */
export function saysExpired({ status, words }: Refusal): boolean {
  return status === 400 && /\bcontainer is expired\b/i.test(words ?? "");
}

/** Whether the limit of requests was met, which waiting helps against; not so a quota, which is told alike. */
function isPassing({ status, code }: Refusal): boolean {
  return status === 429 && code !== "insufficient_quota" && code !== "billing_hard_limit_reached";
}

/** Whether the status leaves open if the work was done: a gateway's, or that of a failure inside. */
function isLost(status: number): boolean {
  return status >= 500 || status === 408;
}

/** For how many seconds to leave the API alone before the same request is sent again; undefined if that is no use. */
export function pauseOf(refusal: Refusal, refusalsBefore: number): number | undefined {
  if (!isPassing(refusal)) return undefined;
  return refusal.retryAfter ?? Math.min(2 ** refusalsBefore, 60);
}

/** What was refused, in the API's words and by the property's name, and what to do about it. */
export function explainRefusal(refusal: Refusal, access: Access): BackendError {
  const { status, code, requestId } = refusal;
  const facts = [`HTTP ${status}`, code, requestId && `request ${requestId}`].filter(Boolean).join(", ");
  const words = refusal.words && redact(refusal.words, access.secrets).replace(/\.$/, "");
  const [what, advice] = verdict(refusal, access);
  const message = `${what} (${facts})${words ? `: ${words}` : ""}`;
  if (isLost(status)) return new LostAnswerError("OC0000", message, advice);
  return isPassing(refusal)
    ? new UnreachableError("OC0000", message, advice)
    : new ApiError("OC0000", refusal, message, advice);
}

function verdict(refusal: Refusal, access: Access): [what: string, advice: string] {
  const { place, placeSource } = access;
  const { status, code, param, isPage } = refusal;
  if (isLost(status)) {
    return [
      `The API at ${place} failed`,
      "Run the same command again; https://status.openai.com tells of known trouble",
    ];
  }
  if (isPage) {
    return [
      `What answers at ${place} is not the Containers API: it sent a web page`,
      `Correct ${placeSource}, or sign in to the network that stands between`,
    ];
  }
  if (status === 429 && !isPassing(refusal)) return ["The account's quota is used up", "See to its plan and billing"];
  const known = verdicts(access)[status];
  if (known && !param) return known;
  const property = param && propertyOf(param);
  return [
    `The API refused ${property ?? "this"}`,
    advices[code ?? ""] ?? (property ? `Correct ${property}` : "Correct what it names"),
  ];
}

function verdicts(access: Access): Record<number, [what: string, advice: string]> {
  const { place, placeSource, keySource, accountSources, limitSource } = access;
  return {
    401: [`The API does not accept the key from ${keySource}`, "Give it a valid key of the account that is meant"],
    403: [
      `The API does not allow this with the key from ${keySource}`,
      `Give the key permission to manage containers, or correct ${accountSources}`,
    ],
    404: [`There is no such thing at ${place}`, `Correct ${placeSource}, which usually ends in /v1`],
    409: ["The API has a conflict with another request", "Run the same command again"],
    413: [
      "The API takes no request of this size",
      "Make the inline skills smaller, or upload them and refer to them by id",
    ],
    429: [
      "The API's limit of requests is used up, and waiting did not help",
      `Run the same command later, or set ${limitSource} to what others of the organization leave`,
    ],
  };
}

const advices: Record<string, string> = {
  integer_above_max_value: "Set a lower number; of expiresAfter.minutes, the hosted API is known to take at most 20",
};

/** Whatever the API echoes, no message holds a secret, nor a key, not even one that is masked in part. */
export function redact(words: string, secrets: readonly string[]): string {
  // The longest first, as one may begin with another.
  const byLength = secrets.flatMap(spelled).toSorted((a, b) => b.length - a.length);
  const known = byLength.reduce((rest, secret) => rest.replaceAll(secret, "[secret]"), words);
  return known.replace(/\bsk-[\w*-]+/g, "[key]");
}

/** A secret as a service may echo it: as it is, in JSON, in a URL, in base64. */
function spelled(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  const escaped = encodeURIComponent(bytes.toString("utf8")); // which has no half of a surrogate pair: that throws
  return [secret, JSON.stringify(secret).slice(1, -1), escaped, bytes.toString("base64").replace(/=+$/, "")];
}

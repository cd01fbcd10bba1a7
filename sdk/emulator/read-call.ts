import type { IncomingMessage } from "node:http";
import { keyOf } from "./authentication";
import type { Call } from "./call";
import type { EmulatorOptions } from "./options";

const maximumBytes = 512_000_000;

/**
 * The request, once it has come in whole.
 * @param projects of the keys, for a request that names no project
 * @throws Error when the client goes before that
 */
export async function readCall(request: IncomingMessage, projects: EmulatorOptions["projects"] = {}): Promise<Call> {
  const { headers, method = "", url = "" } = request;
  const [path = "", ...query] = url.split("?");
  const organization = String(headers["openai-organization"] ?? "-");
  const key = keyOf(headers.authorization) ?? "";
  const project = String(headers["openai-project"] ?? projects[key] ?? "-");
  return {
    method,
    path,
    query: query.join("?"),
    organization,
    project,
    account: `${organization}/${project}`,
    authorization: headers.authorization,
    contentType: headers["content-type"],
    body: await readBody(request),
  };
}

/** @returns nothing of a body that is too large */
async function readBody(request: IncomingMessage): Promise<Buffer | "too large"> {
  if (Number(request.headers["content-length"]) > maximumBytes) return "too large";
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // A client hears an answer only when it has sent all, so the rest is read, and dropped.
    if (bytes <= maximumBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes <= maximumBytes ? Buffer.concat(chunks) : "too large";
}

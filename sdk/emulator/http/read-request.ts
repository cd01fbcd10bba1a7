import type { IncomingMessage } from "node:http";
import type { ApiRequest } from "./api-request";
import { apiKeyOf } from "./authentication";

const maxBodyBytes = 512_000_000;

/**
 * Reads a request to its end.
 * @param projects the project of each API key, for a request without a project header
 * @throws Error when the client disconnects before the end
 */
export async function readRequest(
  request: IncomingMessage,
  projects: Readonly<Record<string, string>> = {},
): Promise<ApiRequest> {
  const { headers, method = "", url = "" } = request;
  const [path = "", ...query] = url.split("?");
  const organization = String(headers["openai-organization"] ?? "-");
  const key = apiKeyOf(headers.authorization) ?? "";
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

async function readBody(request: IncomingMessage): Promise<Buffer | "too large"> {
  if (Number(request.headers["content-length"]) > maxBodyBytes) return "too large";
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    // A client reads the response only after it has sent the whole body, so the rest is read and discarded.
    if (bytes <= maxBodyBytes) chunks.push(chunk);
    else chunks.length = 0;
  }
  return bytes <= maxBodyBytes ? Buffer.concat(chunks) : "too large";
}

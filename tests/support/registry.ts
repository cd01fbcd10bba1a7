import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { ownArchitecture, type RegistryImage, registryImage } from "./registry-image";

const pieces = 8;

interface RegistryOptions {
  /** Requires a login: of each request, or at a token service of its own as Docker Hub does. */
  login?: { scheme: "Basic" | "Bearer"; username: string; password: string };
  /** Its response to each request for a manifest. */
  refusal?: { status: number; code: string; message: string };
  /** How it sends a layer: at once, in pieces, or the first half and then nothing. */
  layers?: "at once" | "slowly" | "stalling";
  /** The processor that its image is for, as Go names it. Default: this machine's. */
  architecture?: string;
  /** Whether its tag stands for a list of images by processor. */
  isListed?: boolean;
}

/** A registry on loopback with one image. Engines pull from loopback without TLS. */
export interface Registry {
  /** `127.0.0.1:43211` */
  host: string;
  /** Its image, without a tag. */
  image: string;
  /** What `latest` is resolved to: `sha256:…` */
  digest: string;
  /** How many times a manifest was sent. */
  pulls(): number;
  /** The `Authorization` headers that it has received. */
  authorizations: readonly string[];
  stop(): void;
}

/** The read side of the OCI distribution specification. */
export async function startRegistry(options: RegistryOptions = {}): Promise<Registry> {
  const { layers = "at once", architecture = ownArchitecture, isListed = false } = options;
  const content = await registryImage(layers === "at once" ? 1024 : 4 * 2 ** 20, architecture, isListed);
  const sent: Sent = { authorizations: [], pulls: 0 };
  const server = createServer((request, answer) => {
    if (request.headers.authorization) sent.authorizations.push(request.headers.authorization);
    if (!options.login || isAllowed(request, answer, options.login)) respond(request, answer, content, options, sent);
  });
  server.unref();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" ? address?.port : undefined}`;
  return {
    host,
    image: `${host}/t${randomBytes(4).toString("hex")}`,
    digest: content.top.digest,
    pulls: () => sent.pulls,
    authorizations: sent.authorizations,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Sent {
  authorizations: string[];
  pulls: number;
}

function respond(
  { url = "", method }: IncomingMessage,
  answer: ServerResponse,
  content: RegistryImage,
  { refusal, layers = "at once" }: RegistryOptions,
  sent: Sent,
): void {
  const name = url.slice(url.lastIndexOf("/") + 1);
  const blob = content.blobs.get(name);
  const manifest = name === "latest" ? content.top : content.manifests.find(({ digest }) => digest === name);
  if (blob) send(blob, blob.length < 1024 ? "at once" : layers, answer);
  else if (!url.includes("/manifests/")) end(answer, url === "/v2/" ? 200 : 404);
  else if (refusal) sendError(answer, refusal);
  else if (!manifest) sendError(answer, { status: 404, code: "MANIFEST_UNKNOWN", message: "manifest unknown" });
  else {
    if (method === "GET") sent.pulls += 1;
    answer.setHeader("docker-content-digest", manifest.digest);
    end(answer, 200, manifest.body, manifest.type);
  }
}

const token = "token-of-the-test-registry";

/** Answers a request that has no login, or is for a token. */
function isAllowed(
  { url = "", headers }: IncomingMessage,
  answer: ServerResponse,
  { scheme, username, password }: NonNullable<RegistryOptions["login"]>,
): boolean {
  const { authorization, host } = headers;
  const isLogin = authorization === `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  if (scheme === "Bearer" && url.startsWith("/token")) {
    if (isLogin) end(answer, 200, Buffer.from(JSON.stringify({ token })));
    else sendError(answer, { status: 401, code: "UNAUTHORIZED", message: "incorrect username or password" });
    return false;
  }
  if (scheme === "Basic" ? isLogin : authorization === `Bearer ${token}`) return true;
  const challenge = scheme === "Basic" ? "" : `http://${host}/token`;
  answer.setHeader("www-authenticate", `${scheme} realm="${challenge}",service="test"`);
  sendError(answer, { status: 401, code: "UNAUTHORIZED", message: "authentication required" });
  return false;
}

function sendError(answer: ServerResponse, { status, code, message }: NonNullable<RegistryOptions["refusal"]>): void {
  end(answer, status, Buffer.from(JSON.stringify({ errors: [{ code, message }] })));
}

/** Node sends no body for a HEAD request. */
function end(answer: ServerResponse, status: number, body: Buffer = Buffer.alloc(0), type = "application/json"): void {
  answer.writeHead(status, { "content-type": type, "content-length": body.length }).end(body);
}

function send(blob: Buffer, how: RegistryOptions["layers"], answer: ServerResponse): void {
  answer.writeHead(200, { "content-length": blob.length });
  const size = Math.ceil(blob.length / pieces);
  const sendFrom = (piece: number) => {
    if (how === "stalling" && piece === pieces / 2) return;
    answer.write(blob.subarray(piece * size, (piece + 1) * size));
    if (piece === pieces - 1) answer.end();
    else setTimeout(sendFrom, how === "at once" ? 0 : 100, piece + 1);
  };
  sendFrom(0);
}

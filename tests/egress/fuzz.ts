import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import { connect as connectSecure } from "node:tls";
import { Audit } from "../../provider/egress/audit/audit";
import { parseAuthority } from "../../provider/egress/checks/domain-names";
import { defaultLimits } from "../../provider/egress/checks/limits";
import { DnsResponder } from "../../provider/egress/dns/dns-responder";
import { ResponseMask } from "../../provider/egress/secrets/response-mask";
import { SecretPatterns } from "../../provider/egress/secrets/secret-patterns";
import { authorities, authorityPieces, requestPieces, requests } from "../support/egress/corpus";
import { Random } from "../support/egress/random";
import { allowed, Site } from "../support/egress/site";
import { dial, tunnel } from "../support/egress/speak";
import { StrictReader } from "../support/egress/strict-reader";

/**
 * Mutated input for every parser of the gateway. By itself: `node -r ts-node/register/transpile-only tests/egress/fuzz.ts
 * [inputs for each] [seed]`.
 */

const atATime = 24;

/** Requests through a whole gateway: what arrives is read by another parser, and names the host that is pinned. */
export async function fuzzRequests(site: Site, inputs: number, seed: number, pin?: string): Promise<number> {
  const random = new Random(seed);
  const readers: StrictReader[] = [];
  let problem: unknown;
  site.upstream.serve = (socket: Socket) => {
    const reader = new StrictReader();
    readers.push(reader);
    socket.on("data", (chunk: Buffer) => {
      try {
        for (let count = reader.take(chunk); count > 0; count--)
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      } catch (error) {
        problem ??= error;
        socket.destroy();
      }
    });
  };
  await abreast(inputs, async () => {
    const bytes = random.mutate(random.pick(requests), requestPieces, requests);
    const socket = pin ? await tunnel(site, `${pin}:80`) : await dial(site.gateway.ports.http);
    await finish(socket, bytes);
    if (problem !== undefined) throw new Error(`seed ${seed}: ${JSON.stringify(bytes)} let through: ${problem}`);
  });
  const arrived = readers.flatMap((reader) => reader.requests);
  for (const { host, method } of arrived) {
    assert.ok(pin ? host === pin : allowed.includes(host), `${host} was requested`);
    assert.notEqual(method, "TRACE");
  }
  return arrived.length;
}

/** CONNECT: a tunnel opens for just the names and ports that another reading of the line finds allowed. */
export async function fuzzConnect(site: Site, inputs: number, seed: number): Promise<number> {
  const random = new Random(seed);
  let opened = 0;
  await abreast(inputs, async () => {
    const authority = random.mutate(random.pick(authorities), authorityPieces, authorities);
    const socket = await dial(site.gateway.ports.proxy);
    const response = await finish(socket, `CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
    if (!response.startsWith("HTTP/1.1 200 ")) return;
    opened++;
    assert.match(authority, /^ *[ab]\.example\.com:(80|443) *( HTTP\/1.1\r\n|$)/i, JSON.stringify(authority));
  });
  return opened;
}

/** The first bytes of TLS: none of them reaches anything. */
export async function fuzzHandshake(site: Site, inputs: number, seed: number): Promise<void> {
  const random = new Random(seed);
  const hello = (await clientHello()).toString("latin1");
  const pieces = ["\0", "\0\0", "\xff\xff", "\x16\x03\x01", "a.example.com", "evil.example.com", "\0\x0c\0\x0a", "h2"];
  await abreast(inputs, async () => {
    const socket =
      random.below(2) === 0 ? await tunnel(site, "a.example.com:443") : await dial(site.gateway.ports.https);
    await finish(socket, random.mutate(hello, pieces, [hello]));
  });
}

/** DNS queries: only allowed names, by another reading of the query, are resolved to an address. */
export function fuzzDns(inputs: number, seed: number): number {
  const random = new Random(seed);
  const names = {
    allows: (name: string) => allowed.includes(name),
    audit: new Audit(
      "",
      { add: () => undefined, addSoon: () => undefined, flushed: () => Promise.resolve() },
      defaultLimits,
    ),
  };
  const responder = new DnsResponder("10.0.0.2", () => names);
  const question = "\xab\xcd\x01\0\0\x01\0\0\0\0\0\0\x01a\x07example\x03com\0\0\x01\0\x01";
  const options = "\xab\xcd\x01\0\0\x01\0\0\0\0\0\x01\x01b\x07example\x03com\0\0\x10\0\x01\0\0\x29\x10\0\0\0\0\0\0\0";
  const pieces = [
    "\0",
    "\xc0\x0c",
    "\xff",
    "\x3f",
    "\x40",
    "\x01a",
    "\x04evil",
    "\x07example",
    "\x03com",
    "\0\x01",
    "\0\x10",
  ];
  const nearly = "\xab\xcd\x01\0\0\x01\0\0\0\0\0\0\x01a\x08examplex\x03com\0\0\x01\0\x01";
  const seeds = [question, options, nearly];
  let resolved = 0;
  for (let input = 0; input < inputs; input++) {
    const message = Buffer.from(random.mutate(random.pick(seeds), pieces, seeds), "latin1");
    const response = responder.respond(message);
    if (response === undefined) continue;
    assert.ok(response.length <= message.length + 16);
    assert.deepEqual(response.subarray(0, 2), message.subarray(0, 2));
    if (response.readUInt16BE(6) === 0) continue;
    resolved++;
    const questioned = message.toString("latin1", 12, 31).toLowerCase();
    assert.ok(
      questioned === "\x01a\x07example\x03com\0\0\x01\0\x01" || questioned === "\x01b\x07example\x03com\0\0\x01\0\x01",
      questioned,
    );
  }
  return resolved;
}

/** Names and ports: a parsed authority is a name and a port, and nothing else. */
export function fuzzAuthorities(inputs: number, seed: number): void {
  const random = new Random(seed);
  for (let input = 0; input < inputs; input++) {
    const text = random.mutate(random.pick(authorities), authorityPieces, authorities);
    const found = parseAuthority(text, 443);
    if (found === undefined) continue;
    assert.match(text, /^[A-Za-z0-9.-]+(:[0-9]+)?$/);
    assert.match(found.host, /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z-][a-z0-9-]*$/);
    assert.equal(`${found.host}:${found.port}`, text.includes(":") ? text.toLowerCase() : `${text.toLowerCase()}:443`);
  }
}

/** Responses in pieces of any size: secrets are masked, and nothing else changes. */
export async function fuzzMask(inputs: number, seed: number): Promise<void> {
  const random = new Random(seed);
  const secrets = ["aabaabaac", "aabaabaad", "secret-secret-x", "aabaabaac-more"];
  const named = secrets.map((value) => ({ domain: "a.example.com", name: "TOKEN", placeholder: "", value }));
  const mask = new ResponseMask(new SecretPatterns({ secrets: named }));
  for (let input = 0; input < inputs; input++) {
    const pieces = Array.from({ length: random.below(12) }, () =>
      random.pick([...secrets, "aab", "a", "secret-", "x", "-more", "\n"]),
    );
    const text = pieces.join("");
    const stream = mask.bodyStream();
    const out = new PassThrough({ highWaterMark: 1e6 });
    stream.pipe(out);
    for (let at = 0; at < text.length; ) {
      const size = 1 + random.below(6);
      stream.write(text.slice(at, at + size));
      at += size;
    }
    stream.end();
    const masked = Buffer.concat(await out.toArray()).toString("latin1");
    assert.equal(masked.length, text.length);
    assert.ok(!secrets.some((secret) => masked.includes(secret)), JSON.stringify(text));
    for (const [at, character] of [...masked].entries()) {
      if (character === text[at]) continue;
      const isPart = secrets.some(
        (secret) => text.lastIndexOf(secret, at) > at - secret.length && text.lastIndexOf(secret, at) >= 0,
      );
      assert.ok(character === "*" && isPart, `${JSON.stringify(text)} became ${JSON.stringify(masked)}`);
    }
  }
}

async function abreast(inputs: number, each: () => Promise<void>): Promise<void> {
  let left = inputs;
  const worker = async () => {
    while (left-- > 0) await each();
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}

// Milliseconds without a further byte: a response takes one or two, and on a busy machine a hundred. The gateway itself
// closes a rejected connection.
let quietMs = 300;

/** Sends all there is, waits until no more comes back, and closes. What the gateway said. */
async function finish(socket: Socket, bytes: string): Promise<string> {
  let response = "";
  const quiet = setTimeout(() => socket.destroy(), quietMs);
  socket.on("data", (chunk: Buffer) => {
    response += chunk.toString("latin1");
    quiet.refresh();
  });
  socket.write(Buffer.from(bytes, "latin1"));
  if (!socket.closed) await new Promise((resolve) => socket.once("close", resolve));
  clearTimeout(quiet);
  return response;
}

async function clientHello(): Promise<Buffer> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const client = connectSecure({ port, host: "127.0.0.1", servername: "a.example.com", ALPNProtocols: ["http/1.1"] });
  client.on("error", () => undefined);
  const [socket]: Socket[] = await once(server, "connection");
  if (socket === undefined) throw new Error("no connection");
  const [hello]: Buffer[] = await once(socket, "data");
  client.destroy();
  socket.destroy();
  server.close();
  return hello ?? Buffer.alloc(0);
}

/** With so few connections that one which is not given back is missed. */
export const fuzzLimits = { connections: 2 * atATime, tunnels: 2 * atATime, headMs: 3000, idleMs: 3000 };

async function main(inputs: number, seed: number): Promise<void> {
  quietMs = 40;
  const say = (text: string) => process.stdout.write(`${text}\n`);
  fuzzAuthorities(inputs, seed);
  say(`dns: ${fuzzDns(inputs, seed)} addresses resolved`);
  await fuzzMask(Math.ceil(inputs / 10), seed);
  const site = await Site.start(fuzzLimits);
  try {
    say(`requests: ${await fuzzRequests(site, Math.ceil(inputs / 2), seed)} arrived`);
    site.upstream.cut();
    say(`in a tunnel: ${await fuzzRequests(site, Math.ceil(inputs / 2), seed, "a.example.com")} arrived`);
    say(`CONNECT: ${await fuzzConnect(site, Math.ceil(inputs / 4), seed)} opened`);
    await fuzzHandshake(site, Math.ceil(inputs / 4), seed);
    assert.ok(site.gateway.isRunning);
    say(`seed ${seed}: no failure, peak memory ${Math.round(site.gateway.peakMegabytes)} MB`);
  } finally {
    await site.stop();
  }
}

if (require.main === module) {
  const [inputs = "1000000", seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
  main(Number(inputs), Number(seed)).catch((error: Error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  });
}

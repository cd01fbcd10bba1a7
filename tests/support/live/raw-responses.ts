import type { ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** Responses of a hostile upstream, which Node's own server would not send. */

const pauseMs = 250; // between parts that are to arrive by themselves
const filler = "-".repeat(2000);

/** A body that reflects a guess of a secret three times, with pauses: `?guess=…&framing=length` or another framing. */
function reflections({ searchParams }: URL): string[] {
  return Array<string>(3).fill(filler + searchParams.get("guess"));
}

async function dribble(parts: (string | Buffer)[], write: (part: string | Buffer) => void): Promise<void> {
  for (const part of parts) {
    write(part);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

export async function reflect(url: URL, response: ServerResponse): Promise<void> {
  const parts = reflections(url);
  if (url.searchParams.get("framing") === "length") response.setHeader("Content-Length", parts.join("").length);
  await dribble(parts, (part) => void response.write(part));
  response.end();
}

/** RFC 6455, section 5.2: all in one frame, whose first parts arrive before its end. */
export async function reflectFrame(url: URL, socket: Duplex): Promise<void> {
  const parts = reflections(url);
  const head = Buffer.from([0x81, 126, 0, 0]);
  head.writeUInt16BE(parts.join("").length, 2);
  await dribble([head, ...parts], (part) => void socket.write(part));
  socket.end();
}

/** Interim responses without end: `?status=103`. */
export function flood({ searchParams }: URL, socket: Duplex): void {
  const head = `HTTP/1.1 ${searchParams.get("status")} Interim\r\nLink: </a>\r\n\r\n`.repeat(1000);
  socket.on("error", () => undefined);
  // Through the event loop, which reports the end of a connection.
  const more = () => void (socket.destroyed || socket.write(head, () => setImmediate(more)));
  more();
}

const responses: Record<string, [first: string, later: string]> = {
  second: ["HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nspoiled"],
  "204": ["HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nspoiled"],
  "304": ["HTTP/1.1 304 Not Modified\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nspoiled"],
  body: ["HTTP/1.1 204 No Content\r\n\r\n", "spoiled"],
};

/** A response and surplus bytes, on a connection that stays open: `?how=204&ms=20`. */
export function spoil({ searchParams }: URL, socket: Duplex): void {
  const [first, later] = responses[searchParams.get("how") ?? ""] ?? ["", ""];
  const ms = Number(searchParams.get("ms"));
  if (ms === 0) socket.write(first + later);
  else socket.write(first, () => setTimeout(() => socket.destroyed || socket.write(later), ms));
}

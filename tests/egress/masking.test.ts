import assert from "node:assert/strict";
import type { Duplex } from "node:stream";
import { type Arrived, arrivals, dribble, frame, webSocketAnswer, webSocketHandshake } from "../support/egress/pieces";
import { type Site, useSite } from "../support/egress/site";

const value = "tok_0123456789abcdefGHIJ";
const secrets = [{ domain: "a.example", name: "TOKEN", placeholder: "placeholder-of-the-token", value }];
const filler = "-".repeat(2000);

/** How an answer of these parts is framed. */
type Framing = (site: Site, parts: string[]) => Promise<Arrived>;

function served(head: (parts: string[]) => string, each = (part: string) => part, last: string[] = []): Framing {
  return (site, parts) => {
    site.upstream.serve = (socket) => {
      const [first = "", ...more] = parts.map(each);
      socket.once("data", () => {
        dribble(socket, [`HTTP/1.1 200 OK\r\n${head(parts)}Connection: close\r\n\r\n${first}`, ...more, ...last], 120);
      });
    };
    return arrivals(site, "Connection: close\r\n");
  };
}

function webSocket(sent: (parts: string[]) => Buffer[]): Framing {
  return (site, parts) => {
    site.upstream.serve = undefined;
    site.upstream.onUpgrade = (request, socket: Duplex) => {
      socket.write(webSocketAnswer(request.headers["sec-websocket-key"]));
      dribble(socket, sent(parts), 120);
    };
    return arrivals(site, webSocketHandshake);
  };
}

const framings: Record<string, Framing> = {
  chunked: served(
    () => "Transfer-Encoding: chunked\r\n",
    (part) => `${part.length.toString(16)}\r\n${part}\r\n`,
    ["0\r\n\r\n"],
  ),
  "Content-Length": served((parts) => `Content-Length: ${parts.join("").length}\r\n`),
  "until the connection closes": served(() => ""),
  "WebSocket, a frame for each part": webSocket((parts) => parts.map((part) => frame(part))),
  "WebSocket, one frame": webSocket((parts) => {
    const whole = frame(parts.join(""));
    const cuts = parts.map((_part, index) => whole.length - parts.slice(index).join("").length);
    return cuts.map((cut, index) => whole.subarray(index === 0 ? 0 : cut, cuts[index + 1]));
  }),
};

describe("response masking", () => {
  const site = useSite({}, { secrets });

  describe("releases equal pieces at equal times for right and wrong guesses of a secret's beginning", function () {
    this.timeout(30_000);
    this.retries(2); // times on a busy machine
    for (const [name, framing] of Object.entries(framings)) {
      it(name, async () => {
        const seen: Arrived[] = [];
        for (const guess of [value.slice(0, 12), "Q".repeat(12), value.slice(0, 23), "Q".repeat(23)]) {
          seen.push(await framing(site(), [filler + guess, filler + guess, filler + guess]));
        }
        for (const [right, wrong] of [seen.slice(0, 2), seen.slice(2)]) {
          assert.deepEqual(
            right?.pieces.map(({ length }) => length),
            wrong?.pieces.map(({ length }) => length),
          );
          for (const [index, { ms }] of (right?.pieces ?? []).entries()) {
            assert.ok(Math.abs(ms - (wrong?.pieces[index]?.ms ?? 0)) < 60, `piece ${index} at ${ms} ms`);
          }
        }
      });
    }
  });
});

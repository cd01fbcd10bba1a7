import assert from "node:assert/strict";
import { once } from "node:events";
import { useSite } from "../support/egress/site";
import { say, ways } from "../support/egress/speak";
import { agreement, frame, handshakeFields } from "../support/egress/websocket";

const way = "TLS, by the proxy";
const opening = (fields = handshakeFields) =>
  `GET / HTTP/1.1\r\nHost: a.example.com\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${fields}\r\n\r\n`;

describe("a WebSocket", () => {
  const site = useSite();

  const handshakes: Record<string, [fields: string, status: number]> = {
    "no key": ["Sec-WebSocket-Version: 13", 400],
    "a short key": ["Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==", 400],
    "no version": ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", 426],
    "another version": ["Sec-WebSocket-Version: 8\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", 426],
  };
  for (const [what, [fields, status]] of Object.entries(handshakes)) {
    it(`is rejected for a client with ${what}`, async () => {
      const response = await say(await ways[way](site(), "a.example.com"), opening(fields));
      assert.match(response, new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.equal(site().upstream.received, "");
    });
  }

  for (const [what, accept] of [
    ["no accept", ""],
    ["a wrong accept", "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n"],
  ]) {
    it(`does not open when the upstream sends 101 with ${what}, and no second request reaches it`, async () => {
      site().upstream.onUpgrade = (_request, socket) => {
        socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${accept}\r\n`);
      };
      const smuggled = "GET /smuggled HTTP/1.1\r\nHost: b.example.com\r\n\r\n";
      const response = await say(await ways[way](site(), "a.example.com"), opening() + smuggled);
      assert.match(response, /^HTTP\/1\.1 502 .*OC6042: .*a\.example\.com sent 101 without accepting/);
      assert.doesNotMatch(site().upstream.received, /smuggled/);
    });
  }

  const noFrames: Record<string, string> = {
    "a request": "GET /smuggled HTTP/1.1\r\nHost: b.example.com\r\n\r\n",
    "a frame without a mask": frame("smuggled", false),
    "a reserved bit": "\xc1\x88\0\0\0\0smuggled",
    "an unknown opcode": "\x83\x88\0\0\0\0smuggled",
    "a length in a longer form": "\x81\xfe\0\x08\0\0\0\0smuggled",
    "a control frame in parts": "\x09\x88\0\0\0\0smuggled",
    "the continuation of nothing": "\x80\x88\0\0\0\0smuggled",
  };
  for (const [what, bytes] of Object.entries(noFrames)) {
    it(`is closed at the first invalid frame of its client: ${what}`, async () => {
      const from = site().gateway.lines.length;
      site().upstream.onUpgrade = (request, socket) => socket.write(agreement(request)) && socket.resume();
      const socket = await ways[way](site(), "a.example.com");
      socket.write(opening());
      await once(socket, "data");
      await say(socket, bytes);
      assert.doesNotMatch(site().upstream.received, /smuggled/);
      const line = await site().gateway.line(({ status }) => status === 101, from);
      assert.match(String(line["reason"]), /^OC6028: broken off: invalid WebSocket frame \(/);
    });
  }

  it("is closed when its upstream sends an HTTP response instead of frames", async () => {
    site().upstream.onUpgrade = (request, socket) => {
      socket.write(agreement(request));
      setTimeout(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled"), 50);
    };
    const response = await say(await ways[way](site(), "a.example.com"), opening());
    assert.match(response, /^HTTP\/1\.1 101 /);
    assert.doesNotMatch(response, /smuggled/);
  });

  it("forwards frames of each length, in pieces of any size", async () => {
    let received = 0;
    site().upstream.onUpgrade = (request, socket) => {
      socket.write(agreement(request));
      socket.on("data", (chunk: Buffer) => {
        received += chunk.length;
      });
    };
    const socket = await ways[way](site(), "a.example.com");
    socket.write(opening());
    await once(socket, "data");
    const mask = "\0\0\0\0";
    const frames = Buffer.from(
      `${frame("short", true)}\x02\xfe\x01\0${mask}${"x".repeat(256)}\x89\x80${mask}\x80\xff\0\0\0\0\0\x01\0\0${mask}${"x".repeat(65_536)}`,
      "latin1",
    );
    for (let at = 0; at < 300; at++) socket.write(frames.subarray(at, at + 1));
    socket.write(frames.subarray(300));
    for (const end = Date.now() + 60_000; received < frames.length && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(received, frames.length);
    socket.destroy();
  });
});

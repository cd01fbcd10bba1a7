import { connect } from "node:net";
import { connect as connectSecure } from "node:tls";

/**
 * A program in a sandbox that records the pieces of a response: `node pieces.js PROXY NAME PATH HEADERS`. Prints the length
 * and time of each as JSON, and whether the response holds asterisks.
 */

const together = 100; // ms within which bytes count as one piece: bytes of one write may arrive as several

function main([proxy = "", name = "", path = "", headers = "{}"]: string[]): void {
  const socket = connect(3128, proxy, () => socket.write(`CONNECT ${name}:443 HTTP/1.1\r\nHost: ${name}:443\r\n\r\n`));
  socket.once("data", () => {
    const secure = connectSecure({ socket, servername: name, ALPNProtocols: ["http/1.1"], rejectUnauthorized: false });
    const pieces: { length: number; ms: number }[] = [];
    let text = "";
    const began = performance.now();
    secure.on("data", (chunk: Buffer) => {
      text += chunk.toString("latin1");
      const ms = performance.now() - began;
      const last = pieces.at(-1);
      if (last && ms - last.ms < together) last.length += chunk.length;
      else pieces.push({ length: chunk.length, ms });
    });
    secure.on("error", () => undefined);
    secure.once("close", () => {
      const status = text.slice(9, 12);
      process.stdout.write(JSON.stringify({ pieces, status, isMasked: /\*{4}/.test(text) }), () => process.exit(0));
    });
    const lines = Object.entries<string>(JSON.parse(headers)).map(([key, value]) => `${key}: ${value}\r\n`);
    secure.write(`GET ${path} HTTP/1.1\r\nHost: ${name}\r\n${lines.join("")}\r\n`);
    secure.once("end", () => secure.end());
  });
}

main(process.argv.slice(2));

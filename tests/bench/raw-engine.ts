import { request } from "node:http";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";

/** An engine spoken to by nothing but HTTP on its socket: the floor for whatever asks it something. */
export class RawEngine {
  constructor(private readonly socketPath: string) {}

  /** @returns what it answers */
  call(method: string, path: string, body?: object | Buffer): Promise<string> {
    const isTar = Buffer.isBuffer(body);
    const headers = body ? { "content-type": isTar ? "application/x-tar" : "application/json" } : {};
    return new Promise((resolve, reject) => {
      const { socketPath } = this;
      const sent = request({ socketPath, method, path: `/v1.41${path}`, headers }, (answer) => {
        text(answer).then(
          (said) => ((answer.statusCode ?? 500) < 400 ? resolve(said) : reject(new Error(said))),
          reject,
        );
      });
      sent.on("error", reject);
      sent.end(isTar ? body : body && JSON.stringify(body));
    });
  }

  /** Types into a container, and waits until it has printed something. */
  type(container: string, line: string, until: string): Promise<void> {
    const path = `/v1.41/containers/${container}/attach?stream=1&stdin=1&stdout=1`;
    const headers = { Connection: "Upgrade", Upgrade: "tcp" };
    return new Promise((resolve, reject) => {
      const asking = request({ socketPath: this.socketPath, method: "POST", path, headers });
      asking.once("error", reject).once("upgrade", (_answer, stream: Duplex) => {
        let said = "";
        stream.on("data", (chunk: Buffer) => {
          said += String(chunk);
          if (!said.includes(until)) return;
          stream.destroy();
          resolve();
        });
        stream.write(line);
      });
      asking.end();
    });
  }
}

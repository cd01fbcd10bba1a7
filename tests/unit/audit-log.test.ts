import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { auditLog } from "../../provider/backends/docker/allowlist/gateway/audit-log";
import { engineWith } from "../support/engine-with";

describe("auditLog", () => {
  const line = (domain: string) =>
    JSON.stringify({ time: "t", via: "dns", domain, decision: "denied", reason: "", bytesUp: 1, bytesDown: 2 });
  /** The domains of a log with this output, which an engine sends in frames, cut into pieces of this size in bytes. */
  const read = async (texts: string[], size: number) => {
    const frames = texts.map((text) => {
      const head = Buffer.from([1, 0, 0, 0, 0, 0, 0, 0]);
      head.writeUInt32BE(Buffer.byteLength(text), 4);
      return Buffer.concat([head, Buffer.from(text)]);
    });
    const bytes = Buffer.concat(frames);
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    const dial = (_: unknown, done: (error: null, result: Readable) => void) => done(null, Readable.from(pieces));
    const domains: (string | undefined)[] = [];
    for await (const { domain } of auditLog(engineWith({ modem: { dial } }), "cntr_1")) domains.push(domain);
    return domains;
  };

  it("reads every line, wherever the stream is cut", async () => {
    const texts = [
      `${line("a.example.com")}\n`,
      line("b.example.com").slice(0, 20),
      `${line("b.example.com").slice(20)}\n`,
    ];
    for (const size of [1, 7, 8, 9, 1000])
      assert.deepEqual(await read(texts, size), ["a.example.com", "b.example.com"]);
    assert.deepEqual(await read([], 1), []);
  });

  it("skips lines that are not a gateway's", async () => {
    const odd = ["{", "Warning: x", '{"time":"t"}', '{"time":1,"event":"ready"}', "null", "", '{"time":"t","via":'];
    const texts = [...odd.map((text) => `${text}\n`), `${line("a.example.com")}\n`, line("torn").slice(0, 30)];
    assert.deepEqual(await read(texts, 50), ["a.example.com"]);
  });
});

import assert from "node:assert/strict";
import { printed } from "../../provider/backends/docker/engine/log-frames";

describe("printed", () => {
  const frame = (text: string, stream = 1) => {
    const bytes = Buffer.from(text);
    const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(bytes.length, 4);
    return Buffer.concat([head, bytes]);
  };

  it("returns a container's output without an engine's frames of any length", () => {
    // 52 and 65 as lengths would show as "4" and "A".
    const texts = ["x".repeat(52), "é".repeat(65), "", "port 443\n"];
    assert.equal(printed(Buffer.concat(texts.map((text, at) => frame(text, 1 + (at % 2))))), texts.join(""));
    assert.equal(printed(Buffer.alloc(0)), "");
    assert.equal(printed(frame("torn").subarray(0, 10)), "to");
  });
});

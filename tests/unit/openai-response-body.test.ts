import assert from "node:assert/strict";
import { chunksOf, exactly } from "../../provider/backends/openai/response-body";

/** A response that sends one chunk and then nothing more, and settles `cancelled` when nobody reads it any longer. */
function stalling() {
  let cancel: () => void;
  const cancelled = new Promise<void>((resolve) => {
    cancel = resolve;
  });
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(Buffer.from("abc")),
    cancel: () => cancel(),
  });
  return { response: new Response(body), cancelled };
}

describe("the body of a download", () => {
  it("fails where no data comes for too long, says after how many bytes, and closes the connection", async () => {
    const { response, cancelled } = stalling();
    const chunks = exactly(5, chunksOf(response, 20), "file file-1");
    assert.equal((await chunks.next()).value?.length, 3);
    await assert.rejects(
      chunks.next(),
      /OC2142: The download of file file-1 broke off after 3 of 5 bytes: no data for 0\.02 s\. Run the same/,
    );
    await cancelled;
  });

  it("closes the connection where its reader stops early", async () => {
    const { response, cancelled } = stalling();
    const chunks = exactly(5, chunksOf(response, 60_000), "file file-1");
    await chunks.next();
    await chunks.return(undefined);
    await cancelled;
  });

  it("is not read beyond the bytes that were announced", async () => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 1;
        if (sent > 100) controller.close();
        else controller.enqueue(Buffer.from("abc"));
      },
    });
    let received = 0;
    const read = async () => {
      for await (const chunk of exactly(5, chunksOf(new Response(body), 60_000), "file file-1"))
        received += chunk.length;
    };
    await assert.rejects(read, /OC2141: The API announced 5 bytes of file file-1, and sent more\. /);
    assert.equal(received, 3);
    assert.ok(sent < 10, `${sent} chunks were read`);
  });

  it("does not count the time that its reader takes", async () => {
    const parts = ["a", "b"].map((text) => Buffer.from(text));
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const next = parts.shift();
        if (next) controller.enqueue(next);
        else controller.close();
      },
    });
    const seen: string[] = [];
    for await (const chunk of chunksOf(new Response(body), 30)) {
      seen.push(Buffer.from(chunk).toString());
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    assert.deepEqual(seen, ["a", "b"]);
  });
});

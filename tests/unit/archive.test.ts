import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { archiveOf, archiveStream, type StreamedEntry } from "../../provider/backends/docker/engine/archive";

describe("archiveOf", () => {
  it("packs what GNU tar lists: owners, modes, sizes, folders and FIFOs", async () => {
    const archive = await archiveOf(
      [
        ["gateway/main.js", "héllo"],
        ["empty", Buffer.alloc(0)],
      ],
      [
        { name: "gateway", type: "directory", mode: 0o755, uid: 65_534, gid: 65_534 },
        { name: "lifeline", type: "fifo", mode: 0o666 },
      ],
    );
    const listed = execFileSync("tar", ["--list", "--verbose", "--numeric-owner"], {
      input: archive,
      encoding: "utf8",
    });
    assert.deepEqual(
      listed
        .trim()
        .split("\n")
        .map((line) => line.replace(/\S+ \S+(?= \S+$)/, "").split(/\s+/)),
      [
        ["drwxr-xr-x", "65534/65534", "0", "gateway"],
        ["prw-rw-rw-", "0/0", "0", "lifeline"],
        ["-r--r--r--", "0/0", "6", "gateway/main.js"],
        ["-r--r--r--", "0/0", "0", "empty"],
      ],
    );
  });

  it("keeps each byte of a file of any length", async () => {
    const folder = mkdtempSync(join(tmpdir(), "archive-"));
    try {
      const contents = [0, 1, 511, 512, 513, 70_000].map((size) =>
        Buffer.from(Array.from({ length: size }, (_, at) => at % 251)),
      );
      execFileSync("tar", ["--extract", "--directory", folder], {
        input: await archiveOf(contents.map((content) => [`${content.length}`, content])),
      });
      for (const content of contents) assert.deepEqual(readFileSync(join(folder, `${content.length}`)), content);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("archiveStream", () => {
  const ignored = () => {};

  it("packs the same as archiveOf, whatever the pieces of a content are, and counts the bytes that were read", async () => {
    const header = { name: "file", mode: 0o444 };
    const content = Buffer.from("héllo");
    const entries = [{ ...header, size: 6, content: [content.subarray(0, 2), content.subarray(2)] }];
    let sent = 0;
    const streamed = await buffer(archiveStream(entries, (bytes) => (sent += bytes)));
    assert.deepEqual(streamed.subarray(512), (await archiveOf([["file", content]])).subarray(512)); // the header has the time
    assert.equal(sent, streamed.length);
  });

  it("reads no more of a content than it buffers while nobody takes it, and stops reading once it is destroyed", async () => {
    let read = 0;
    let isClosed: (value: unknown) => void = ignored;
    const closed = new Promise((resolve) => (isClosed = resolve));
    function* pieces() {
      try {
        for (; read < 1e9; read += 1e5) yield Buffer.alloc(1e5);
      } finally {
        isClosed(undefined);
      }
    }
    const archive = archiveStream([{ name: "file", size: 1e9, content: pieces() }], ignored);
    await new Promise((resolve) => archive.once("readable", resolve));
    for (let before = -1; before !== read; await new Promise(setImmediate)) before = read;
    assert.ok(read < 20e6, `${read} bytes were read`);
    archive.destroy();
    await closed;
  });

  const errors: [what: string, entries: () => Iterable<StreamedEntry>][] = [
    [
      "an entry",
      function* () {
        yield { name: "a", type: "directory" };
        throw new Error("broken");
      },
    ],
    [
      "a content",
      () => [
        {
          name: "a",
          size: 5,
          content: (function* () {
            yield Buffer.from("ab");
            throw new Error("broken");
          })(),
        },
      ],
    ],
  ];
  for (const [what, entries] of errors) {
    it(`fails with the error of ${what}`, () =>
      assert.rejects(buffer(archiveStream(entries(), ignored)), { message: "broken" }));
  }

  for (const [what, size] of [
    ["longer", 1],
    ["shorter", 3],
  ] as const) {
    it(`fails where a content is ${what} than announced`, async () => {
      await assert.rejects(buffer(archiveStream([{ name: "a", size, content: [Buffer.from("ab")] }], ignored)), Error);
    });
  }
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { BackendError, PartialCreateError, UnreachableError } from "../../provider/backends/backend";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { connect, type Engine } from "../../provider/backends/docker/engine/engine";
import { defaultTimeouts } from "../../provider/backends/docker/engine/request-timeouts";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, inside, sandboxArgs } from "../support/docker";
import { FaultyEngine } from "../support/faulty-engine";
import { silent } from "../support/silent";
import { type StubFile, stubAccount } from "../support/stub-account";

const piece = Buffer.alloc(1 << 16, "x");

/** A file of so many pieces. */
function fileOf(count: number, beforeEach: (at: number) => Promise<void> | void = () => {}): StubFile {
  async function* pieces() {
    for (let at = 0; at < count; at += 1) {
      await beforeEach(at);
      yield piece;
    }
  }
  return { name: "large.bin", content: { bytes: count * piece.length, pieces } };
}

describe("the files of a sandbox on Docker", () => {
  const prefix = `f${randomBytes(4).toString("hex")}`;
  const timeoutMs = 2_500; // longer than an engine that works takes here
  let host: Engine;
  let faulty: FaultyEngine;
  let hasty: Engine;

  before(async () => {
    host = await engine();
    faulty = await new FaultyEngine(host.address.replace("unix://", "")).start();
    const settings = dockerSettings(settingSources({ DOCKER_HOST: faulty.host }));
    hasty = await connect(settings, { ...defaultTimeouts, read: timeoutMs, write: timeoutMs });
  });
  after(() => faulty?.stop());
  afterEach(async () => {
    faulty.fault = () => undefined;
    await assertNothingLeft(host.client, prefix);
  });

  function create(files: Record<string, StubFile>, on = host, report = silent, context = named) {
    const backend = new DockerBackend(on, { openAccount: stubAccount(files) });
    return backend.create(sandboxArgs(prefix, { fileIds: Object.keys(files) }), report, context);
  }

  /** Runs a command in a sandbox with these files, and removes it. */
  async function printedWith(files: Record<string, StubFile>, command: string, on = host): Promise<string> {
    const { id } = await create(files, on);
    try {
      return (await inside(host.client, id, command)).text;
    } finally {
      await new DockerBackend(host).delete(id);
    }
  }

  const copies = (request: string) => /^PUT .*path=%2Fmnt/.test(request);
  const fails = (test: (error: Error) => boolean) => (error: unknown) => error instanceof Error && test(error);

  it("are in /mnt/data by the API's naming, with their content, and belong to the sandbox's user", async () => {
    const files = {
      "file-1": { name: "notes.txt", content: Buffer.from("one") },
      "file-2": { name: "notes.txt", content: Buffer.from("two") },
      "file-3": { name: "../../etc/a\nb\\c", content: Buffer.alloc(0) },
    };
    const list = 'for f in *; do stat -c \'%u %a %n\' "$f"; cat "$f"; echo; done; rm *notes.txt; ls | wc -l';
    assert.deepEqual((await printedWith(files, list)).split("\n"), [
      "65534 644 69453e62c1eea568938af2cf8c1dca92-notes.txt",
      "two",
      "65534 644 97699a2532d13b683a17e446d016e7a1-.._.._etc_a_b_c",
      "",
      "65534 644 c2bb3ccfff6a5dec63bfc98b37438bd1-notes.txt",
      "one",
      "1",
    ]);
  });

  it("are requested one after the other, each when the one before is copied", async () => {
    let open = 0;
    const one = fileOf(3, (at) => {
      if (at === 0) open += 1;
      assert.equal(open, 1);
      if (at === 2) open -= 1;
    });
    assert.equal(await printedWith({ a: one, b: one, c: one }, "ls | wc -l"), "3");
  });

  it("fail a create before anything is created where the account has not all of them", async () => {
    faulty.fault = (request) => (/^(POST|PUT)/.test(request) ? assert.fail(request) : undefined);
    const backend = new DockerBackend(hasty, { openAccount: stubAccount({ "file-1": fileOf(1) }) });
    const context = { ...named, announce: () => assert.fail("announced") };
    const created = backend.create(sandboxArgs(prefix, { fileIds: ["file-1", "file-2"] }), silent, context);
    await assert.rejects(
      created,
      fails(({ message }) => message.startsWith("OC2137: The account has no file-2")),
    );
  });

  it("fail a create with their own error where they cannot be read to their end, and nothing is left", async () => {
    const broken = new BackendError("OC2142", "The download of file a broke off", "Run the same command again");
    const file = fileOf(100, (at) => {
      if (at === 50) throw broken;
    });
    await assert.rejects(create({ a: file }), (error) => error === broken);
  });

  it("fail a create where the connection to the engine breaks in the middle of one, and nothing is left", async () => {
    const file = fileOf(1_000, async (at) => {
      if (at === 500) faulty.cut();
    });
    await assert.rejects(create({ a: file }, hasty), UnreachableError);
  });

  it("fail a create where the engine's disk is full, and nothing is left", async () => {
    const message = "write /mnt/data/x: no space left on device";
    faulty.fault = (request) => (copies(request) ? { status: 500, message } : undefined);
    await assert.rejects(
      create({ a: fileOf(1_000) }, hasty),
      fails((error) => error.message.startsWith("OC2214: ")),
    );
  });

  it("fail a create at the timeout where the engine takes no more of them, and nothing is left", async () => {
    faulty.fault = (request) => (copies(request) ? "body not read" : undefined);
    await assert.rejects(
      create({ a: fileOf(1_000) }, hasty),
      fails(({ message }) => message.startsWith("OC2205: ")),
    );
  });

  it("are not subject to the timeout as long as the engine takes more of them, which is reported", async () => {
    const shown: string[] = [];
    const report = { ...silent, progress: (text: string) => void shown.push(text) };
    const { id } = await create({ a: fileOf(8, () => sleep(timeoutMs / 4)) }, hasty, report);
    await new DockerBackend(host).delete(id);
    assert.match(shown.at(-1) ?? "", /^copying files: 0\.\d of 0\.5 MB$/);
  });

  it("are not subject to the engine's timeout while the API does not send them, and the engine is not blamed", async () => {
    const shown: string[] = [];
    const report = { ...silent, progress: (text: string) => void shown.push(text) };
    const file = { name: "a", content: Buffer.from("a"), requested: () => sleep(timeoutMs * 1.5) };
    const { id } = await create({ a: file }, hasty, report);
    await new DockerBackend(host).delete(id);
    assert.equal(shown[0], `copying files to the Docker engine at ${faulty.host}`);
    assert.ok(!shown.join().includes("waiting for the Docker engine"));
  });

  it("fail a create with their own error where the API does not send them for longer than the engine's timeout", async () => {
    const late = new BackendError("OC2107", "The API did not send file a", "Run the same command again");
    const requested = () => sleep(timeoutMs * 1.5).then(() => Promise.reject(late));
    await assert.rejects(
      create({ a: { name: "a", content: Buffer.from("a"), requested } }, hasty),
      (error) => error === late,
    );
  });

  it("are no longer requested where the connection to the engine breaks before the API sends them", async () => {
    let isAborted = false;
    const requested = (until: AbortSignal) =>
      new Promise<void>((_, reject) => {
        until.addEventListener("abort", () => {
          isAborted = true;
          reject(new Error("aborted"));
        });
        setImmediate(() => faulty.cut());
      });
    await assert.rejects(create({ a: { name: "a", content: Buffer.from("a"), requested } }, hasty), UnreachableError);
    assert.ok(isAborted);
  });

  it("stop being read where the create has failed", async () => {
    let isClosed = false;
    async function* pieces() {
      try {
        for (;;) yield piece;
      } finally {
        isClosed = true;
      }
    }
    faulty.fault = (request) => (copies(request) ? { status: 500, message: "broken" } : undefined);
    await assert.rejects(create({ a: { name: "a", content: { bytes: 1e9, pieces } } }, hasty));
    assert.ok(isClosed);
  });

  it("are copied by the repair of a sandbox whose create failed in the middle of them and could not be undone", async () => {
    const broken = new BackendError("OC2142", "The download of file b broke off", "Run the same command again");
    const files = {
      a: { name: "a.txt", content: Buffer.from("a") },
      b: fileOf(100, (at) => {
        if (at === 50) throw broken;
      }),
    };
    faulty.fault = (request) => (request.startsWith("DELETE") ? { status: 500, message: "broken" } : undefined);
    const failed: unknown = await create(files, hasty).catch((error: unknown) => error);
    assert.ok(failed instanceof PartialCreateError);
    const id = failed.containerId;
    const whole = { ...files, b: { name: "large.bin", content: Buffer.from("b") } };
    const backend = new DockerBackend(host, { openAccount: stubAccount(whole) });
    try {
      assert.equal((await backend.repair(id, { fileIds: ["a", "b"] }, silent)).status, "running");
      assert.equal((await inside(host.client, id, "cat *")).text.split("").sort().join(""), "ab");

      // A sandbox that ran keeps its files as they are, and nothing is fetched for it.
      await inside(host.client, id, "rm *a.txt; echo c > c");
      await host.client.getContainer(id).kill();
      await host.client.getContainer(id).wait();
      await new DockerBackend(host).repair(id, { fileIds: ["a", "b"] }, silent);
      assert.equal((await inside(host.client, id, "cat *")).text, "bc");
    } finally {
      await backend.delete(id);
    }
  });
});

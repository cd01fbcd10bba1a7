import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { processMark } from "../../provider/lifecycle/journal/process-mark";
import { key } from "../support/hosted";
import { isWhole, onEachBackend, onHosted, withTrial } from "../support/on-backends";
import { dockerTestBackend } from "../support/test-backend";

const token = "ghp_notToBeSeenAnywhere0123456789";
const record = z.record(z.string(), z.unknown());

describe("the journal", () => {
  onEachBackend("keeps the entries and containers of a run in progress", "none", async (trial) => {
    const [left = ""] = await trial.program(["one"]).killUp(1);
    const engine = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
    try {
      const address = engine.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const [file = ""] = trial.journalFiles();
      const entry = record.parse(JSON.parse(readFileSync(file, "utf8")));
      const run = { engine: `127.0.0.1:${port}`, process: processMark(process.pid) };
      writeFileSync(file, JSON.stringify({ ...entry, ...run }));
      await trial.up();
      assert.deepEqual(trial.journalFiles(), [file]);
      const there = await trial.inventory();
      assert.deepEqual([there.length, there.includes(left)], [2, true]);
    } finally {
      await new Promise((resolve) => engine.close(resolve));
    }
    await trial.up("--replace", trial.stack.container().urn);
    await trial.assertSettled(1);
  });

  onEachBackend(
    "is cleared although another process listens at the address of the killed run's engine",
    "none",
    async (trial) => {
      const left = await trial.program(["one"]).killUp(1);
      const other = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
      await once(other, "listening");
      try {
        const address = other.address();
        const port = typeof address === "object" ? address?.port : undefined;
        const [file = ""] = trial.journalFiles();
        const entry = record.parse(JSON.parse(readFileSync(file, "utf8")));
        writeFileSync(file, JSON.stringify({ ...entry, engine: `127.0.0.1:${port}` }));
        await trial.up();
        assert.notDeepEqual(await trial.assertSettled(1), left);
      } finally {
        other.close();
      }
    },
  );

  onEachBackend(
    "fails no command where it cannot be read or written, and a warning says so",
    "hosted",
    async (trial) => {
      trial.deleteJournal();
      mkdirSync(join(trial.journal, ".."), { recursive: true });
      writeFileSync(trial.journal, ""); // a file in place of the folder fails for root too
      assert.match(
        await trial.program(["one"]).up(),
        /warning: OC2018: cannot write the journal in \S+ \((EEXIST|ENOTDIR)/,
      );
      assert.match(await trial.up(), /warning: OC2019: cannot read the journal in \S+ \(ENOTDIR/);
      await trial.ok("refresh", "--yes", "--skip-preview");
      await trial.ok("destroy", "--yes", "--skip-preview");
      rmSync(trial.journal);
      mkdirSync(trial.journal);
      await trial.assertSettled(0);
    },
  );

  onHosted(
    "keeps the entry of a possible orphan in another account, with a warning that names the account",
    "none",
    async (trial, { emulator }) => {
      const left = await trial.program(["one"]).killUp(1);
      const written = trial.journalFiles();

      const elsewhere = trial.beside({ OPENAI_PROJECT_ID: "proj_2" }, trial.stack.folder);
      assert.match(
        await elsewhere.up(),
        /warning: a container "\S+" of an interrupted run may be orphaned at openai:http:\/\/127\.0\.0\.1:\d+\/v1: .*--forget [0-9a-f]{16}\n/,
      );
      assert.deepEqual([await trial.inventory(), trial.journalFiles()], [left, written]);
      assert.equal(emulator.containers("-/proj_2").length, 1);
      await elsewhere.ok("destroy", "--yes", "--skip-preview");

      await trial.up();
      assert.notDeepEqual(await trial.assertSettled(1), left);
    },
  );

  onHosted("has no secret, is readable by its user only, and ignores incomplete files", "sampled", async (trial) => {
    const torn = ["0123456789abcdef.json", "0123456789abcdef.json.new"].map((name) => join(trial.journal, name));
    for (const file of torn) writeFileSync(file, '{ "urn": "urn:pul', { mode: 0o600 });
    const policy = `{ type: "allowlist", allowedDomains: ["a.example.com"], domainSecrets: [{ domain: "a.example.com", name: "TOKEN", value: pulumi.secret("${token}") }] }`;
    trial.program(["one", "two"], `networkPolicy: ${policy}`).backend.delayCreates(1_500, true);
    const going = trial.startUp();
    await trial.begun(2, going);
    const files = trial.journalFiles().filter((file) => !torn.includes(file));
    assert.equal(files.length, 2);
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      assert.match(text, /"urn": "urn:pulumi:dev::/);
      assert.doesNotMatch(text, new RegExp(`${token}|${key}|TOKEN|a\\.example\\.com`));
      assert.equal(statSync(file).mode & 0o777, 0o600);
    }
    const { code, text } = await going.ended;
    assert.equal(code, 0, text);
    assert.deepEqual(trial.journalFiles().sort(), torn);
  });

  onHosted("is created in a folder that only its user can enter", "none", async (trial) => {
    trial.deleteJournal();
    await trial.program(["one"]).up();
    assert.equal(statSync(trial.journal).mode & 0o777, 0o700);
    await trial.assertSettled(1);
  });

  onHosted(
    "keeps the entry of a create whose response and lists were lost, and the next up removes its container",
    "none",
    async (trial, { emulator }) => {
      emulator.fault({ method: "POST", answer: "cut", afterWork: true });
      emulator.fault({ method: "GET", path: "/v1/containers", answer: { status: 500 }, times: 1_000 });
      const { code, text } = await trial.program(["one"]).startUp().ended;
      assert.notEqual(code, 0);
      assert.match(text, /OC2123: It is unknown whether the container "\S+" was created/);
      const left = await trial.inventory();
      assert.deepEqual([left.length, trial.journalFiles().length], [1, 1]);

      emulator.clearFaults();
      await trial.up();
      assert.notDeepEqual(await trial.assertSettled(1), left);
    },
  );

  onHosted(
    "keeps an entry of the possible orphan of a lost create although a second request succeeded",
    "none",
    async (trial, { emulator }) => {
      const nothing = { object: "list", data: [], first_id: null, last_id: null, has_more: false };
      emulator.fault({ method: "POST", answer: "cut", afterWork: true });
      emulator.fault({ method: "GET", path: "/v1/containers", answer: { status: 200, body: nothing }, times: 1_000 });
      await trial.program(["one"]).up();
      const [id = ""] = trial.inState();
      assert.deepEqual([(await trial.inventory()).length, trial.journalFiles().length], [2, 1]);

      emulator.clearFaults();
      const { urn } = trial.stack.container();
      assert.match(
        await trial.up(),
        new RegExp(`a container "\\S+" besides ${id} of an interrupted run may be orphaned`),
      );
      await trial.up("--replace", urn);
      await trial.assertSettled(1);
    },
  );

  if (isWhole) {
    it("has the time of the create request, and not that of the image pull before it (docker)", () =>
      withTrial(dockerTestBackend, async (trial, { faulty }) => {
        faulty.fault = (request) => {
          if (/^GET \/images\/.*\/json/.test(request)) return { delayMs: 11_000, afterWork: false };
          return request.startsWith("POST /containers/create") ? { delayMs: 6_000, afterWork: false } : undefined;
        };
        const going = trial.program(["one"]).startUp();
        await trial.begun(1, going);
        const [file = ""] = trial.journalFiles();
        while (!readFileSync(file, "utf8").includes('"id"')) await sleep(50);
        going.killTree();
        await going.ended;
        trial.backend.removeDelays();
        trial.stack.release();
        await trial.up();
        await sleep(6_000); // by then the engine has created the killed run's container
        await trial.assertSettled(1);
      }));
  }
});

import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { z } from "zod";
import { key } from "../support/hosted";
import { onHosted, onPlaces } from "../support/on-places";

const token = "ghp_notToBeSeenAnywhere0123456789";
const record = z.record(z.string(), z.unknown());

describe("the journal", function () {
  this.timeout(240_000);

  onPlaces("leaves alone what belongs to a run that still goes on", "none", async (trial) => {
    const [left = ""] = await trial.program(["one"]).killUp(1);
    const engine = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => engine.listen(0, "127.0.0.1", resolve));
    try {
      const address = engine.address();
      const port = typeof address === "object" ? address?.port : undefined;
      const [file = ""] = trial.written();
      const entry = record.parse(JSON.parse(readFileSync(file, "utf8")));
      writeFileSync(file, JSON.stringify({ ...entry, engine: `127.0.0.1:${port}` }));
      await trial.up();
      assert.deepEqual(trial.written(), [file]);
      const there = await trial.inventory();
      assert.deepEqual([there.length, there.includes(left)], [2, true]);
    } finally {
      await new Promise((resolve) => engine.close(resolve));
    }
    await trial.up("--replace", (await trial.stack.container()).urn);
    await trial.assertSettled(1);
  });

  onHosted("keeps what may be left in another account, and names that", "none", async (trial, { double }) => {
    const left = await trial.program(["one"]).killUp(1);
    const written = trial.written();

    const elsewhere = trial.beside({ OPENAI_PROJECT_ID: "proj_2" }, trial.stack.folder);
    assert.match(
      await elsewhere.up(),
      /warning: a container "\S+" of an interrupted run may be orphaned at openai:http:\/\/127\.0\.0\.1:\d+\/v1\n/,
    );
    assert.deepEqual([await trial.inventory(), trial.written()], [left, written]);
    assert.equal(double.containers("-/proj_2").length, 1);
    await elsewhere.ok("destroy", "--yes", "--skip-preview");

    await trial.up();
    assert.notDeepEqual(await trial.assertSettled(1), left);
  });

  onHosted("holds no secret, is nobody else's to read, and passes over what is torn", "sampled", async (trial) => {
    const torn = ["0123456789abcdef.json", "0123456789abcdef.json.new"].map((name) => join(trial.journal, name));
    for (const file of torn) writeFileSync(file, '{ "urn": "urn:pul', { mode: 0o600 });
    const policy = `{ type: "allowlist", allowedDomains: ["a.example"], domainSecrets: [{ domain: "a.example", name: "TOKEN", value: pulumi.secret("${token}") }] }`;
    trial.program(["one", "two"], `networkPolicy: ${policy}`).place.slow(1_500, true);
    const going = trial.startUp();
    await trial.begun(2, going);
    const files = trial.written().filter((file) => !torn.includes(file));
    assert.equal(files.length, 2);
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      assert.match(text, /"urn": "urn:pulumi:dev::/);
      assert.doesNotMatch(text, new RegExp(`${token}|${key}|TOKEN|a\\.example`));
      assert.equal(statSync(file).mode & 0o777, 0o600);
    }
    const { code, text } = await going.ended;
    assert.equal(code, 0, text);
    assert.deepEqual(trial.written().sort(), torn);
  });

  onHosted("is made where nobody but its user can look", "none", async (trial) => {
    trial.forgetJournal();
    await trial.program(["one"]).up();
    assert.equal(statSync(trial.journal).mode & 0o777, 0o700);
    await trial.assertSettled(1);
  });

  onHosted("keeps a create whose answer and lists were lost for the next up", "none", async (trial, { double }) => {
    double.fault({ method: "POST", answer: "cut", afterWork: true });
    double.fault({ method: "GET", path: "/v1/containers", answer: { status: 500 }, times: 1_000 });
    const { code, text } = await trial.program(["one"]).startUp().ended;
    assert.notEqual(code, 0);
    assert.match(text, /Whether the container "\S+" was made is not known/);
    const left = await trial.inventory();
    assert.deepEqual([left.length, trial.written().length], [1, 1]);

    double.clearFaults();
    await trial.up();
    assert.notDeepEqual(await trial.assertSettled(1), left);
  });
});

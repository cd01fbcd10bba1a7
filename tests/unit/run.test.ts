import assert from "node:assert/strict";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { currentRun, journalFolder } from "../../provider/host/run";

describe("the run of Pulumi", () => {
  const home = mkdtempSync(join(tmpdir(), "openai-containers-home-"));
  after(() => rmSync(home, { recursive: true }));
  const stateOf = (env: NodeJS.ProcessEnv) => currentRun({ PULUMI_HOME: home, ...env }, undefined).state;

  it("is identified by the program's folder, in which Pulumi starts the provider", () => {
    const { program, engine } = currentRun({}, "127.0.0.1:4321");
    assert.deepEqual([program, engine], [realpathSync(process.cwd()), "127.0.0.1:4321"]);
  });

  it("is distinguished from one with another state by a fingerprint, as the address may hold a password", () => {
    const [one, other] = ["one", "other"].map((name) =>
      stateOf({ PULUMI_BACKEND_URL: `postgres://user:hunter2@host/${name}` }),
    );
    assert.match(one ?? "", /^[0-9a-f]{16}$/);
    assert.notEqual(one, other);
    assert.equal(one, stateOf({ PULUMI_BACKEND_URL: "postgres://user:hunter2@host/one" }));
  });

  it("uses the state of the user's login where the environment names none", () => {
    assert.equal(stateOf({}), undefined);
    writeFileSync(join(home, "credentials.json"), JSON.stringify({ current: "file://~" }));
    assert.equal(stateOf({}), stateOf({ PULUMI_BACKEND_URL: "file://~" }));
  });

  it("keeps its journal in the user's state folder", () => {
    assert.equal(journalFolder({ XDG_STATE_HOME: "/s" }), "/s/pulumi-openai-containers/journal");
    assert.equal(journalFolder({}), join(homedir(), ".local/state/pulumi-openai-containers/journal"));
  });
});

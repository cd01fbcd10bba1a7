import assert from "node:assert/strict";
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Backend, BackendError, PartialCreateError, type Report } from "../../provider/backends/backend";
import { create, PartialFailure } from "../../provider/lifecycle/create";
import { Journal } from "../../provider/lifecycle/journal/journal";
import { createIn, journalFolder, someRun } from "../support/journal";
import { silent } from "../support/silent";
import { unasked } from "../support/unasked";

const args = {
  memoryLimit: "4g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 5 },
  backend: "docker",
  docker: { image: "alpine" },
  __urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::analysis",
};
const inputs = { ...args, __provider: "code" };
const going = new AbortController().signal;

const engine: Backend = {
  ...unasked,
  create: async ({ backend: _, ...container }) => ({
    ...container,
    id: "cntr_1",
    status: "running",
    createdAt: 1_700_000_000,
  }),
};

/** What does not apply is recorded: Pulumi takes what state does not mention for unknown. */
const absent = { fileIds: null, skills: null, docker: null, imageId: null, project: null };

function failing(error: Error): Backend {
  return { ...engine, create: () => Promise.reject(error) };
}

describe("create", () => {
  it("records what the backend tells, and the place", async () => {
    const { id, outs } = await createIn({ ...inputs, name: "reports" }, engine, silent, going);
    assert.equal(id, "cntr_1");
    const told = { name: "reports", object: "container", status: "running", createdAt: 1_700_000_000 };
    assert.deepEqual(outs, { ...absent, ...args, ...told, location: "docker:HERE", __autoName: false });
  });

  it("draws a name after the resource's own, another one each time", async () => {
    const names = await Promise.all(
      [1, 2].map(async () => (await createIn(inputs, engine, silent, going)).outs["name"]),
    );
    for (const name of names) assert.match(String(name), /^analysis-[0-9a-f]{8}$/);
    assert.notEqual(names[0], names[1]);
  });

  it("marks a name that it drew", async () => {
    assert.equal((await createIn(inputs, engine, silent, going)).outs["__autoName"], true);
  });

  it("keeps a colon in the resource's own name, and cuts what is too long", async () => {
    const { outs } = await createIn({ ...inputs, __urn: `${args.__urn}::${"s".repeat(300)}` }, engine, silent, going);
    assert.match(String(outs["name"]), /^analysis::s{230}-[0-9a-f]{8}$/);
  });

  it("tells of a container that was left half made", async () => {
    const half = new PartialCreateError("cntr_9", new Error("It did not start."), new Error("Nobody answers."));
    await assert.rejects(createIn(inputs, failing(half), silent, going), (error) => {
      assert.ok(error instanceof PartialFailure);
      assert.equal(error.id, "cntr_9");
      assert.deepEqual(error.reasons, ["It did not start. It could not be removed again either: Nobody answers."]);
      const { name, createdAt, ...rest } = error.properties;
      assert.match(String(name), /^analysis-[0-9a-f]{8}$/);
      assert.ok(Math.abs(Number(createdAt) - Date.now() / 1000) < 60, String(createdAt));
      const told = { object: "container", status: "provisioning", location: "docker:HERE", __autoName: true };
      // The host adds `__provider` to what succeeds only, and could not delete the container without it.
      assert.deepEqual(rest, { ...absent, ...args, ...told, __provider: "code" });
      return true;
    });
  });

  it("passes any other failure on", async () => {
    const refusal = new BackendError("OC0000", "The engine refused", "See its log");
    await assert.rejects(createIn(inputs, failing(refusal), silent, going), refusal);
  });

  it("reports to whom it was told", async () => {
    const said: string[] = [];
    const report: Report = { ...silent, progress: (text) => said.push(text), warning: () => {} };
    const talking: Backend = {
      ...engine,
      create: (container, to, making) => {
        to.progress(`making ${container.name}`);
        return engine.create(container, to, making);
      },
    };
    await createIn({ ...inputs, name: "reports" }, talking, report, going);
    assert.deepEqual(said, ["making reports (one Ctrl-C is enough: this is finished and stored)"]);
  });

  it("removes again what came when Pulumi had told the process to end, as it would not be stored", async () => {
    const removed: string[] = [];
    const ending = new AbortController();
    const late: Backend = {
      ...engine,
      create: (container, report, making) => {
        ending.abort();
        return engine.create(container, report, making);
      },
      delete: async (id) => {
        removed.push(id);
      },
    };
    await assert.rejects(createIn(inputs, late, silent, ending.signal), {
      message: "Container cntr_1 was made while Pulumi ended, and was removed again. Run the same command again.",
    });
    assert.deepEqual(removed, ["cntr_1"]);
  });

  it("tells the backend whether the name was drawn for this container alone", async () => {
    const told: boolean[] = [];
    const listening: Backend = {
      ...engine,
      create: (container, report, making) => {
        told.push(making.nameIsDrawn);
        return engine.create(container, report, making);
      },
    };
    await createIn(inputs, listening, silent, going);
    await createIn({ ...inputs, name: "reports" }, listening, silent, going);
    assert.deepEqual(told, [true, false]);
  });

  it("makes a container all the same where its id cannot be written down, and says what that may cost", async () => {
    const folder = journalFolder();
    const warnings: string[] = [];
    const naming: Backend = {
      ...engine,
      create: async (container, to, making) => {
        const made = await engine.create(container, to, making);
        // In the way of what is to be written beside the entry: it leads nowhere.
        for (const entry of readdirSync(folder)) symlinkSync("/nowhere/at/all", join(folder, `${entry}.new`));
        making.announce(made.id);
        return made;
      },
    };
    const journal = new Journal(folder, someRun, (text) => warnings.push(text));
    const { id } = await create(inputs, { backend: naming, journal, report: silent, ending: going });
    assert.equal(id, "cntr_1");
    assert.match(warnings.join(), /^cannot write the journal in \S+ \(ENOENT.*\): a container is orphaned if/);
    journal.end();
    assert.deepEqual(readdirSync(folder), [], "the container is in state");
  });
});

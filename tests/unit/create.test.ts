import assert from "node:assert/strict";
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import {
  type Backend,
  BackendError,
  PartialCreateError,
  type Report,
  UnknownOutcomeError,
} from "../../provider/backends/backend";
import { create, PartialFailure } from "../../provider/lifecycle/create";
import { Journal } from "../../provider/lifecycle/journal/journal";
import { createIn, journalFolder, someRun } from "../support/journal";
import { rejectingBackend } from "../support/rejecting-backend";
import { silent } from "../support/silent";

const args = {
  memoryLimit: "4g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 5 },
  backend: "docker",
  docker: { image: "alpine" },
  __urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::analysis",
};
const inputs = { ...args, __provider: "code" };
const never = new AbortController().signal;

const engine: Backend = {
  ...rejectingBackend,
  create: async ({ backend: _, ...container }) => ({
    ...container,
    id: "cntr_1",
    status: "running",
    createdAt: 1_700_000_000,
  }),
};

/** Outputs that do not apply are recorded: Pulumi takes an output that is missing in state as unknown. */
const absent = { fileIds: null, skills: null, docker: null, imageId: null, project: null };

/** Pulumi shuts down while the container is created. */
function shuttingDown(ending: AbortController): Backend {
  return {
    ...engine,
    create: (container, report, context) => {
      ending.abort();
      return engine.create(container, report, context);
    },
  };
}

function failing(error: Error): Backend {
  return { ...engine, create: () => Promise.reject(error) };
}

describe("create", () => {
  it("records the observed container and its location", async () => {
    const { id, outs } = await createIn({ ...inputs, name: "reports" }, engine, silent, never);
    assert.equal(id, "cntr_1");
    const observed = { name: "reports", object: "container", status: "running", createdAt: 1_700_000_000 };
    assert.deepEqual(outs, { ...absent, ...args, ...observed, location: "docker:HERE", __autoName: false });
  });

  it("generates a name from the resource's own, another one each time", async () => {
    const names = await Promise.all(
      [1, 2].map(async () => (await createIn(inputs, engine, silent, never)).outs["name"]),
    );
    for (const name of names) assert.match(String(name), /^analysis-[0-9a-f]{8}$/);
    assert.notEqual(names[0], names[1]);
  });

  it("records that a name is auto-generated", async () => {
    assert.equal((await createIn(inputs, engine, silent, never)).outs["__autoName"], true);
  });

  it("generates a name from a resource's name with colons, cut to the maximum length", async () => {
    const { outs } = await createIn({ ...inputs, __urn: `${args.__urn}::${"s".repeat(300)}` }, engine, silent, never);
    assert.match(String(outs["name"]), /^analysis::s{230}-[0-9a-f]{8}$/);
  });

  it("fails with the id and the properties of a partial create", async () => {
    const partial = new PartialCreateError("cntr_9", new Error("It did not start."), new Error("Nobody answers."));
    await assert.rejects(createIn(inputs, failing(partial), silent, never), (error) => {
      assert.ok(error instanceof PartialFailure);
      assert.equal(error.id, "cntr_9");
      assert.deepEqual(error.reasons, [partial.message]);
      assert.match(partial.message, /^OC2012: Container cntr_9 .* It did not start\. .* Nobody answers\.$/);
      const { name, createdAt, ...rest } = error.properties;
      assert.match(String(name), /^analysis-[0-9a-f]{8}$/);
      assert.ok(Math.abs(Number(createdAt) - Date.now() / 1000) < 60, String(createdAt));
      const recorded = { object: "container", status: "provisioning", location: "docker:HERE", __autoName: true };
      // The host adds `__provider` to what succeeds only, and could not delete the container without it.
      assert.deepEqual(rest, { ...absent, ...args, ...recorded, __provider: "code" });
      return true;
    });
  });

  it("fails with any other error of the backend unchanged", async () => {
    const refusal = new BackendError("OC2010", "The engine refused", "See its log");
    await assert.rejects(createIn(inputs, failing(refusal), silent, never), refusal);
  });

  it("adds to progress messages that Ctrl-C is to be pressed once only", async () => {
    const messages: string[] = [];
    const report: Report = { ...silent, progress: (text) => messages.push(text) };
    const reporting: Backend = {
      ...engine,
      create: (container, to, context) => {
        to.progress(`creating ${container.name}`);
        return engine.create(container, to, context);
      },
    };
    await createIn({ ...inputs, name: "reports" }, reporting, report, never);
    assert.deepEqual(messages, ["creating reports (press Ctrl-C once only: Pulumi then waits for this and stores it)"]);
  });

  it("removes a container that was created while Pulumi was shutting down, as it would not be stored", async () => {
    const removed: string[] = [];
    const ending = new AbortController();
    const late: Backend = {
      ...shuttingDown(ending),
      delete: async (id) => {
        removed.push(id);
      },
    };
    await assert.rejects(createIn(inputs, late, silent, ending.signal), {
      code: "OC2013",
      what: "Container cntr_1 was created while Pulumi was shutting down, and was removed again",
    });
    assert.deepEqual(removed, ["cntr_1"]);
  });

  it("reports a container that was created while Pulumi was shutting down and could not be removed", async () => {
    const ending = new AbortController();
    const late: Backend = {
      ...shuttingDown(ending),
      delete: () => Promise.reject(new Error("The engine is down.")),
    };
    await assert.rejects(createIn(inputs, late, silent, ending.signal), (error) => {
      assert.ok(error instanceof UnknownOutcomeError); // so that the entry stays in the journal
      assert.match(error.message, /^OC2014: Container cntr_1 .*could not be removed: The engine is down\. Run /);
      return true;
    });
  });

  it("passes on to the backend whether the name is auto-generated", async () => {
    const passed: boolean[] = [];
    const recording: Backend = {
      ...engine,
      create: (container, report, context) => {
        passed.push(context.nameIsDrawn);
        return engine.create(container, report, context);
      },
    };
    await createIn(inputs, recording, silent, never);
    await createIn({ ...inputs, name: "reports" }, recording, silent, never);
    assert.deepEqual(passed, [true, false]);
  });

  it("creates a container although its id cannot be written to the journal, and warns of it", async () => {
    const folder = journalFolder();
    const warned: string[] = [];
    const announcing: Backend = {
      ...engine,
      create: async (container, to, context) => {
        const created = await engine.create(container, to, context);
        // A dangling link instead of the temporary file, so that nothing can be written.
        for (const entry of readdirSync(folder)) symlinkSync("/nowhere/at/all", join(folder, `${entry}.new`));
        context.announce(created.id);
        return created;
      },
    };
    const journal = new Journal(folder, someRun, (code) => warned.push(code));
    const { id } = await create(inputs, { backend: announcing, journal, report: silent, ending: never });
    assert.equal(id, "cntr_1");
    assert.deepEqual(warned, ["OC2018"]);
    journal.end();
    assert.deepEqual(readdirSync(folder), [], "the container is in state");
  });
});

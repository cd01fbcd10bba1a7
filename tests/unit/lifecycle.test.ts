import assert from "node:assert/strict";
import { type Backend, BackendError, PartialCreateError } from "../../provider/backends/backend";
import { PartialFailure } from "../../provider/lifecycle/create";
import { remove } from "../../provider/lifecycle/delete";
import { read } from "../../provider/lifecycle/read";
import { update } from "../../provider/lifecycle/update";
import { type Observed, recordFrom } from "../../provider/model/record";
import { createIn } from "../support/journal";
import { silent } from "../support/silent";
import { unasked } from "../support/unasked";

const going = new AbortController().signal;
const inputs = {
  memoryLimit: "4g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 5 },
  backend: "docker",
  docker: { image: "alpine" },
  __urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::analysis",
};
/** An engine that keeps its containers in memory. */
function engine(location = "docker:HERE"): Backend & { made: Map<string, Observed> } {
  const made = new Map<string, Observed>();
  return {
    ...unasked,
    location,
    made,
    create: async ({ backend: _, ...container }) => {
      const observed = { ...container, id: `cntr_${made.size}`, status: "running", createdAt: 1_700_000_000 };
      made.set(observed.id, observed);
      return observed;
    },
    observe: async (id) => made.get(id),
    activity: async () => ({ expiredAt: 1_700_000_000, reportedAt: 1_700_000_730 }),
    repair: async (id) => {
      const observed = made.get(id);
      if (!observed) throw new BackendError("OC0000", "It is gone", "Make it anew");
      made.set(id, { ...observed, status: "running" });
      return { ...observed, status: "running" };
    },
    delete: async (id) => {
      made.delete(id);
    },
    removePending: async () => [],
  };
}

describe("read", () => {
  it("leaves a name that was drawn out of the inputs, and keeps one that was written", async () => {
    const backend = engine();
    for (const args of [inputs, { ...inputs, name: "reports" }]) {
      const { id, outs } = await createIn(args, backend, silent, going);
      assert.deepEqual(await read(id, recordFrom(outs), backend, silent), { id, props: outs, inputs: args });
    }
  });

  it("takes the name of a container that state does not hold for a written one", async () => {
    const backend = engine();
    const { id } = await createIn({ ...inputs, name: "reports" }, backend, silent, going);
    const { inputs: found } = await read(id, recordFrom({ backend: "docker" }), backend, silent);
    assert.equal(found?.["name"], "reports");
  });

  for (const status of ["gone", "expired"]) {
    it(`drops it from state in a refresh, with a warning why, and fails a get, where the container is ${status}`, async () => {
      const backend = engine();
      const { id, outs } = await createIn(inputs, backend, silent, going);
      if (status === "gone") backend.made.clear();
      for (const observed of backend.made.values()) observed.status = status;
      const warnings: string[] = [];
      const report = { ...silent, warning: (code: string, text: string) => warnings.push(`${code}: ${text}`) };
      assert.deepEqual(await read(id, recordFrom(outs), backend, report), {});
      const why = status === "gone" ? "is gone" : "expired 12 minutes ago (terminated after 5 idle minutes)";
      assert.deepEqual(warnings, [`container cntr_0 ${why}: dropped from state`]);
      await assert.rejects(read(id, recordFrom({ backend: "docker" }), backend, silent), {
        name: "BackendError",
        message: `There is no container cntr_0 at docker:HERE${status === "gone" ? "" : " any more: it has expired"}. Correct the id, the backend, or the account or engine that this run looks at.`,
      });
    });
  }
});

describe("a container's whole life", () => {
  it("repairs what stopped, keeping all that is recorded", async () => {
    const backend = engine();
    const { id, outs } = await createIn(inputs, backend, silent, going);
    assert.deepEqual(await update(id, recordFrom({ ...outs, status: "stopped" }), backend, silent), outs);
  });

  it("repairs what was left half made", async () => {
    const backend = engine();
    const halfMade: Backend = {
      ...backend,
      create: async (container, report, making) => {
        const { id } = await backend.create(container, report, making);
        throw new PartialCreateError(id, new Error("It did not start."), new Error("Nobody answers."));
      },
    };
    const failure = await createIn(inputs, halfMade, silent, going).catch((error: unknown) => error);
    assert.ok(failure instanceof PartialFailure);
    const outs = await update(failure.id, recordFrom(failure.properties), backend, silent);
    assert.deepEqual({ ...failure.properties, status: "running", createdAt: 1_700_000_000 }, outs);
  });

  it("hands Pulumi no undefined, which its wire does not know", async () => {
    const { docker: _, ...withoutDocker } = inputs;
    const backend = engine();
    // The backend may tell undefined of what it has not.
    const sparse: Backend = {
      ...backend,
      create: async (container, report, making) => {
        const observed = { ...(await backend.create(container, report, making)), docker: undefined };
        backend.made.set(observed.id, observed);
        return observed;
      },
    };
    const { id, outs } = await createIn({ ...withoutDocker, __urn: undefined }, sparse, silent, going);
    const repaired = await update(id, recordFrom(outs), sparse, silent);
    for (const answer of [outs, repaired, await read(id, recordFrom(outs), sparse, silent)]) {
      assert.deepEqual(JSON.parse(JSON.stringify(answer)), answer);
    }
  });

  it("removes a container, and one that is gone already", async () => {
    const backend = engine();
    const { id, outs } = await createIn(inputs, backend, silent, going);
    await remove(id, recordFrom(outs), backend, silent);
    assert.equal(backend.made.size, 0);
    await remove(id, recordFrom(outs), backend, silent);
  });

  it("touches nothing at another place than the recorded one", async () => {
    const { id, outs } = await createIn(inputs, engine(), silent, going);
    for (const call of [read, update, remove]) {
      await assert.rejects(
        call(id, recordFrom(outs), engine("docker:ELSEWHERE"), silent),
        /docker:HERE.*docker:ELSEWHERE.*DOCKER_HOST/,
      );
    }
  });
});

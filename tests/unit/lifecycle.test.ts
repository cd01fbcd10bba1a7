import assert from "node:assert/strict";
import { type Backend, BackendError, PartialCreateError } from "../../provider/backends/backend";
import { PartialFailure } from "../../provider/lifecycle/create";
import { remove } from "../../provider/lifecycle/delete";
import { read } from "../../provider/lifecycle/read";
import { update } from "../../provider/lifecycle/update";
import { type Observed, recordFrom } from "../../provider/model/record";
import { createIn } from "../support/journal";
import { rejectingBackend } from "../support/rejecting-backend";
import { silent } from "../support/silent";

const never = new AbortController().signal;
const inputs = {
  memoryLimit: "4g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 5 },
  backend: "docker",
  docker: { image: "alpine" },
  __urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/openai-containers:Container::analysis",
};
/** An engine that keeps its containers in memory. */
function engine(location = "docker:HERE"): Backend & { containers: Map<string, Observed> } {
  const containers = new Map<string, Observed>();
  return {
    ...rejectingBackend,
    location,
    containers,
    create: async ({ backend: _, ...container }) => {
      const observed = { ...container, id: `cntr_${containers.size}`, status: "running", createdAt: 1_700_000_000 };
      containers.set(observed.id, observed);
      return observed;
    },
    observe: async (id) => containers.get(id),
    activity: async () => ({ expiredAt: 1_700_000_000, reportedAt: 1_700_000_730 }),
    repair: async (id) => {
      const observed = containers.get(id);
      if (!observed) throw new BackendError("OC2002", "It is gone", "Create it again");
      containers.set(id, { ...observed, status: "running" });
      return { ...observed, status: "running" };
    },
    delete: async (id) => {
      containers.delete(id);
    },
    removePending: async () => [],
  };
}

describe("read", () => {
  it("leaves an auto-generated name out of the inputs, and keeps one from the program", async () => {
    const backend = engine();
    for (const args of [inputs, { ...inputs, name: "reports" }]) {
      const { id, outs } = await createIn(args, backend, silent, never);
      assert.deepEqual(await read(id, recordFrom(outs), backend, silent), { id, props: outs, inputs: args });
    }
  });

  it("keeps the name in the inputs of a container that is not in state", async () => {
    const backend = engine();
    const { id } = await createIn({ ...inputs, name: "reports" }, backend, silent, never);
    const { inputs: found } = await read(id, recordFrom({ backend: "docker" }), backend, silent);
    assert.equal(found?.["name"], "reports");
  });

  for (const status of ["gone", "expired"] as const) {
    it(`drops a container that is ${status} from state in a refresh, with a warning, and fails a Container.get`, async () => {
      const backend = engine();
      const { id, outs } = await createIn(inputs, backend, silent, never);
      if (status === "gone") backend.containers.clear();
      for (const observed of backend.containers.values()) observed.status = status;
      const warnings: string[] = [];
      const report = { ...silent, warning: (code: string, text: string) => warnings.push(`${code}: ${text}`) };
      assert.deepEqual(await read(id, recordFrom(outs), backend, report), {});
      const warning = {
        gone: "OC2002: container cntr_0 is gone: dropped from state",
        expired:
          "OC2001: container cntr_0 expired 12 minutes ago (terminated after 5 idle minutes): dropped from state",
      }[status];
      assert.deepEqual(warnings, [warning]);
      await assert.rejects(read(id, recordFrom({ backend: "docker" }), backend, silent), {
        code: "OC2011",
        what: `There is no container cntr_0 at docker:HERE${status === "gone" ? "" : " any more: it has expired"}`,
      });
    });
  }
});

describe("update and delete", () => {
  it("repair a stopped container, and keep all recorded outputs", async () => {
    const backend = engine();
    const { id, outs } = await createIn(inputs, backend, silent, never);
    assert.deepEqual(await update(id, recordFrom({ ...outs, status: "stopped" }), backend, silent), outs);
  });

  it("repair a partially created container", async () => {
    const backend = engine();
    const partial: Backend = {
      ...backend,
      create: async (container, report, context) => {
        const { id } = await backend.create(container, report, context);
        throw new PartialCreateError(id, new Error("It did not start."), new Error("Nobody answers."));
      },
    };
    const failure = await createIn(inputs, partial, silent, never).catch((error: unknown) => error);
    assert.ok(failure instanceof PartialFailure);
    const outs = await update(failure.id, recordFrom(failure.properties), backend, silent);
    assert.deepEqual({ ...failure.properties, status: "running", createdAt: 1_700_000_000 }, outs);
  });

  it("return no undefined property, which Pulumi's wire does not know", async () => {
    const { docker: _, ...withoutDocker } = inputs;
    const backend = engine();
    // A backend may report undefined for what does not apply.
    const sparse: Backend = {
      ...backend,
      create: async (container, report, context) => {
        const observed = { ...(await backend.create(container, report, context)), docker: undefined };
        backend.containers.set(observed.id, observed);
        return observed;
      },
    };
    const { id, outs } = await createIn({ ...withoutDocker, __urn: undefined }, sparse, silent, never);
    const repaired = await update(id, recordFrom(outs), sparse, silent);
    for (const answer of [outs, repaired, await read(id, recordFrom(outs), sparse, silent)]) {
      assert.deepEqual(JSON.parse(JSON.stringify(answer)), answer);
    }
  });

  it("remove a container, and accept one that is gone already", async () => {
    const backend = engine();
    const { id, outs } = await createIn(inputs, backend, silent, never);
    await remove(id, recordFrom(outs), backend, silent);
    assert.equal(backend.containers.size, 0);
    await remove(id, recordFrom(outs), backend, silent);
  });

  it("refuse another account or engine than the recorded one, as does read", async () => {
    const { id, outs } = await createIn(inputs, engine(), silent, never);
    for (const call of [read, update, remove]) {
      await assert.rejects(
        call(id, recordFrom(outs), engine("docker:ELSEWHERE"), silent),
        /^BackendError: OC2010: .*docker:HERE.*docker:ELSEWHERE.*DOCKER_HOST/,
      );
    }
  });
});

import assert from "node:assert/strict";
import { type Backend, BackendError, HalfMadeError, type Report } from "../../provider/backends/backend";
import { create, PartialFailure } from "../../provider/lifecycle/create";
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
const notAsked = () => Promise.reject(new Error("a create only creates"));

const engine: Backend = {
  name: "docker",
  location: "docker:HERE",
  create: async ({ backend: _, ...container }) => ({
    ...container,
    id: "cntr_1",
    status: "running",
    createdAt: 1_700_000_000,
  }),
  observe: notAsked,
  repair: notAsked,
  delete: notAsked,
};

function failing(error: Error): Backend {
  return { ...engine, create: () => Promise.reject(error) };
}

describe("create", () => {
  it("records what the backend tells, and the place", async () => {
    const { id, outs } = await create({ ...inputs, name: "reports" }, engine, silent);
    assert.equal(id, "cntr_1");
    const told = { name: "reports", object: "container", status: "running", createdAt: 1_700_000_000 };
    assert.deepEqual(outs, { ...args, ...told, location: "docker:HERE", __autoName: false });
  });

  it("draws a name after the resource's own, another one each time", async () => {
    const names = await Promise.all([1, 2].map(async () => (await create(inputs, engine, silent)).outs["name"]));
    for (const name of names) assert.match(String(name), /^analysis-[0-9a-f]{8}$/);
    assert.notEqual(names[0], names[1]);
  });

  it("marks a name that it drew", async () => {
    assert.equal((await create(inputs, engine, silent)).outs["__autoName"], true);
  });

  it("keeps a colon in the resource's own name, and cuts what is too long", async () => {
    const { outs } = await create({ ...inputs, __urn: `${args.__urn}::${"s".repeat(300)}` }, engine, silent);
    assert.match(String(outs["name"]), /^analysis::s{230}-[0-9a-f]{8}$/);
  });

  it("tells of a container that was left half made", async () => {
    const half = new HalfMadeError("cntr_9", new Error("It did not start."), new Error("Nobody answers."));
    await assert.rejects(create(inputs, failing(half), silent), (error) => {
      assert.ok(error instanceof PartialFailure);
      assert.equal(error.id, "cntr_9");
      assert.deepEqual(error.reasons, ["It did not start. It could not be removed again either: Nobody answers."]);
      const { name, createdAt, ...rest } = error.properties;
      assert.match(String(name), /^analysis-[0-9a-f]{8}$/);
      assert.ok(Math.abs(Number(createdAt) - Date.now() / 1000) < 60, String(createdAt));
      const told = { object: "container", status: "provisioning", location: "docker:HERE", __autoName: true };
      // The host adds `__provider` to what succeeds only, and could not delete the container without it.
      assert.deepEqual(rest, { ...args, ...told, __provider: "code" });
      return true;
    });
  });

  it("passes any other failure on", async () => {
    const refusal = new BackendError("The engine refused", "See its log");
    await assert.rejects(create(inputs, failing(refusal), silent), refusal);
  });

  it("reports to whom it was told", async () => {
    const said: string[] = [];
    const report: Report = { progress: (text) => said.push(text), warning: () => {} };
    const talking: Backend = {
      ...engine,
      create: (container, to) => {
        to.progress(`making ${container.name}`);
        return engine.create(container, to);
      },
    };
    await create({ ...inputs, name: "reports" }, talking, report);
    assert.deepEqual(said, ["making reports"]);
  });
});

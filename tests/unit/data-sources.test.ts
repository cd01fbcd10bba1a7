import assert from "node:assert/strict";
import type { Output, Unwrap } from "@pulumi/pulumi";
import type { Activity, Backend } from "../../provider/backends/backend";
import { filterFrom, idOrNameFrom } from "../../provider/data-sources/arguments";
import { type FoundContainer, findAll, findOne } from "../../provider/data-sources/find";
import type { Observed } from "../../provider/model/record";
import type * as sdk from "../../sdk";
import { backendFailure } from "../support/backend-failure";
import type { Same } from "../support/same";
import { silent } from "../support/silent";

// The functions with outputs have the types of the plain ones. Where they differ, this does not compile.
type Form<Args, Result> = (args: Args) => Output<Result>;
const outputFormOfOne: [
  Same<typeof sdk.getContainerOutput, Form<sdk.GetContainerOutputArgs, sdk.GetContainerResult>>,
  Same<Unwrap<sdk.GetContainerOutputArgs>, sdk.GetContainerArgs>,
] = [true, true];
const outputFormOfAll: [
  Same<typeof sdk.getContainersOutput, (args?: sdk.GetContainersOutputArgs) => Output<sdk.GetContainersResult>>,
  Same<Unwrap<sdk.GetContainersOutputArgs>, sdk.GetContainersArgs>,
] = [true, true];

// A property that is not always reported is an output all the same, not an output or undefined.
const unreportedIsAnOutput: Same<Output<sdk.GetContainerResult>["project"], Output<string | undefined>> = true;

/**
 * The results have the names and types of Container's outputs, except that a value which does not apply is null in an
 * output, as state records it, and undefined here. Of `docker` no backend reports all.
 */
type Unreported = "lastActiveAt" | "memoryLimit" | "networkPolicy" | "expiresAfter" | "docker";
type Shared = Exclude<keyof sdk.GetContainerResult, Unreported>;
type OrNull<T> = undefined extends T ? Exclude<T, undefined> | null : T;
const resultsAreOutputs: Same<
  { [K in Shared]: Output<OrNull<sdk.GetContainerResult[K]>> },
  { [K in Shared]: sdk.Container[K] }
> = true;

const notCalled = () => Promise.reject(new Error("a data source only reads"));

/** A backend with these containers, which records its calls. */
function backendWith(containers: (Observed & Activity)[]): Backend & { calls: string[] } {
  const calls: string[] = [];
  const find = (what: string) => async (id: string) => {
    calls.push(`${what} ${id}`);
    return containers.find((container) => container.id === id || `engine's ${container.id}` === id);
  };
  return {
    name: "docker",
    location: "docker:HERE",
    locationSettings: { environment: "DOCKER_HOST", stack: "openai-containers:dockerHost" },
    repairable: new Map(),
    calls,
    observe: find("observe"),
    activity: find("activity"),
    status: notCalled,
    list: async (name) => {
      calls.push(`list ${name}`);
      return containers.filter((container) => name === undefined || container.name === name);
    },
    create: notCalled,
    repair: notCalled,
    delete: notCalled,
    removePending: notCalled,
    candidates: notCalled,
    candidate: notCalled,
  };
}

const container = (id: string, name: string, status = "running"): Observed & Activity => {
  return { id, name, status, createdAt: 1_700_000_000, lastActiveAt: 1_700_000_060, reportedAt: 1_700_000_090 };
};
const ids = (found: FoundContainer[]) => found.map(({ id }) => id);

describe("getContainer", () => {
  it("returns all that the backend reports, by the names of the resource's outputs", async () => {
    const full = {
      ...container("cntr_1", "analysis"),
      memoryLimit: "4g",
      networkPolicy: { type: "disabled" },
      expiresAfter: { anchor: "last_active_at", minutes: 20 },
      docker: { image: "alpine" },
      imageId: "sha256:1",
      project: "proj_1",
      expiredAt: 1_700_000_080,
    };
    const { expiredAt: _, reportedAt: __, ...reported } = full;
    const expected = { ...reported, object: "container", backend: "docker", location: "docker:HERE" };
    assert.deepEqual(await findOne({ id: "cntr_1" }, backendWith([full]), silent), expected);
    assert.deepEqual(await findOne({ name: "analysis" }, backendWith([full]), silent), expected);
    assert.deepEqual(await findAll({}, backendWith([full]), silent), [expected]);
  });

  it("finds the only unexpired container of a name", async () => {
    const there = backendWith([
      container("cntr_4", "other"),
      container("cntr_3", "analysis", "expired"),
      container("cntr_2", "analysis", "a status of tomorrow"),
      container("cntr_1", "analysis", "expired"),
    ]);
    assert.equal((await findOne({ name: "analysis" }, there, silent)).id, "cntr_2");
    assert.deepEqual(there.calls, ["list analysis"]);
  });

  it("finds a stopped container by name", async () => {
    assert.equal(
      (await findOne({ name: "a" }, backendWith([container("cntr_1", "a", "stopped")]), silent)).id,
      "cntr_1",
    );
  });

  it("fails where no container has the name, and names the last expired one", async () => {
    const there = backendWith([container("cntr_2", "a", "expired"), container("cntr_1", "a", "expired")]);
    assert.match(
      await backendFailure(() => findOne({ name: "b" }, there, silent)),
      /^OC4010: There is no unexpired container named "b" at docker:HERE\. Correct the name/,
    );
    assert.match(
      await backendFailure(() => findOne({ name: "a" }, there, silent)),
      /^OC4010: .* named "a" at docker:HERE: cntr_2 of that name has expired\. Correct the name/,
    );
  });

  it("fails where several unexpired containers have the name, and lists their ids", async () => {
    const there = backendWith([
      container("cntr_3", "a"),
      container("cntr_2", "a", "expired"),
      container("cntr_1", "a"),
    ]);
    assert.equal(
      await backendFailure(() => findOne({ name: "a" }, there, silent)),
      'OC4011: There are 2 unexpired containers named "a" at docker:HERE: cntr_3, cntr_1. Pass the id of one of them.',
    );
  });

  it("finds an expired container by id", async () => {
    const there = backendWith([container("cntr_1", "a", "expired")]);
    assert.equal((await findOne({ id: "cntr_1" }, there, silent)).status, "expired");
    assert.deepEqual(there.calls, ["observe cntr_1", "activity cntr_1"]);
  });

  it("fails where no container has the id, also if the engine finds one by its own id", async () => {
    for (const id of ["cntr_2", "engine's cntr_1"]) {
      assert.equal(
        await backendFailure(() => findOne({ id }, backendWith([container("cntr_1", "a")]), silent)),
        `OC2011: There is no container ${id} at docker:HERE. Correct the id, the backend, or the account or engine that this program uses.`,
      );
    }
  });

  it("leaves lastActiveAt undefined where the backend does not report it", async () => {
    const there = { ...backendWith([container("cntr_1", "a")]), activity: async () => undefined };
    const { lastActiveAt: _, ...unreported } = container("cntr_1", "a");
    there.observe = async () => unreported;
    const { status, lastActiveAt } = await findOne({ id: "cntr_1" }, there, silent);
    assert.deepEqual([status, lastActiveAt], ["running", undefined]);
  });
});

describe("getContainers", () => {
  const there = backendWith([
    container("cntr_4", "a"),
    container("cntr_3", "b", "expired"),
    container("cntr_2", "a", "expired"),
    container("cntr_1", "b"),
  ]);

  it("returns containers in the backend's order, the newest first", async () => {
    assert.deepEqual(ids(await findAll({}, there, silent)), ["cntr_4", "cntr_3", "cntr_2", "cntr_1"]);
  });

  it("filters by name, by status and by both", async () => {
    assert.deepEqual(ids(await findAll({ name: "a" }, there, silent)), ["cntr_4", "cntr_2"]);
    assert.deepEqual(ids(await findAll({ status: "expired" }, there, silent)), ["cntr_3", "cntr_2"]);
    assert.deepEqual(ids(await findAll({ name: "b", status: "running" }, there, silent)), ["cntr_1"]);
    assert.deepEqual(ids(await findAll({ name: "c" }, there, silent)), []);
  });
});

describe("the arguments of data sources", () => {
  const invalid = "OC4009: getContainer got invalid arguments: ";
  const wrong: [args: unknown, message: string][] = [
    [{}, "OC4008: getContainer needs either an id or a name, and got neither. Pass one of them."],
    [{ backend: "docker" }, "OC4008: getContainer needs either an id or a name, and got neither. Pass one of them."],
    [{ id: "cntr_1", name: "a" }, "OC4008: getContainer needs either an id or a name, and got both. Pass one of them."],
    [{ id: "" }, `${invalid}args.id: got an empty string, expected at least 1 character. Correct them.`],
    [{ name: "" }, `${invalid}args.name: got an empty string, expected at least 1 character. Correct them.`],
    [{ id: 7 }, `${invalid}args.id: got a number, expected text. Correct them.`],
    [{ id: null }, `${invalid}args.id: got null, expected text. Correct them.`],
    [
      { id: "cntr_1", backend: "podman" },
      `${invalid}args.backend: got text of 6 characters, expected "openai" or "docker". Correct them.`,
    ],
    [{ id: "cntr_1", nmae: "a" }, `${invalid}args.nmae: unknown property. Correct them.`],
    [undefined, `${invalid}args: missing, expected an object. Correct them.`],
    ["cntr_1", `${invalid}args: got text of 6 characters, expected an object. Correct them.`],
    [
      { id: "", backend: "x" },
      `${invalid}args.id: got an empty string, expected at least 1 character; args.backend: got text of 1 character, expected "openai" or "docker". Correct them.`,
    ],
  ];
  for (const [args, message] of wrong) {
    it(`are refused with one message: getContainer(${JSON.stringify(args)})`, async () => {
      assert.equal(await backendFailure(() => idOrNameFrom(args)), message);
    });
  }

  it("are refused by getContainers likewise", async () => {
    assert.equal(
      await backendFailure(() => filterFrom({ name: "", status: 1, id: "cntr_1" })),
      "OC4009: getContainers got invalid arguments: args.name: got an empty string, expected at least 1 character; args.status: got a number, expected text; args.id: unknown property. Correct them.",
    );
  });

  it("may be undefined where they are optional", () => {
    assert.deepEqual(idOrNameFrom({ id: "cntr_1", name: undefined, backend: undefined }), {
      id: "cntr_1",
      backend: undefined,
    });
    assert.deepEqual(idOrNameFrom({ name: "a", backend: "docker" }), { name: "a", backend: "docker" });
    assert.deepEqual(filterFrom({}), {});
  });
});

describe("the types of data sources", () => {
  it("are the same in both forms, and those of Container's outputs", () => {
    assert.ok([outputFormOfOne, outputFormOfAll, unreportedIsAnOutput, resultsAreOutputs].flat().every(Boolean));
  });
});

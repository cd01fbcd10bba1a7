import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Output, Unwrap } from "@pulumi/pulumi";
import { type Activity, type Backend, BackendError } from "../../provider/backends/backend";
import { readSettings, type Settings } from "../../provider/backends/settings";
import type { SettingSources } from "../../provider/config";
import { filterFrom, oneFrom } from "../../provider/data-sources/args";
import { Bursts } from "../../provider/data-sources/cache";
import { type Found, findAll, findOne } from "../../provider/data-sources/find";
import type { Observed } from "../../provider/model/record";
import type * as sdk from "../../sdk";
import { silent } from "../support/silent";

/** Unlike being assignable both ways, this also tells an optional property from none. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

// The forms that take and give outputs are those of the plain ones. Neither compiles where the two part.
type Form<Args, Result> = (args: Args) => Output<Result>;
const outputFormOfOne: [
  Same<typeof sdk.getContainerOutput, Form<sdk.GetContainerOutputArgs, sdk.GetContainerResult>>,
  Same<Unwrap<sdk.GetContainerOutputArgs>, sdk.GetContainerArgs>,
] = [true, true];
const outputFormOfAll: [
  Same<typeof sdk.getContainersOutput, (args?: sdk.GetContainersOutputArgs) => Output<sdk.GetContainersResult>>,
  Same<Unwrap<sdk.GetContainersOutputArgs>, sdk.GetContainersArgs>,
] = [true, true];

// What is not always told is an output all the same, not an output or undefined.
const untoldIsAnOutput: Same<Output<sdk.GetContainerResult>["project"], Output<string | undefined>> = true;

/**
 * The results that Container has as outputs, by the same names and of the same types, but for what does not apply: null
 * in an output, as state records it, and undefined here. Of `docker` no backend reports all.
 */
type Untold = "lastActiveAt" | "memoryLimit" | "networkPolicy" | "expiresAfter" | "docker";
type Shared = Exclude<keyof sdk.GetContainerResult, Untold>;
type OrNull<T> = undefined extends T ? Exclude<T, undefined> | null : T;
const resultsAreOutputs: Same<
  { [K in Shared]: Output<OrNull<sdk.GetContainerResult[K]>> },
  { [K in Shared]: sdk.Container[K] }
> = true;

const nothing = () => [];
const notAsked = () => Promise.reject(new Error("a look-up only looks"));

/** A place with these containers. It counts what is asked of it. */
function place(containers: (Observed & Activity)[]): Backend & { asked: string[] } {
  const asked: string[] = [];
  const find = (what: string) => async (id: string) => {
    asked.push(`${what} ${id}`);
    return containers.find((container) => container.id === id || `engine's ${container.id}` === id);
  };
  return {
    name: "docker",
    location: "docker:HERE",
    locationSettings: { environment: "DOCKER_HOST", stack: "openai-containers:dockerHost" },
    repairable: new Map(),
    asked,
    observe: find("observe"),
    activity: find("activity"),
    status: notAsked,
    list: async (name) => {
      asked.push(`list ${name}`);
      return containers.filter((container) => name === undefined || container.name === name);
    },
    create: notAsked,
    repair: notAsked,
    delete: notAsked,
    removePending: notAsked,
  };
}

const container = (id: string, name: string, status = "running"): Observed & Activity => {
  return { id, name, status, createdAt: 1_700_000_000, lastActiveAt: 1_700_000_060, reportedAt: 1_700_000_090 };
};
const ids = (found: Found[]) => found.map(({ id }) => id);

/** What a failure says; a look-up that does not fail is one. */
async function words(lookUp: () => unknown): Promise<string> {
  try {
    await lookUp();
  } catch (error) {
    assert.ok(error instanceof BackendError);
    return error.message;
  }
  return assert.fail("nothing was thrown");
}

describe("a look-up of one container", () => {
  it("tells what the backend knows, in the words of the outputs", async () => {
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
    const { expiredAt: _, reportedAt: __, ...told } = full;
    const expected = { ...told, object: "container", backend: "docker", location: "docker:HERE" };
    assert.deepEqual(await findOne({ id: "cntr_1" }, place([full]), silent), expected);
    assert.deepEqual(await findOne({ name: "analysis" }, place([full]), silent), expected);
    assert.deepEqual(await findAll({}, place([full]), silent), [expected]);
  });

  it("takes the one alive of a name", async () => {
    const there = place([
      container("cntr_4", "other"),
      container("cntr_3", "analysis", "expired"),
      container("cntr_2", "analysis", "a status of tomorrow"),
      container("cntr_1", "analysis", "expired"),
    ]);
    assert.equal((await findOne({ name: "analysis" }, there, silent)).id, "cntr_2");
    assert.deepEqual(there.asked, ["list analysis"]);
  });

  it("takes one that stopped for alive", async () => {
    assert.equal((await findOne({ name: "a" }, place([container("cntr_1", "a", "stopped")]), silent)).id, "cntr_1");
  });

  it("says that none has the name, and which one had it last", async () => {
    const there = place([container("cntr_2", "a", "expired"), container("cntr_1", "a", "expired")]);
    assert.equal(
      await words(() => findOne({ name: "b" }, there, silent)),
      'There is no container named "b" alive at docker:HERE. Correct the name, the backend, or the account or engine that is looked at.',
    );
    assert.match(
      await words(() => findOne({ name: "a" }, there, silent)),
      /^There is no container named "a" alive at docker:HERE: cntr_2 of that name has expired\. Correct the name/,
    );
  });

  it("chooses none of several, and says which they are", async () => {
    const there = place([container("cntr_3", "a"), container("cntr_2", "a", "expired"), container("cntr_1", "a")]);
    assert.equal(
      await words(() => findOne({ name: "a" }, there, silent)),
      '2 containers named "a" are alive at docker:HERE: cntr_3, cntr_1. Look it up by its id.',
    );
  });

  it("finds by id what has expired, too", async () => {
    const there = place([container("cntr_1", "a", "expired")]);
    assert.equal((await findOne({ id: "cntr_1" }, there, silent)).status, "expired");
    assert.deepEqual(there.asked, ["observe cntr_1", "activity cntr_1"]);
  });

  it("says that none has the id, even if the engine knows one by its own", async () => {
    for (const id of ["cntr_2", "engine's cntr_1"]) {
      assert.equal(
        await words(() => findOne({ id }, place([container("cntr_1", "a")]), silent)),
        `There is no container ${id} at docker:HERE. Correct the id, the backend, or the account or engine that is looked at.`,
      );
    }
  });

  it("leaves open when it was in use, where that is not told any more", async () => {
    const there = { ...place([container("cntr_1", "a")]), activity: async () => undefined };
    const { lastActiveAt: _, ...untold } = container("cntr_1", "a");
    there.observe = async () => untold;
    const { status, lastActiveAt } = await findOne({ id: "cntr_1" }, there, silent);
    assert.deepEqual([status, lastActiveAt], ["running", undefined]);
  });
});

describe("a look-up of all containers", () => {
  const there = place([
    container("cntr_4", "a"),
    container("cntr_3", "b", "expired"),
    container("cntr_2", "a", "expired"),
    container("cntr_1", "b"),
  ]);

  it("keeps the backend's order, the newest first", async () => {
    assert.deepEqual(ids(await findAll({}, there, silent)), ["cntr_4", "cntr_3", "cntr_2", "cntr_1"]);
  });

  it("filters by name, by status and by both", async () => {
    assert.deepEqual(ids(await findAll({ name: "a" }, there, silent)), ["cntr_4", "cntr_2"]);
    assert.deepEqual(ids(await findAll({ status: "expired" }, there, silent)), ["cntr_3", "cntr_2"]);
    assert.deepEqual(ids(await findAll({ name: "b", status: "running" }, there, silent)), ["cntr_1"]);
    assert.deepEqual(ids(await findAll({ name: "c" }, there, silent)), []);
  });
});

describe("what a look-up is given", () => {
  const one = "getContainer cannot use what it was given: ";
  const wrong: [args: unknown, says: string][] = [
    [{}, "getContainer takes either an id or a name, and got neither. Give it one of the two."],
    [{ backend: "docker" }, "getContainer takes either an id or a name, and got neither. Give it one of the two."],
    [{ id: "cntr_1", name: "a" }, "getContainer takes either an id or a name, and got both. Give it one of the two."],
    [{ id: "" }, `${one}args.id: got an empty string, expected at least 1 character. Correct its arguments.`],
    [{ name: "" }, `${one}args.name: got an empty string, expected at least 1 character. Correct its arguments.`],
    [{ id: 7 }, `${one}args.id: got a number, expected text. Correct its arguments.`],
    [{ id: null }, `${one}args.id: got null, expected text. Correct its arguments.`],
    [
      { id: "cntr_1", backend: "podman" },
      `${one}args.backend: got text of 6 characters, expected "openai" or "docker". Correct its arguments.`,
    ],
    [{ id: "cntr_1", nmae: "a" }, `${one}args.nmae: unknown property. Correct its arguments.`],
    [undefined, `${one}args: missing, expected an object. Correct its arguments.`],
    ["cntr_1", `${one}args: got text of 6 characters, expected an object. Correct its arguments.`],
    [
      { id: "", backend: "x" },
      `${one}args.id: got an empty string, expected at least 1 character; args.backend: got text of 1 character, expected "openai" or "docker". Correct its arguments.`,
    ],
  ];
  for (const [args, says] of wrong) {
    it(`is refused with one message: getContainer(${JSON.stringify(args)})`, async () => {
      assert.equal(await words(() => oneFrom(args)), says);
    });
  }

  it("is refused likewise by getContainers", async () => {
    assert.equal(
      await words(() => filterFrom({ name: "", status: 1, id: "cntr_1" })),
      "getContainers cannot use what it was given: args.name: got an empty string, expected at least 1 character; args.status: got a number, expected text; args.id: unknown property. Correct its arguments.",
    );
  });

  it("may be undefined where it may be left out", () => {
    assert.deepEqual(oneFrom({ id: "cntr_1", name: undefined, backend: undefined }), {
      id: "cntr_1",
      backend: undefined,
    });
    assert.deepEqual(oneFrom({ name: "a", backend: "docker" }), { name: "a", backend: "docker" });
    assert.deepEqual(filterFrom({}), {});
  });
});

describe("the types of look-ups", () => {
  it("are the same in both forms, and those of Container's outputs", () => {
    assert.ok([outputFormOfOne, outputFormOfAll, untoldIsAnOutput, resultsAreOutputs].flat().every(Boolean));
  });
});

describe("the backends of look-ups", () => {
  let opened: string[];
  let failures: number;
  beforeEach(() => {
    opened = [];
    failures = 0;
  });
  const open = async (name: string) => {
    opened.push(name);
    if (failures-- > 0) throw new BackendError("OC0000", "It is down", "Wait");
    return place([]);
  };
  class Configured {
    constructor(
      readonly name: string,
      readonly host: string | undefined,
    ) {}
    connectionWarnings = nothing;
    open() {
      return open(this.name);
    }
  }
  const kind = (name: string) => ({
    configured: ({ env }: SettingSources) => new Configured(name, env["DOCKER_HOST"]),
  });
  const kinds = { docker: kind("docker"), openai: kind("openai") };
  const bursts = (moment: number) => new Bursts(moment);
  const settings = (env: NodeJS.ProcessEnv = {}): Settings => readSettings(env, () => undefined, kinds);

  it("are opened once for many look-ups of a moment", async () => {
    const backends = bursts(60_000);
    const [first, second] = await Promise.all([
      backends.get("docker", settings()),
      backends.get("docker", settings()),
      backends.get("openai", settings()),
    ]);
    assert.equal(first, second);
    assert.deepEqual(opened, ["docker", "openai"]);
  });

  it("are opened anew by a later one, so that it tells what is then", async () => {
    const backends = bursts(20);
    const first = await backends.get("docker", settings());
    await sleep(30);
    assert.notEqual(await backends.get("docker", settings()), first);
  });

  it("are opened anew with other settings", async () => {
    const backends = bursts(60_000);
    await backends.get("docker", settings({ DOCKER_HOST: "unix:///a" }));
    await backends.get("docker", settings({ DOCKER_HOST: "unix:///b" }));
    assert.deepEqual(opened, ["docker", "docker"]);
  });

  it("are opened anew after a failure", async () => {
    const backends = bursts(60_000);
    failures = 1;
    assert.equal(await words(() => backends.get("docker", settings())), "It is down. Wait.");
    await backends.get("docker", settings());
    assert.deepEqual(opened, ["docker", "docker"]);
  });

  it("are those that there are", async () => {
    const says =
      'OC1007: There is no backend "podman". It must be docker or openai. Correct the setting openai-containers:backend; or, if a newer release created the container, upgrade the package.';
    assert.equal(await words(() => bursts(1).get("podman", settings())), says);
  });
});

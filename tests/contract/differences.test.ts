import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { archiveOf } from "../../provider/backends/docker/engine/archive";
import { failureStatus } from "../../provider/backends/docker/engine/failure";
import { expiredExitCode } from "../../provider/backends/docker/sandbox/watchdog";
import { containerSchema } from "../../provider/model/container";
import { CountedEmulator } from "../support/counted-emulator";
import { named } from "../support/create-context";
import { engineAt, sandboxArgs } from "../support/docker";
import { engineColumn } from "../support/engine-column";
import { FaultyEngine } from "../support/faulty-engine";
import { hosted, hostedArgs, key } from "../support/hosted";
import { canDebug, ScaledSandboxes } from "../support/scaled-sandboxes";
import { silent } from "../support/silent";
import { differences, type notDocumented, type notTried } from "./differences";
import { engineRows } from "./engines";

type Row = keyof typeof differences;
type Documented<Side extends "hosted" | "docker"> = {
  [R in Row]: (typeof differences)[R][Side] extends typeof notDocumented | typeof notTried ? never : R;
}[Row];
/** The probe of each row that can be observed. */
type Probes<Side extends "hosted" | "docker"> = Record<Documented<Side>, () => Promise<string>>;

const yesOrNo = (is: boolean) => (is ? "yes" : "no");

/** The longest accepted idle limit, in minutes. */
async function longest(create: (minutes: number) => Promise<unknown>): Promise<string> {
  let most = 0;
  for (const minutes of [1, 20, 21, 525_600, 525_601]) {
    await create(minutes).then(
      () => (most = minutes),
      () => {},
    );
  }
  return most.toLocaleString("en");
}

describe("the table of differences, column hosted", () => {
  let account: CountedEmulator;
  beforeEach(async () => {
    account = await CountedEmulator.start({ listLagSeconds: 120 });
  });
  afterEach(() => account.stop());

  const ask = (method: string, id: string) =>
    fetch(`${account.emulator.baseUrl}/containers/${id}`, { method, headers: { authorization: `Bearer ${key}` } });
  const statusOf = (id: string) => account.emulator.containers().find((one) => one.id === id)?.status;

  /** Whether an action in the middle of an idle minute prolongs a container's life. */
  async function isUse(act: (id: string) => unknown): Promise<string> {
    const [one = assert.fail()] = account.seed(1, 0, { expires_after: { anchor: "last_active_at", minutes: 1 } });
    account.clock.advance(40_000);
    await act(one.id);
    account.clock.advance(40_000);
    return yesOrNo(statusOf(one.id) !== "expired");
  }

  const probes: Probes<"hosted"> = {
    longest: () =>
      longest((minutes) => {
        const expiresAfter = { anchor: "last_active_at", minutes } as const;
        return account.backend.create(hostedArgs("analysis", { expiresAfter }), silent, named);
      }),
    list: () =>
      isUse(async (id) => {
        assert.equal(await account.backend.status(id, {}, silent), "running");
        assert.equal((await account.backend.list(undefined, silent)).length, 1);
      }),
    retrieve: () => isUse((id) => ask("GET", id)),
    // The endpoints of containers run no code: the test reports a use to the emulator.
    command: () => isUse((id) => account.emulator.touch(id)),
    remains: async () => {
      const [one = assert.fail()] = account.seed(1, 365 * 86_400);
      const listed = await account.backend.list(undefined, silent);
      return listed.some(({ id, status }) => id === one.id && status === "expired") ? "its entry" : "nothing";
    },
    deleted: async () => {
      const [one = assert.fail()] = account.seed(1, 0);
      await ask("DELETE", one.id);
      const { status } = await ask("GET", one.id);
      const [listed] = await account.backend.list(undefined, silent);
      account.clock.advance(600_000);
      const [later] = await account.backend.list(undefined, silent);
      return `${status}; ${listed && !later ? "stays in lists for a while" : "in no list"}`;
    },
    id: async () => {
      account.emulator.fault({ method: "POST", answer: { status: 400, body: {} } });
      const ids: string[] = [];
      const making = { ...named, announce: (id: string) => ids.push(id) };
      await assert.rejects(account.backend.create(hostedArgs("analysis"), silent, making));
      return ids.length > 0 ? "the provider" : "the API";
    },
    drift: async () => {
      const [one = assert.fail()] = account.seed(1, 0);
      const answers = await Promise.all(["POST", "PUT", "PATCH"].map((method) => ask(method, one.id)));
      return yesOrNo(answers.some(({ ok }) => ok));
    },
    precision: async () => {
      const [one = assert.fail()] = account.seed(1, 0);
      account.clock.advance(30_400);
      account.emulator.touch(one.id);
      const reported = (await (await hosted(account.emulator.baseUrl)).activity(one.id, {}, silent))?.lastActiveAt ?? 0;
      return `${Math.ceil(Math.abs(account.clock.now() / 1000 - reported) || 1)} s`;
    },
  };

  for (const [row, probe] of Object.entries(probes)) {
    it(`has the observed value in the row ${row}`, async () => assert.equal(await probe(), cell(row, "hosted")));
  }
});

describe("the table of differences, column Docker", () => {
  const minute = 5; // seconds
  const longMinute = 15; // seconds, so that a busy host does not make one half of it the whole
  let sandboxes: ScaledSandboxes;
  let longSandboxes: ScaledSandboxes;
  before(async () => {
    sandboxes = await ScaledSandboxes.open(minute);
    longSandboxes = await ScaledSandboxes.open(longMinute);
  });
  after(async () => {
    await sandboxes.end();
    await longSandboxes.end();
  });

  const container = (id: string) => sandboxes.host.client.getContainer(id);

  /** Whether an action late in an idle minute prolongs a container's life. */
  async function isUse(act: (id: string) => Promise<unknown>): Promise<string> {
    const id = await longSandboxes.create();
    await sleep(longMinute * 700);
    const acted = Date.now();
    await act(id);
    const lasted = ((await longSandboxes.ended(id)) - acted) / 1000;
    return yesOrNo(lasted >= longMinute - 1);
  }

  /** The poll interval of the watchdog for a limit of 20 real minutes, which is its accuracy. */
  async function pollIntervalOf20Minutes(): Promise<string> {
    const backend = new DockerBackend(sandboxes.host);
    const { id } = await backend.create(sandboxArgs(`${sandboxes.prefix}-real`), silent, named);
    sandboxes.add(id);
    return `${(await container(id).inspect()).Args.at(-1)} s`;
  }

  const probes: Probes<"docker"> = {
    longest: () =>
      longest(async (minutes) => {
        const expiresAfter = { anchor: "last_active_at", minutes } as const;
        const args = containerSchema.parse({ ...sandboxArgs(`${sandboxes.prefix}-long`), expiresAfter });
        const { id } = await sandboxes.backend.create({ ...args, name: `${sandboxes.prefix}-long` }, silent, named);
        sandboxes.add(id);
      }),
    list: () =>
      isUse(async (id) => {
        assert.equal(await sandboxes.backend.status(id), "running");
        await sandboxes.host.client.listContainers({ all: true });
      }),
    retrieve: () => isUse((id) => container(id).inspect()),
    command: () => isUse((id) => sandboxes.sh(id, "true")),
    file: () => isUse(async (id) => container(id).putArchive(await archiveOf([["data/file", "x"]]), { path: "/mnt" })),
    background: async () => {
      const id = await sandboxes.create();
      await sandboxes.startPython(id, "import signal; signal.pause()");
      const began = Date.now();
      return yesOrNo((await sandboxes.ended(id)) - began > 4 * minute * 1000);
    },
    paused: async () => {
      const id = await longSandboxes.create();
      await container(id).pause();
      await sleep((longMinute + 1) * 1000);
      await container(id).unpause();
      const resumed = Date.now();
      return yesOrNo((await longSandboxes.ended(id)) - resumed < longMinute * 500);
    },
    stops: async () => {
      const id = await sandboxes.create();
      await container(id).stop();
      const status = await sandboxes.statusOf(id);
      const isMended = status === "stopped" && (await sandboxes.backend.repair(id, {}, silent)).status === "running";
      return isMended ? "`docker stop`: `up` starts it again" : `${status}`;
    },
    remains: async () => {
      const id = await sandboxes.create();
      await sandboxes.sh(id, "echo x > /mnt/data/file");
      await sandboxes.ended(id);
      assert.equal(await sandboxes.statusOf(id), "expired");
      const isEmpty = await container(id)
        .getArchive({ path: "/mnt/data/file" })
        .then(
          () => false,
          () => true,
        );
      return `its stopped container, ${isEmpty ? "no files" : "its files"}`;
    },
    ends: async () => {
      const id = await sandboxes.create();
      await sandboxes.ended(id);
      return (await container(id).inspect()).State.ExitCode === expiredExitCode ? "its first process" : "another";
    },
    late: pollIntervalOf20Minutes,
    inside: async () => {
      const id = await sandboxes.create();
      await sandboxes.stopWatchdog(id);
      await sleep((minute + 16) * 1000);
      const ranOn = (await container(id).inspect()).State.Running;
      return `${yesOrNo(ranOn)}; may read as \`${(await sandboxes.observe(id))?.status}\``;
    },
    deleted: async () => {
      const id = await sandboxes.create();
      await sandboxes.backend.delete(id);
      const status = await container(id)
        .inspect()
        .then(() => 200, failureStatus);
      const all = await sandboxes.host.client.listContainers({ all: true, filters: { name: [id] } });
      return `${status}; ${all.length > 0 ? "stays in lists" : "in no list"}`;
    },
    id: async () => {
      const faulty = await new FaultyEngine(sandboxes.host.address.replace("unix://", "")).start();
      faulty.fault = (request) =>
        request.startsWith("POST /containers/create") ? { status: 400, message: "no" } : undefined;
      try {
        const ids: string[] = [];
        const backend = new DockerBackend(await engineAt(faulty.host));
        const making = { ...named, announce: (id: string) => ids.push(id) };
        await assert.rejects(backend.create(sandboxArgs(`${sandboxes.prefix}-none`), silent, making));
        return ids.length > 0 ? "the provider" : "the engine";
      } finally {
        faulty.stop();
      }
    },
    drift: async () => {
      const id = await sandboxes.create();
      const update = container(id).update({ Memory: 2 ** 32, MemorySwap: 2 ** 32 });
      const isRefused = await update.then(() => false, failureStatus);
      return yesOrNo(!isRefused && (await sandboxes.observe(id))?.memoryLimit === "4g");
    },
    precision: pollIntervalOf20Minutes,
  };

  it("has the observed value in each row", async () => {
    // All at the same time, as most of them wait.
    const tried = Object.entries(probes).filter(([row]) => row !== "inside" || canDebug);
    const observed = tried.map(async ([row, probe]) => [row, await probe()] as const);
    const column = await engineColumn(sandboxes.host.client);
    const expected = tried.map(([row]) => [row, row === "drift" ? engineRows.drift[column] : cell(row, "docker")]);
    assert.deepEqual(await Promise.all(observed), expected);
  });
});

function cell(row: string, side: "hosted" | "docker"): string | undefined {
  return Object.entries(differences).find(([name]) => name === row)?.[1][side];
}

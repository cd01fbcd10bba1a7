import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { containerSpec } from "../../provider/backends/docker/sandbox/container-spec";
import { named } from "../support/create-context";
import { assertNothingLeft, containersNamed, engine, sandboxArgs } from "../support/docker";
import { silent } from "../support/silent";
import { type Measured, type Row, rowsOf } from "./measure";
import { cpuShare, cpuTime, memoryOf, statsOf } from "./usage";

const count = 100;
const atOnce = 10; // makes an engine go as fast as it can
const rounds = 3;
const settling = 10_000; // ms in which an engine comes to rest
const window = 30_000; // ms: two looks of each watchdog

/** Sandboxes that nobody uses, beside as many containers that only sleep, and beside none of them. */
export async function watchdog(): Promise<Row[]> {
  const host = await engine();
  const { client } = host;
  const backend = new DockerBackend(host);
  const prefix = `b${randomBytes(4).toString("hex")}`;
  const args = sandboxArgs(prefix, { expiresAfter: { anchor: "last_active_at", minutes: 600 } });
  const removeAll = async () => {
    for (const id of await containersNamed(client, prefix)) await backend.delete(id);
  };

  const none = new Kind("none of them");
  const asleep = new Kind(`${count} that only sleep`, async () => {
    const id = `cntr_${randomBytes(24).toString("hex")}`;
    const spec = { ...containerSpec(id, args, 60), Entrypoint: ["sleep", "infinity"] };
    await (await client.createContainer(spec)).start();
    return id;
  });
  const ours = new Kind(`${count} sandboxes`, async () => (await backend.create(args, silent, named)).id);
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of [none, asleep, ours]) {
        await kind.measure(client);
        await removeAll();
      }
    }
  } finally {
    await removeAll();
  }
  await assertNothingLeft(client, prefix);

  const added = ({ host }: Kind) => host.map((cpu, round) => cpu - (none.host[round] ?? 0));
  return [
    ...rows("CPU of the host, all cores being 100 %", "%", [none, asleep, ours], ({ host }) => host),
    ...rows("CPU that they add to the host", "%", [asleep, ours], added),
    ...rows("CPU of their own processes", "%", [asleep, ours], ({ own }) => own),
    ...rows("memory of one's processes", "MB", [asleep, ours], ({ processes }) => processes),
    ...rows("memory of one's cgroup", "MB", [asleep, ours], ({ cgroup }) => cgroup),
  ];
}

function rows(title: string, unit: Row["unit"], kinds: Kind[], figures: (kind: Kind) => number[]): Row[] {
  const all = kinds.map((kind): Measured => [kind.what, figures(kind)]);
  return rowsOf(`${count} idle: ${title}`, unit, all);
}

/** One kind of container, and its figures round by round; of memory each container's. */
class Kind {
  /** What the host does, whatever for, and what the containers' processes do; all cores are 100. */
  readonly host: number[] = [];
  readonly own: number[] = [];
  /** What the processes have in memory, with their share of what several have; and what the kernel charges, in MB. */
  readonly processes: number[] = [];
  readonly cgroup: number[] = [];

  constructor(
    readonly what: string,
    private readonly make?: () => Promise<string>,
  ) {}

  /** Makes as many, and looks on while nobody uses them. */
  async measure(client: Docker): Promise<void> {
    const containers: Docker.Container[] = [];
    while (this.make && containers.length < count) {
      const made = Array.from({ length: atOnce }, this.make);
      await Promise.allSettled(made); // so that what is removed after a failure is all
      for (const id of await Promise.all(made)) containers.push(client.getContainer(id));
    }
    await sleep(settling);

    const before = await statsOf(containers);
    const host = cpuTime();
    await sleep(window);
    const hostNow = cpuTime();
    const now = await statsOf(containers);

    this.host.push((100 * (hostNow.busy - host.busy)) / (hostNow.all - host.all));
    this.own.push(cpuShare(before, now));
    this.cgroup.push(...now.map(({ memory_stats: { usage } }) => usage / 2 ** 20));
    for (const container of containers) {
      const { Id, State } = await container.inspect();
      this.processes.push(memoryOf(State.Pid, Id) / 2 ** 20);
    }
  }
}

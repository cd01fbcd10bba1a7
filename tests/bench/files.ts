import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { dataFolderEntry } from "../../provider/backends/docker/content/data-archive";
import { fileName } from "../../provider/backends/docker/content/placed-names";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { archiveOf } from "../../provider/backends/docker/engine/archive";
import { containerSpec } from "../../provider/backends/docker/sandbox/container-spec";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, sandboxArgs } from "../support/docker";
import { silent } from "../support/silent";
import { stubAccount } from "../support/stub-account";
import { accountWith, type CopiedFiles } from "./files-account";
import { counted, inTurn, type Row, timed } from "./measure";
import { RawEngine } from "./raw-engine";
import { Worker } from "./worker";

const copied = { small: 1_000, megabytes: 100 };
const smallest = { small: 0, megabytes: 1 };

/** A sandbox with files of the account, beside the same calls made raw on the engine's socket, and the memory that takes. */
export async function files(): Promise<Row[]> {
  const host = await engine();
  const prefix = `b${randomBytes(4).toString("hex")}`;
  const accountFiles = accountWith(copied);
  const args = sandboxArgs(prefix, { fileIds: Object.keys(accountFiles) });
  const backend = new DockerBackend(host, { openAccount: stubAccount(accountFiles) });
  const raw = new RawEngine(host.address.replace("unix://", ""));
  const contents = Object.entries(accountFiles).map(([id, { name, content }]): [string, Buffer] => [
    `${dataFolderEntry.name}/${fileName(id, name)}`,
    Buffer.isBuffer(content) ? content : Buffer.alloc(content.bytes, 1),
  ]);
  const archive = await archiveOf(contents, [dataFolderEntry]);

  const removed = async (create: () => Promise<string>) => {
    let id = "";
    const took = await timed(async () => {
      id = await create();
    });
    await backend.delete(id);
    return took;
  };
  const rows = await inTurn(`a sandbox with ${copied.small} small files and ${copied.megabytes} MB`, "ms", 5, [
    [
      "the same calls raw, one archive in memory",
      () =>
        removed(async () => {
          const id = `cntr_${randomBytes(24).toString("hex")}`;
          await raw.call("POST", `/containers/create?name=${id}`, containerSpec(id, args, 60));
          await raw.call("PUT", `/containers/${id}/archive?path=/mnt`, archive);
          await raw.call("POST", `/containers/${id}/start`);
          await raw.call("GET", `/containers/${id}/json`);
          await raw.call("GET", `/containers/${id}/logs?stdout=1&stderr=1`);
          return id;
        }),
    ],
    ["ours: files of the account, streamed", () => removed(async () => (await backend.create(args, silent, named)).id)],
  ]);
  const memory: [string, number][] = [];
  for (const some of [smallest, { ...smallest, megabytes: copied.megabytes }, { ...smallest, megabytes: 400 }])
    memory.push([`${some.megabytes} MB`, await peakMemory(some)]);
  await assertNothingLeft(host.client, prefix);
  return [...rows, ...counted("a sandbox with one file: peak memory of the process", "MB", memory)];
}

async function peakMemory(some: CopiedFiles): Promise<number> {
  const worker = new Worker<CopiedFiles>(join(__dirname, "files-worker.ts"));
  try {
    return await worker.ask(some);
  } finally {
    await worker.stop();
  }
}

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { BackendError } from "../../provider/backends/backend";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { failureStatus } from "../../provider/backends/docker/engine/failure";
import { memoryLimits } from "../../provider/backends/docker/engine/hardening";
import { requireLimits } from "../../provider/backends/docker/engine/requirements";
import { ensureImage } from "../../provider/backends/docker/images/ensure";
import { RawEngine } from "../bench/raw-engine";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, image, inside, sandboxArgs, stopped, volumesOf } from "../support/docker";
import { engineColumn } from "../support/engine-column";
import { gatewayImage } from "../support/live/images";
import { RawContainers } from "../support/raw-containers";
import { startRegistry } from "../support/registry";
import { silent } from "../support/silent";
import { type EngineColumn, engineRows, engines, enginesTable } from "./engines";

const gib = 2 ** 30;
const createAnswer = z.object({ Id: z.string(), Warnings: z.array(z.string()).nullish() });

const yesOrNo = (is: boolean) => (is ? "yes" : "no");
const isResponse = (error: unknown) => failureStatus(error) !== undefined;

describe("the table of engines, column of the engine that this runs on", () => {
  const prefix = `t${randomBytes(4).toString("hex")}`;
  const made: string[] = [];
  const cells: Record<string, string> = {};
  let host: Engine;
  let backend: DockerBackend;
  let raw: RawContainers;
  let column: EngineColumn;

  before(async () => {
    host = await engine();
    backend = new DockerBackend(host, { gatewayImage, minute: 3 });
    raw = new RawContainers(host.client, prefix);
    column = await engineColumn(host.client);
  });
  after(async () => {
    for (const id of made) await backend.delete(id);
    await raw.removeAll();
    await assertNothingLeft(host.client, prefix);
    const isWanted = process.env["OPENAI_CONTAINERS_TEST_PRINTS_ENGINES"];
    if (isWanted) process.stdout.write(`\n${engines[column]}, as observed:\n${enginesTable({ column, cells })}\n`);
  });

  const create = async (changes = {}) => {
    const { id } = await backend.create(sandboxArgs(`${prefix}-${made.length}`, changes), silent, named);
    made.push(id);
    return id;
  };
  const sh = async (id: string, command: string) => (await inside(host.client, id, command)).text;

  const probes: Record<keyof typeof engineRows, () => Promise<string>> = {
    sandboxes: async () => {
      const status = await backend.status(await create());
      return status === "running" ? "works" : String(status);
    },
    allowLists: async () => {
      const id = await create({ networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] } });
      const status = await backend.status(id);
      return status === "running" ? "works" : String(status);
    },
    expiry: async () => {
      const id = await create({ expiresAfter: { anchor: "last_active_at", minutes: 1 } });
      await stopped(host.client, id);
      const status = (await backend.observe(id))?.status;
      return status === "expired" ? "works" : String(status);
    },
    repair: async () => {
      const id = await create();
      await host.client.getContainer(id).stop();
      assert.equal((await backend.observe(id))?.status, "stopped");
      const { status } = await backend.repair(id, {}, silent);
      return status === "running" ? "works" : status;
    },
    imports: async () => {
      const id = await raw.run("candidate", { HostConfig: { Init: true } });
      const { refusals } = (await backend.candidate(id)) ?? assert.fail();
      return refusals.length === 0 ? "works" : `rejected: ${refusals.join("; ")}`;
    },
    limits: async () => {
      const HostConfig = { ...memoryLimits(gib), PidsLimit: 100, NetworkMode: "none", Init: true };
      const spec = { Image: image, Cmd: ["sleep", "infinity"], HostConfig };
      const raw = new RawEngine(host.address.replace("unix://", ""));
      const { Id, Warnings } = createAnswer.parse(JSON.parse(await raw.call("POST", "/containers/create", spec)));
      const container = host.client.getContainer(Id);
      try {
        await container.start();
        const files = ["memory.max", "pids.max", "memory/memory.limit_in_bytes", "pids/pids.max"];
        const found = await sh(Id, `cd /sys/fs/cgroup && cat ${files.join(" ")} 2>/dev/null`);
        if (found === `${gib}\n100`) return "enforced";
        return Warnings?.length ? `ignored: ${Warnings}` : "ignored, without a warning";
      } finally {
        await container.remove({ force: true });
      }
    },
    drift: async () => {
      const id = await raw.run("changed", { HostConfig: { Init: true } });
      const update = host.client.getContainer(id).update({ Memory: 2 * gib, MemorySwap: 2 * gib });
      const isRefused = await update.then(() => false, isResponse);
      const files = "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null";
      return yesOrNo(!isRefused && (await sh(id, files)) === String(2 * gib));
    },
    unknownName: async () => {
      const id = await create({ networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"] } });
      const lookUp = `import socket
try: socket.getaddrinfo("b.example.com", 443)
except socket.gaierror as e: print(e.errno)`;
      const errno = await sh(id, `python3 -c '${lookUp}'`);
      return { "-2": "no such name", "-3": "temporary failure" }[errno] ?? errno; // netdb.h: EAI_NONAME, EAI_AGAIN
    },
    vsock: async () => {
      const open = `import socket
try: socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM); print(0)
except OSError as e: print(e.errno)`;
      const errno = await sh(await create(), `python3 -c '${open}'`);
      // A profile that denies them says EPERM; a kernel without them says EAFNOSUPPORT, past the profile.
      return { "0": "yes", "97": "yes", "1": "no" }[errno] ?? errno;
    },
    folders: async () => {
      const find = "find / -path /proc -prune -o -type d -writable -print 2>/dev/null";
      const found = (await sh(await create(), find)).split("\n").sort();
      return found.map((folder) => `\`${folder}\``).join(" ");
    },
    volumes: async () => {
      await create();
      return yesOrNo((await volumesOf(host.client, prefix)).length > 0);
    },
    progress: async () => {
      requireLimits(host); // as a create does before a pull
      const registry = await startRegistry({ layers: "slowly" });
      const messages: string[] = [];
      try {
        await ensureImage(host, registry.image, { ...silent, progress: (text) => messages.push(text) });
        return yesOrNo(messages.some((text) => / \d+ %$/.test(text)));
      } finally {
        registry.stop();
        await host.client.getImage(registry.image).remove();
      }
    },
    location: async () => {
      const { ID, Name, DockerRootDir } = await host.client.info();
      if (host.location === `docker:${ID}`) return "its ID";
      return host.location === `podman:${Name}:${DockerRootDir}`
        ? "its host's name and its storage folder"
        : host.location;
    },
  };

  for (const [name, row] of Object.entries(engineRows)) {
    it(`has what the engine does in the row: ${row.what}`, async () => {
      const probe = Object.entries(probes).find(([other]) => other === name)?.[1] ?? assert.fail();
      cells[name] = await probe().catch((error: unknown) => {
        if (error instanceof BackendError) return `rejected (${error.code})`;
        throw error;
      });
      assert.equal(cells[name], row[column]);
    });
  }
});

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import type { Engine } from "../../provider/backends/docker/engine/engine";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, inside, sandboxArgs, stopped, volumesOf } from "../support/docker";
import { engineColumn } from "../support/engine-column";
import { silent } from "../support/silent";
import { type EngineColumn, engineRows } from "./engines";

describe("a sandbox on Docker", () => {
  const prefix = `t${randomBytes(4).toString("hex")}`;
  let host: Engine;
  let backend: DockerBackend;
  let column: EngineColumn;
  let id: string;
  const sh = (command: string, user?: string) => inside(host.client, id, command, user);

  before(async () => {
    host = await engine();
    column = await engineColumn(host.client);
    backend = new DockerBackend(host);
    ({ id } = await backend.create(sandboxArgs(`${prefix}-sandbox`), silent, named));
  });
  after(async () => {
    await backend.delete(id);
    await assertNothingLeft(host.client, prefix);
  });

  it("has its memory limited by the kernel, swap included", async () => {
    const files = "/sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes";
    const swapFiles = "/sys/fs/cgroup/memory.swap.max /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes";
    assert.equal((await sh(`cat ${files} 2>/dev/null`)).text, String(2 ** 30));
    // cgroup v2 counts swap by itself (none left), v1 together with memory (the same limit).
    assert.match((await sh(`cat ${swapFiles} 2>/dev/null`)).text, /^(0|1073741824)$/);
  });

  it("outlives a process that exceeds the memory limit", async () => {
    const { code } = await sh('python3 -c "b = bytearray(1200 * 2**20)"');
    assert.equal(code, 137);
    assert.equal((await backend.observe(id))?.status, "running");
  });

  it("has no network", async () => {
    assert.equal((await sh("ls /sys/class/net")).text, "lo");
    assert.equal((await sh("tail -n +2 /proc/net/route")).text, "");
  });

  it("runs as nobody, without capabilities, and cannot gain privileges", async () => {
    assert.equal((await sh("id -u; id -g")).text, "65534\n65534");
    const status = (await sh("grep -E '^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):' /proc/self/status"))
      .text;
    const values = status.split("\n").map((line) => line.split(/\s+/)[1]);
    assert.deepEqual(values, [...Array(5).fill("0000000000000000"), "1", "2"]);
  });

  it("can write to its data folder and to folders in memory, and nowhere else", async () => {
    assert.equal((await sh("pwd; stat -c '%u:%g' /mnt/data")).text, "/mnt/data\n65534:65534");
    assert.equal((await sh("touch /mnt/data/a /tmp/a")).code, 0);
    const folders = (await sh("find / -path /proc -prune -o -type d -writable -print 2>/dev/null")).text.split("\n");
    assert.equal(
      folders
        .sort()
        .map((folder) => `\`${folder}\``)
        .join(" "),
      engineRows.folders[column],
    );
    assert.notEqual((await sh("touch /etc/a", "0")).code, 0, "root's too, as the file system is read-only");
  });

  it("cannot start more processes than its limit", async () => {
    const script = `
import os, signal
children = []
try:
    while len(children) < 3000:
        child = os.fork()
        if child == 0: signal.pause()
        children.append(child)
except OSError: pass
print(len(children))
for child in children: os.kill(child, signal.SIGKILL)`;
    const started = Number((await sh(`python3 -c '${script}'`)).text);
    assert.ok(started > 900 && started < 1024, `started ${started}`);
  });

  it("cannot kill its watchdog from inside", async () => {
    await sh("kill -9 1; kill -STOP 1; true");
    assert.equal((await backend.observe(id))?.status, "running");
    assert.match((await sh("cat /proc/1/stat")).text, /^1 \(sh\) [SR] /);
  });

  it("keeps its files when it is stopped and repaired", async () => {
    await sh("echo kept > /mnt/data/file");
    await host.client.getContainer(id).kill();
    await stopped(host.client, id);
    assert.equal((await backend.observe(id))?.status, "stopped");
    assert.equal((await backend.repair(id, {}, silent)).status, "running");
    assert.equal((await sh("cat /mnt/data/file; echo more >> /mnt/data/file")).text, "kept");
  });

  it("stops at once at docker stop", async () => {
    await host.client.getContainer(id).stop({ t: 60 });
    // Of SIGTERM: a process that goes on is killed, with 137.
    assert.equal((await host.client.getContainer(id).inspect()).State.ExitCode, 143);
    assert.equal((await backend.observe(id))?.status, "stopped");
    await backend.repair(id, {}, silent);
  });

  it("reports a memory limit that was changed outside Pulumi, which Podman cannot change", async () => {
    if (column === "podman") {
      const update = host.client.getContainer(id).update({ Memory: 2 * 2 ** 30, MemorySwap: 2 * 2 ** 30 });
      await assert.rejects(update, { statusCode: 404 });
      return;
    }
    await host.client.getContainer(id).update({ Memory: 2 * 2 ** 30, MemorySwap: 2 * 2 ** 30 });
    assert.equal((await backend.observe(id))?.memoryLimit, `${2 * 2 ** 30} bytes`);
    await host.client.getContainer(id).update({ Memory: 4 * 2 ** 30, MemorySwap: 4 * 2 ** 30 });
    assert.equal((await backend.observe(id))?.memoryLimit, "4g");
  });

  it("is deleted with its volume", async () => {
    const { Mounts } = await host.client.getContainer(id).inspect();
    const volume = Mounts.find(({ Destination }) => Destination === "/mnt")?.Name ?? "";
    assert.deepEqual(await volumesOf(host.client, prefix), engineRows.volumes[column] === "yes" ? [volume] : []);
    await backend.delete(id);
    await assert.rejects(host.client.getVolume(volume).inspect(), /no such volume/i);
  });
});

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../provider/backends/docker/engine";
import { readSettings } from "../../provider/config";

const patience = 30_000; // ms

/** Another real Docker engine beside the machine's own, which it leaves alone: own folders, no bridge, no firewall rules. */
export class SecondEngine {
  static readonly canStart = process.getuid?.() === 0 && spawnSync("dockerd", ["--version"]).status === 0;

  /** @param options.disk megabytes of a disk of its own, in memory; without one it uses the host's */
  static async start({ disk, flags = [] }: { disk?: number; flags?: string[] } = {}): Promise<SecondEngine> {
    const folder = mkdtempSync(join(tmpdir(), "openai-containers-dockerd-"));
    if (disk) spawnSync("mount", ["-t", "tmpfs", "-o", `size=${disk}m`, "tmpfs", folder]);
    const host = `unix://${folder}/docker.sock`;
    const place = [
      `--host=${host}`,
      `--data-root=${folder}/data`,
      `--exec-root=${folder}/exec`,
      `--pidfile=${folder}/pid`,
    ];
    const quiet = ["--bridge=none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false"];
    // Up to 20.10 an engine has its identity from a file that all engines of a host share, unless told otherwise.
    const { stdout: version } = spawnSync("dockerd", ["--version"], { encoding: "utf8" });
    const own = version.includes("version 20.10.") ? { "deprecated-key-path": join(folder, "key.json") } : {};
    const config = join(folder, "daemon.json");
    writeFileSync(config, JSON.stringify(own));
    const child = spawn("dockerd", [`--config-file=${config}`, ...place, ...quiet, ...flags], { stdio: "ignore" });
    const { docker } = readSettings({ DOCKER_HOST: host }, () => undefined);
    for (const end = Date.now() + patience; ; await sleep(100)) {
      try {
        await connect(docker);
        return new SecondEngine(host, folder, child);
      } catch (error) {
        if (Date.now() < end) continue;
        child.kill();
        throw error;
      }
    }
  }

  private constructor(
    readonly host: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill();
    await ended;
    spawnSync("umount", [this.folder]); // fails where it is no mount
    rmSync(this.folder, { recursive: true, force: true });
  }
}

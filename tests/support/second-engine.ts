import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { engineAt } from "./docker";

const startTimeoutMs = 120_000;

interface Options {
  disk?: number;
  resolver?: string;
  flags?: string[];
}

/**
 * A second real Docker engine besides the machine's own, which it does not affect: folders and a bridge of its own (an engine
 * without a bridge would remove docker0), no firewall rules.
 */
export class SecondEngine {
  static readonly canStart =
    process.getuid?.() === 0 &&
    [
      ["dockerd", "--version"],
      ["ip", "-V"],
    ].every(([command = "", flag = ""]) => spawnSync(command, [flag]).status === 0);

  /**
   * @param options.disk megabytes of a disk of its own, in memory; without one it uses the host's
   * @param options.resolver the host's name server, as this engine sees it; without one it is the host's own
   */
  static async start({ disk, resolver, flags = [] }: Options = {}): Promise<SecondEngine> {
    const folder = mkdtempSync(join(tmpdir(), "openai-containers-dockerd-"));
    if (disk) spawnSync("mount", ["-t", "tmpfs", "-o", `size=${disk}m`, "tmpfs", folder]);
    const host = `unix://${folder}/docker.sock`;
    const folders = [
      `--host=${host}`,
      `--data-root=${folder}/data`,
      `--exec-root=${folder}/exec`,
      `--pidfile=${folder}/pid`,
    ];
    const bridge = `oct${randomBytes(4).toString("hex")}`;
    execFileSync("ip", ["link", "add", bridge, "type", "bridge"]);
    execFileSync("ip", ["addr", "add", `10.112.${randomInt(256)}.${randomInt(64) * 4 + 1}/30`, "dev", bridge]);
    const quiet = [
      `--bridge=${bridge}`,
      "--iptables=false",
      "--ip6tables=false",
      "--ip-forward=false",
      "--ip-masq=false",
    ];
    // Up to 20.10 an engine has its identity from a file that all engines of a host share, unless configured otherwise.
    const { stdout: version } = spawnSync("dockerd", ["--version"], { encoding: "utf8" });
    const own = version.includes("version 20.10.") ? { "deprecated-key-path": join(folder, "key.json") } : {};
    const config = join(folder, "daemon.json");
    writeFileSync(config, JSON.stringify(own));
    const names = join(folder, "resolv.conf");
    writeFileSync(names, `nameserver ${resolver}\n`);
    const see =
      resolver === undefined
        ? []
        : ["unshare", "--mount", "sh", "-c", `mount --bind ${names} /etc/resolv.conf && exec "$@"`, "sh"];
    const [command = "", ...args] = [...see, "dockerd", `--config-file=${config}`, ...folders, ...quiet, ...flags];
    const child = spawn(command, args, { stdio: "ignore" });
    for (const end = Date.now() + startTimeoutMs; ; await sleep(100)) {
      try {
        await engineAt(host);
        return new SecondEngine(host, folder, bridge, child);
      } catch (error) {
        if (Date.now() < end) continue;
        child.kill();
        execFileSync("ip", ["link", "del", bridge]);
        throw error;
      }
    }
  }

  private constructor(
    readonly host: string,
    private readonly folder: string,
    private readonly bridge: string,
    private readonly child: ChildProcess,
  ) {}

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill();
    await ended;
    execFileSync("ip", ["link", "del", this.bridge]);
    spawnSync("umount", [this.folder]); // fails where it is no mount
    rmSync(this.folder, { recursive: true, force: true });
  }
}

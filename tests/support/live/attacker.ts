import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { archiveOf } from "../../../provider/backends/docker/archive";
import { inside } from "../docker";
import type { Step } from "./client-program";
import { compiled } from "./compiled";
import { clientsImage } from "./images";
import type { LiveSite, Outcome } from "./site";

/** A container on any network of the engine, whose code is root and may do to its network what no sandbox may. */
export class Attacker {
  private constructor(
    private readonly client: Docker,
    private readonly container: Docker.Container,
  ) {}

  static async on(site: LiveSite, network: string): Promise<Attacker> {
    const container = await site.client.createContainer({
      Image: clientsImage,
      Entrypoint: ["sleep", "600"],
      Labels: site.labels,
      HostConfig: { NetworkMode: network, CapAdd: ["NET_ADMIN", "NET_RAW"], Init: true },
    });
    const program: [string, string] = ["client.js", compiled(join(__dirname, "client-program.ts"))];
    await container.putArchive(await archiveOf([program]), { path: "/" });
    await container.start();
    return new Attacker(site.client, container);
  }

  async run(command: string): Promise<string> {
    return (await inside(this.client, this.container.id, command)).text;
  }

  /** Sends a datagram to port 80 of an address. */
  async send(to: string, text: string): Promise<void> {
    const program = `import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"${text}", ("${to}", 80))`;
    assert.equal(await this.run(`python3 -c '${program}'`), "");
  }

  /** Sends it again until it has had its effect, as a single datagram may be lost. */
  async sendUntil(to: string, text: string, isSo: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 20_000; ; ) {
      await this.send(to, text);
      if (await isSo()) return;
      assert.ok(Date.now() < end, `no "${text}" for ${to} came through`);
    }
  }

  async say(...steps: Step[]): Promise<Outcome> {
    return JSON.parse(await this.run(`node /client.js '${JSON.stringify(steps)}'`));
  }

  /** Sends what is for an address by way of a neighbour. */
  async route(to: string, by: string): Promise<void> {
    await inNetworkOf(this.container, "ip", "route", "replace", to, "via", by);
  }

  async remove(): Promise<void> {
    await this.container.remove({ force: true });
  }
}

/** Runs a program of this host in a container's network, as its own root could with the capabilities for it. */
export async function inNetworkOf(container: Docker.Container, ...command: string[]): Promise<void> {
  const { State } = await container.inspect();
  const { status, stderr } = spawnSync("nsenter", ["-t", String(State.Pid), "-n", ...command], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

/**
 * How many packets for another address a container's kernel has forwarded, and how many it has discarded as a host that
 * forwards none: ipForwDatagrams and ipInAddrErrors of RFC 1213.
 */
export async function packetsForOthers(container: Docker.Container): Promise<{ forwarded: number; discarded: number }> {
  const { State } = await container.inspect();
  const snmp = readFileSync(`/proc/${State.Pid}/net/snmp`, "utf8"); // a line of names, and one of their values
  const [names = [], values = []] = [...snmp.matchAll(/^Ip: (.*)$/gm)].map(([, line = ""]) => line.split(" "));
  const value = (name: string) => Number(values[names.indexOf(name)]);
  return { forwarded: value("ForwDatagrams"), discarded: value("InAddrErrors") };
}

/**
 * Lets everything pass an engine's firewall to and from one of its networks, but for moments: whenever anybody makes a
 * network, the engine deletes the jump to DOCKER-USER and inserts it again, and drops what comes in between
 * (`EnsureJumpRule` of moby's libnetwork/iptables).
 * @returns what closes it again
 */
export async function openFirewall(client: Docker, network: string): Promise<() => void> {
  const { Id } = await client.getNetwork(network).inspect();
  const bridge = `br-${Id.slice(0, 12)}`;
  const rules = [
    ...["-i", "-o"].map((side) => ["filter", "DOCKER-USER", side, bridge]),
    // From Docker 28 on what is for a container is dropped there, unless it comes by the container's own bridge.
    ["raw", "PREROUTING", "-i", bridge],
  ];
  // Without the chain the engine keeps no firewall.
  if (spawnSync("iptables", ["-w", "-nL", "DOCKER-USER"]).status !== 0) return () => {};
  const change = (how: "-I" | "-D") => {
    for (const [table = "", ...rule] of rules)
      execFileSync("iptables", ["-w", "-t", table, how, ...rule, "-j", "ACCEPT"]);
  };
  change("-I");
  return () => change("-D");
}

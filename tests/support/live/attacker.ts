import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type Docker from "dockerode";
import { archiveOf } from "../../../provider/backends/docker/engine/archive";
import { inside } from "../docker";
import { compiled } from "../egress/compiled";
import type { Step } from "./client-program";
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
    const attacker = new Attacker(site.client, container);
    await attacker.put(["client.js", compiled(join(__dirname, "client-program.ts"))]);
    await container.start();
    return attacker;
  }

  async run(command: string): Promise<string> {
    return (await inside(this.client, this.container.id, command)).text;
  }

  /** Places a file in its root folder. */
  async put(file: [name: string, content: string]): Promise<void> {
    await this.container.putArchive(await archiveOf([file]), { path: "/" });
  }

  async say(...steps: Step[]): Promise<Outcome> {
    return JSON.parse(await this.run(`node /client.js '${JSON.stringify(steps)}'`));
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

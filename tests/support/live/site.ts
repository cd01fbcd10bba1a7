import assert from "node:assert/strict";
import { randomBytes, randomInt } from "node:crypto";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { gatewayLabel, gatewayName } from "../../../provider/backends/docker/allowlist/gateway/gateway-spec";
import { Gateways } from "../../../provider/backends/docker/allowlist/gateways";
import { recordedRules } from "../../../provider/backends/docker/allowlist/rules/rules";
import { DockerBackend } from "../../../provider/backends/docker/docker-backend";
import { archiveOf } from "../../../provider/backends/docker/engine/archive";
import type { Engine } from "../../../provider/backends/docker/engine/engine";
import type { Container } from "../../../provider/model/container";
import type { Observed } from "../../../provider/model/record";
import { named } from "../create-context";
import { engine, inside, sandboxArgs } from "../docker";
import { Authority } from "../egress/authority";
import { compiled } from "../egress/compiled";
import { silent } from "../silent";
import type { Step } from "./client-program";
import { clientsImage, gatewayImage } from "./images";
import { demultiplexed, LiveUpstream } from "./upstream";

/** Names that every sandbox of these tests may reach, and one that none may, although it exists as the others do. */
export const allowed = ["a.example.com", "b.example.com"];
export const denied = "evil.example.com";
export const secret = { domain: "a.example.com", name: "TOKEN", value: 'sk-"value"/of+the=secret' };

const label = "openai-containers.test";

/** The outcome of a client's steps. */
export interface Outcome {
  said: string;
  end: string;
}

/** A sandbox with its recorded arguments. */
interface Repairable {
  id: string;
  args: Pick<Container, "networkPolicy" | "docker">;
}

/** Upstreams on a network of the test's own, and sandboxes whose gateways may dial them there. */
export class LiveSite {
  readonly authority = new Authority();
  readonly backend: DockerBackend;
  upstream!: LiveUpstream;
  private readonly networks: string[] = [];
  private readonly sandboxes: LiveSandbox[] = [];
  private readonly prefix = `l${randomBytes(4).toString("hex")}`;
  private readonly label = `${label}.${this.prefix}`;
  readonly labels = { [this.label]: "" };

  private constructor(
    /** Its client connects each new gateway to the network of the upstreams. */
    readonly host: Engine,
    private readonly gatewayImage: string,
  ) {
    const client: Docker = Object.create(host.client);
    client.createContainer = async (spec: Docker.ContainerCreateOptions) => {
      const container = await host.client.createContainer(spec);
      // Before it starts, as a gateway reads its DNS servers then.
      if (spec.name === gatewayName(spec.Labels?.[gatewayLabel] ?? ""))
        await host.client.getNetwork(this.network).connect({ Container: container.id });
      return container;
    };
    this.host = { ...host, client };
    this.backend = this.nextRun();
  }

  /** On the usual engine, or on another one that has these images. */
  static async start(host?: Engine, image = gatewayImage): Promise<LiveSite> {
    const site = new LiveSite(host ?? (await engine()), image);
    const { network, subnet } = await site.addNetwork();
    site.network = network;
    site.range = subnet;
    site.upstream = await site.addUpstream([...allowed, denied]);
    return site;
  }

  network = "";
  /** The network of the upstreams. */
  range = "";

  get client(): Docker {
    return this.host.client;
  }

  get isPodman(): boolean {
    return this.host.location.startsWith("podman:");
  }

  /** A backend as the next run of the program has it, which remembers nothing. */
  nextRun(engine = this.host): DockerBackend {
    return new DockerBackend(engine, { gatewayImage: this.gatewayImage });
  }

  /** A network with unique addresses, which is not internal by default. */
  async addNetwork(
    options: Pick<Docker.NetworkCreateOptions, "Internal" | "Options"> = {},
  ): Promise<{ network: string; subnet: string }> {
    const network = `${this.prefix}-${this.networks.length}`;
    for (;;) {
      const subnet = `198.18.${randomInt(256)}.0/24`;
      try {
        await this.client.createNetwork({
          ...options,
          Name: network,
          Labels: this.labels,
          IPAM: { Driver: "default", Config: [{ Subnet: subnet }] },
        });
        this.networks.push(network);
        return { network, subnet };
      } catch (error) {
        if (!(error instanceof Error) || !/overlap/.test(error.message)) throw error;
      }
    }
  }

  /** This host's address on the upstreams' network. */
  async bridgeAddress(): Promise<string> {
    const { IPAM } = await this.client.getNetwork(this.network).inspect();
    return IPAM?.Config?.[0]?.Gateway ?? this.range.replace("0/24", "1");
  }

  addUpstream(
    names: string[],
    { network = this.network, tls = this.authority.sign(names) } = {},
  ): Promise<LiveUpstream> {
    return LiveUpstream.start(this.client, { image: this.gatewayImage, network, names, labels: this.labels, tls });
  }

  /** A sandbox with an allow list, whose gateway is on the upstreams' network too. */
  async addSandbox(
    {
      allowedDomains = allowed,
      domainSecrets = [secret],
    }: { allowedDomains?: string[]; domainSecrets?: (typeof secret)[] } = {},
    changes: Partial<Container> = {},
  ): Promise<LiveSandbox> {
    const egress = { privateRanges: [this.range], certificateAuthorities: [this.authority.certificate] };
    const networkPolicy = { type: "allowlist", allowedDomains, domainSecrets } as const;
    const docker = { image: clientsImage, egress };
    const args = sandboxArgs(`${this.prefix}-${this.sandboxes.length}`, { networkPolicy, docker, ...changes });
    const { id } = await this.backend.create(args, silent, named);
    const sandbox = new LiveSandbox(this, id, args);
    this.sandboxes.push(sandbox);
    const program: [string, string] = ["client.js", compiled(join(__dirname, "client-program.ts"))];
    await this.client.getContainer(id).putArchive(await archiveOf([program]), { path: "/mnt/data" });
    return sandbox;
  }

  /** Puts a sandbox's gateway on one more network of upstreams, whose names it then resolves. */
  async connectGateway({ id }: LiveSandbox, network: string): Promise<void> {
    await this.client.getNetwork(network).connect({ Container: gatewayName(id) });
  }

  /** Repairs a sandbox, as the next `up` does. */
  repair({ id, args }: Repairable): Promise<Observed> {
    const recorded = { createdAt: 1, networkPolicy: args.networkPolicy, docker: args.docker };
    return this.nextRun().repair(id, recorded, silent);
  }

  /**
   * Requests a URL in a stack's sandbox, with the placeholder of its secret. Its gateway is put on the upstreams' network
   * where it is a new one, and repaired, as it reads its name server when it receives its policy.
   * @returns what curl prints
   */
  async requested(sandbox: Repairable, url: string): Promise<string> {
    const isNew = await this.client
      .getNetwork(this.network)
      .connect({ Container: gatewayName(sandbox.id) })
      .then(
        () => true,
        () => false, // it is there
      );
    if (isNew) await this.repair(sandbox);
    const command = `curl -sS --max-time 10 -H "Authorization: Bearer $TOKEN" ${url} 2>&1`;
    return (await inside(this.client, sandbox.id, command)).text;
  }

  /** Runs a script in Node beside a gateway. @returns its output */
  async inGateway({ id }: LiveSandbox, script: string): Promise<string> {
    const exec = await this.client
      .getContainer(gatewayName(id))
      .exec({ Cmd: ["node", "-e", script], AttachStdout: true });
    return demultiplexed(await buffer(await exec.start({})));
  }

  /** Gives a sandbox's gateway another policy than it was made with, or that one again. */
  async rearm({ id, args }: LiveSandbox, policy = args.networkPolicy): Promise<void> {
    assert.equal(policy.type, "allowlist");
    const sandbox = this.client.getContainer(id);
    const inspected = await sandbox.inspect();
    const rules = recordedRules(id, { networkPolicy: args.networkPolicy, docker: args.docker }, inspected);
    const gateways = new Gateways(this.host, this.gatewayImage);
    const changed = policy.type === "allowlist" ? { ...rules, policy } : rules;
    await gateways.connect(sandbox, inspected, Promise.resolve(), changed);
  }

  /** Removes all, and fails if anything of a sandbox is orphaned. */
  async stop(): Promise<void> {
    for (const { id } of this.sandboxes) await this.backend.delete(id);
    const filters = { label: [this.label] };
    for (const { Id } of await this.client.listContainers({ all: true, filters })) {
      await this.client.getContainer(Id).remove({ force: true, v: true });
    }
    for (const network of this.networks) await this.client.getNetwork(network).remove();
    this.authority.remove();
    for (const { id, args } of this.sandboxes) assert.deepEqual(await partsOf(this.client, id, args.name), []);
  }
}

/**
 * The parts of a sandbox with an allow list on the engine: itself, its gateway and listeners, the network of an earlier
 * version, and, by the name in their labels, the sandbox's own volumes. A gateway's volume has no name and no label.
 */
export async function partsOf(client: Docker, id: string, name?: string): Promise<string[]> {
  const containers = await client.listContainers({ all: true, filters: { name: [id] } });
  const networks = await client.listNetworks({ filters: { name: [id] } });
  const label = [`openai-containers.name=${name}`];
  const { Volumes } = name ? await client.listVolumes({ filters: { label } }) : { Volumes: [] };
  return [
    ...containers.flatMap(({ Names }) => Names),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...Volumes.map(({ Name }) => `volume ${Name}`),
  ];
}

export class LiveSandbox {
  readonly gateway: Docker.Container;

  constructor(
    private readonly site: LiveSite,
    readonly id: string,
    readonly args: Container & { name: string },
  ) {
    this.gateway = site.client.getContainer(gatewayName(id));
  }

  /** Runs a shell command in it. */
  run(command: string): Promise<{ code: number; text: string }> {
    return inside(this.site.client, this.id, command);
  }

  /** Starts a program in it, and lets it run. */
  async start(...command: string[]): Promise<void> {
    const exec = await this.site.client.getContainer(this.id).exec({ Cmd: command });
    (await exec.start({ Detach: true })).destroy();
  }

  /** Runs these steps in the client program. */
  async say(...steps: Step[]): Promise<Outcome> {
    const { text } = await this.run(`node /mnt/data/client.js '${JSON.stringify(steps).replaceAll("'", "'\\''")}'`);
    return JSON.parse(text);
  }

  /** Asks its gateway for a name, as programs do where the engine tells them of that name server: Podman does not. */
  async ask(name: string): Promise<void> {
    const question = `import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2)
labels = b"".join(bytes([len(l)]) + l.encode() for l in sys.argv[1].split("."))
s.sendto(bytes.fromhex("000701000001000000000000") + labels + bytes.fromhex("0000010001"), ("${await this.gatewayAddress()}", 53))
try: s.recv(512)
except TimeoutError: pass`;
    const { code, text } = await this.run(`python3 -c '${question}' ${name}`);
    assert.equal(code, 0, text);
  }

  /** The gateway's own address. */
  async gatewayAddress(): Promise<string> {
    const { HostConfig } = await this.site.client.getContainer(this.id).inspect();
    return String(HostConfig.Dns?.[0]);
  }

  /** The gateway's decisions and events. */
  async log(): Promise<Record<string, unknown>[]> {
    const lines = demultiplexed(await this.gateway.logs({ stdout: true })).split("\n");
    return lines.filter(Boolean).map((line) => JSON.parse(line));
  }

  /** Waits for a line of its log, which an engine writes a moment after the event. */
  async logged(matches: (line: Record<string, unknown>) => boolean): Promise<void> {
    for (const end = Date.now() + 60_000; !(await this.log()).some(matches); await sleep(100)) {
      if (Date.now() > end) assert.fail(`no line matches: ${JSON.stringify(await this.log())}`);
    }
  }
}

/** A site for each `describe`; skipped by name where no image with clients can be made. */
export function useLiveSite(): () => LiveSite {
  let site: LiveSite | undefined;
  before(async function () {
    if (clientsImage === "") this.skip(); // no image with clients can be made here
    site = await LiveSite.start();
  });
  beforeEach(() => site?.upstream.clear());
  after(() => site?.stop());
  return () => site ?? assert.fail("there is no site");
}

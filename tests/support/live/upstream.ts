import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type Docker from "dockerode";
import { archiveOf } from "../../../provider/backends/docker/engine/archive";
import type { Pair } from "../egress/authority";
import { compiled } from "../egress/compiled";

/** A line that an upstream prints of a connection and its bytes. */
interface Line {
  event?: string;
  handshake?: boolean;
  connection?: number;
  secure?: boolean;
  servername?: string;
  data?: string;
}

/** A server in a container on a test's own network, under names of its own. */
export class LiveUpstream {
  private skipped = 0;

  private constructor(
    private readonly container: Docker.Container,
    readonly address: string,
  ) {}

  static async start(
    client: Docker,
    {
      image,
      network,
      names,
      labels,
      tls,
    }: { image: string; network: string; names: string[]; labels: Record<string, string>; tls: Pair },
  ): Promise<LiveUpstream> {
    const container = await client.createContainer({
      Image: image,
      Entrypoint: ["node", "/program/live/upstream-program.js"],
      Labels: labels,
      NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: names } } },
      HostConfig: { NetworkMode: network, LogConfig: { Type: "json-file", Config: {} } },
    });
    const programs = ["live/upstream-program", "live/raw-responses", "egress/tap"].map((name): [string, string] => [
      `program/${name}.js`,
      compiled(join(__dirname, `../${name}.ts`)),
    ]);
    const keys: [string, string][] = [
      ["srv/tls.pem", tls.certificate],
      ["srv/tls.key", tls.key],
    ];
    await container.putArchive(await archiveOf([...programs, ...keys]), { path: "/" });
    await container.start();
    const { NetworkSettings } = await container.inspect();
    const upstream = new LiveUpstream(container, NetworkSettings.Networks[network]?.IPAddress ?? "");
    await upstream.printed((lines) => lines.some(({ event }) => event === "ready"));
    return upstream;
  }

  /** Files that it serves under /files/. */
  async put(files: Iterable<[path: string, content: string | Buffer]>): Promise<void> {
    const placed = [...files].map(([path, content]): [string, string | Buffer] => [`files/${path}`, content]);
    await this.container.putArchive(await archiveOf(placed), { path: "/srv" });
  }

  /** The same from an archive, in a folder. */
  async putTar(folder: string, tar: Buffer): Promise<void> {
    await this.put([[`${folder}/.made`, ""]]);
    await this.container.putArchive(tar, { path: `/srv/files/${folder}` });
  }

  /** Everything that arrived since `clear`. */
  async received(): Promise<string> {
    return (await this.lines()).map(({ data = "" }) => data).join("");
  }

  /** Connections since `clear`, whether or not a byte came; of TLS also those whose handshake failed. */
  async connections(): Promise<number> {
    const lines = await this.lines();
    return lines.filter(
      ({ connection, data, secure, handshake }) => handshake || (connection && data === undefined && !secure),
    ).length;
  }

  async clear(): Promise<void> {
    this.skipped = (await this.drained()).length;
  }

  private async lines(): Promise<Line[]> {
    return (await this.drained()).slice(this.skipped);
  }

  /** All lines, once it has printed whatever had arrived by now: a busy machine and the engine's log may take their time. */
  private async drained(): Promise<Line[]> {
    const count = (lines: Line[]) => lines.filter(({ event }) => event === "drained").length;
    const before = count(await this.log());
    await this.container.kill({ signal: "SIGUSR2" });
    return this.printed((lines) => count(lines) > before);
  }

  /** Waits until the log is so. */
  private async printed(isSo: (lines: Line[]) => boolean): Promise<Line[]> {
    for (const end = Date.now() + 60_000; ; await sleep(10)) {
      const lines = await this.log();
      if (isSo(lines)) return lines;
      if (Date.now() > end) throw new Error(`an upstream printed nothing more than ${JSON.stringify(lines.slice(-5))}`);
    }
  }

  /** Whole lines: an engine writes a line of more than 16 KiB in pieces. */
  private async log(): Promise<Line[]> {
    const text = demultiplexed(await this.container.logs({ stdout: true }));
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }
}

/** An engine puts eight bytes before each piece of a log: the output that it is of, and its length. */
export function demultiplexed(raw: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4);
    pieces.push(raw.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString("utf8");
}

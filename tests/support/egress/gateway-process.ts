import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Policy } from "../../../provider/egress/policy";
import { compiled } from "../live/compiled";

const sources = join(__dirname, "../../../provider/egress");

/** Small generations, collected often: the gateway's garbage is many short-lived buffers. As the engine starts it. */
const flags = ["--max-semi-space-size=1", "--max-old-space-size=96", "--no-parallel-scavenge", "--expose-gc"];

/** One line of the log. */
export type Line = Record<string, unknown>;

/** The gateway as it runs in a container: plain .js files in a folder of their own, and a process. */
export class GatewayProcess {
  readonly lines: Line[] = [];
  output = "";
  ports = { proxy: 0, http: 0, https: 0, dns: 0 };
  private readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-gateway-"));
  readonly program = join(this.folder, "main.js");
  private child: ChildProcess | undefined;
  private news = () => {};

  constructor() {
    for (const file of readdirSync(sources)) {
      writeFileSync(join(this.folder, file.replace(/\.ts$/, ".js")), compiled(join(sources, file)));
    }
    writeFileSync(join(this.folder, "package.json"), '{"type":"commonjs"}');
  }

  async start(
    settings: { dnsServers?: string[]; limits?: Record<string, number>; address?: string; sandbox?: string } = {},
  ): Promise<void> {
    const [proxy = 0, http = 0, https = 0, dns = 0] = await freePorts(4);
    this.ports = { proxy, http, https, dns };
    const { ports } = this;
    const start = JSON.stringify({ address: "127.0.0.1", sandbox: "127.0.0.1", ports, ...settings });
    const child = spawn(process.execPath, [...flags, this.program, start], { stdio: ["pipe", "pipe", "inherit"] });
    this.child = child;
    const from = this.lines.length;
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      this.lines.push(...lines.map((line): Line => JSON.parse(line)));
      this.news();
    });
    await this.line(({ event }) => event === "ready", from);
  }

  /** Hands it a policy. @returns why it does not take it, if so */
  async put(policy: Policy | string): Promise<string | undefined> {
    const mark = randomBytes(8).toString("hex");
    const from = this.lines.length;
    this.child?.stdin?.write(`\n${mark} ${typeof policy === "string" ? policy : JSON.stringify(policy)}\n`);
    const { event, reason } = await this.line((line) => line["mark"] === mark, from);
    return event === "policy" ? undefined : String(reason);
  }

  /** The first line since `from` that is meant, as soon as it is there. */
  async line(isMeant: (line: Line) => boolean, from = 0): Promise<Line> {
    const end = Date.now() + 10_000;
    for (;;) {
      const found = this.lines.slice(from).find(isMeant);
      if (found) return found;
      if (Date.now() > end)
        throw new Error(
          `not in the log:\n${this.lines
            .slice(from)
            .map((line) => JSON.stringify(line))
            .join("\n")}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        this.news = () => resolve(clearTimeout(timer));
      });
    }
  }

  /** The most memory that it ever had, in MB. */
  get peakMegabytes(): number {
    const status = readFileSync(`/proc/${this.child?.pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
  }

  get isRunning(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    this.child?.kill(name);
  }

  async kill(): Promise<void> {
    if (!this.child || !this.isRunning) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  return Promise.all(
    servers.map((server) => {
      const address = server.address();
      server.close();
      return typeof address === "object" && address ? address.port : 0;
    }),
  );
}

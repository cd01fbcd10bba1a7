import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Policy } from "../../../provider/egress/policy/policy";
import { freePorts } from "../free-ports";
import { compiled } from "./compiled";

const sources = join(__dirname, "../../../provider/egress");

/** Small generations, collected often: the gateway's garbage is many short-lived buffers. As the engine starts it. */
const flags = ["--max-semi-space-size=1", "--max-old-space-size=96", "--no-parallel-scavenge", "--expose-gc"];

/** One line of the log. */
export type Line = Record<string, unknown>;

/**
 * The gateway as it runs in a container: plain .js files in a folder of their own, a process, and another one that sends it
 * its listening sockets. The test itself acts as the sandbox's first process.
 */
export class GatewayProcess {
  readonly lines: Line[] = [];
  output = "";
  ports = { proxy: 0, http: 0, https: 0, dns: 0 };
  private readonly folder = mkdtempSync(join(tmpdir(), "openai-containers-gateway-"));
  readonly program = join(this.folder, "launch.js");
  private readonly lifeline = join(this.folder, "lifeline");
  private sandbox: number | undefined;
  private child: ChildProcess | undefined;
  private news = () => {};

  constructor() {
    for (const path of readdirSync(sources, { recursive: true, encoding: "utf8" })) {
      if (!path.endsWith(".ts")) continue;
      mkdirSync(join(this.folder, dirname(path)), { recursive: true });
      writeFileSync(join(this.folder, path.replace(/\.ts$/, ".js")), compiled(join(sources, path)));
    }
    writeFileSync(join(this.folder, "package.json"), '{"type":"commonjs"}');
    execFileSync("mkfifo", [this.lifeline]);
  }

  async start({
    sandbox = "there",
    ...settings
  }: {
    sandbox?: "there" | "gone";
    address?: string;
    dnsServers?: string[];
    limits?: Record<string, number>;
  } = {}): Promise<void> {
    const [proxy = 0, http = 0, https = 0, dns = 0] = await freePorts(4);
    this.ports = { proxy, http, https, dns };
    if (sandbox === "there") this.sandbox ??= openSync(this.lifeline, "r+");
    const { ports, lifeline } = this;
    const channel = join(this.folder, "channel");
    const start = JSON.stringify({ address: "127.0.0.1", channel, lifeline, ports, ...settings });
    // A group of processes, as they are one container's.
    const child = spawn(process.execPath, [...flags, this.program, "gateway", start], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
    });
    const listeners = spawn(process.execPath, [this.program, "listeners", start], {
      stdio: ["ignore", "inherit", "pipe"],
    });
    this.child = child;
    let errors = "";
    for (const { stderr } of [child, listeners]) {
      stderr.setEncoding("utf8").on("data", (text: string) => {
        errors += text;
      });
    }
    const from = this.lines.length;
    let rest = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.output += text;
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      this.lines.push(...lines.map((line): Line => JSON.parse(line)));
      this.news();
    });
    await Promise.race([
      this.line(({ event }) => event === "ready", from),
      once(child, "close").then(([code]) => Promise.reject(new Error(`the gateway ended (${code}): ${errors}`))),
    ]);
  }

  /** Pushes a policy. @returns the reason if it is rejected */
  async put(policy: Policy | string): Promise<string | undefined> {
    const mark = randomBytes(8).toString("hex");
    const from = this.lines.length;
    this.child?.stdin?.write(`\n${mark} ${typeof policy === "string" ? policy : JSON.stringify(policy)}\n`);
    const { event, reason } = await this.line((line) => line["mark"] === mark, from);
    return event === "policy" ? undefined : String(reason);
  }

  /** Discards the log in another process from now on: to read it here would take the measured processor time. */
  discardLog(): void {
    const stdout = this.child?.stdout;
    if (!stdout) return;
    stdout.pause();
    spawn("cat", { stdio: [stdout, "ignore", "inherit"] });
  }

  /** The first matching line since `from`, as soon as it is there. */
  async line(matches: (line: Line) => boolean, from = 0): Promise<Line> {
    const end = Date.now() + 60_000;
    for (;;) {
      const found = this.lines.slice(from).find(matches);
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

  megabytes(field: "VmRSS" | "VmHWM"): number {
    return memoryOf(this.child?.pid ?? 0, field);
  }

  /** The most memory that it ever had, in MB. */
  get peakMegabytes(): number {
    return this.megabytes("VmHWM");
  }

  get isRunning(): boolean {
    return this.child?.exitCode === null && this.child.signalCode === null;
  }

  signal(name: NodeJS.Signals): void {
    if (this.child?.pid !== undefined) process.kill(-this.child.pid, name);
  }

  /** Like code inside the sandbox. */
  writeLifeline(text: string): void {
    if (this.sandbox !== undefined) writeSync(this.sandbox, text);
  }

  /** Like a sandbox that ends. */
  endSandbox(): void {
    if (this.sandbox !== undefined) closeSync(this.sandbox);
    this.sandbox = undefined;
  }

  async kill(): Promise<void> {
    if (!this.child || !this.isRunning) return;
    const gone = once(this.child, "exit");
    this.signal("SIGKILL");
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    this.endSandbox();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The peak or current memory of a gateway, by its first process, which started the serving one. Its own memory is small and constant. */
export function memoryOf(first: number, field: "VmRSS" | "VmHWM" = "VmHWM"): number {
  const own = megabytes(first, "RssAnon");
  const serving = readFileSync(`/proc/${first}/task/${first}/children`, "utf8").split(" ").map(Number).filter(Boolean);
  return serving.reduce((sum, pid) => sum + megabytes(pid, field), own);
}

function megabytes(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
}

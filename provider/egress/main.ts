import { writeSync } from "node:fs";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { setDefaultHighWaterMark } from "node:stream";
import { answerRaw } from "./answers";
import { Audit, newEntry } from "./audit";
import { codeOf } from "./dial";
import { DnsResponder } from "./dns-responder";
import { Doors } from "./doors";
import { Enforcement } from "./enforcement";
import { type Door, Gateway } from "./gateway";
import { leftBy } from "./lifetime";
import { parsePolicy } from "./policy";
import { Refused } from "./refused";
import { parseStartConfiguration, type StartConfiguration } from "./start-configuration";

/**
 * `node main.js '<start configuration as JSON>'`: the gateway of one sandbox. On its standard input a line brings a
 * policy, `<mark> <policy as JSON>`, and the log tells with that mark what became of it. So secrets are in the memory of
 * this process, and in no file, argument or environment.
 */

/** The policy in force. With none, nothing passes. */
interface Current {
  readonly enforcement: Enforcement;
  readonly gateway: Gateway;
}

class Main {
  private current: Current | undefined;
  private audit: Audit;
  /** Whoever asks later whether a gateway has a policy need not ask one that is older than this. */
  private readonly unset: NodeJS.Timeout;

  constructor(private readonly start: StartConfiguration) {
    this.audit = new Audit("", write, start.limits);
    this.unset = setTimeout(() => this.leave("no policy has come"), start.limits.unsetMs);
  }

  async run(): Promise<void> {
    const { address, sandbox, ports, limits } = this.start;
    const dns = new DnsResponder(address, sandbox, () => this.current?.enforcement);
    const doors = new Doors(address, sandbox, limits.connections, (reason) => this.audit.turnedAway(reason));
    for (const door of ["proxy", "http", "https"] as const) {
      await doors.listen(ports[door], (socket) => this.enter(door, socket));
    }
    await doors.listen(ports.dns, (socket) => dns.converse(socket, limits.headMs));
    await dns.listen(ports.dns);
    this.audit.happened("ready");
    leftBy(sandbox, limits).then(() => this.leave("the sandbox is gone"));
    createInterface({ input: process.stdin }).on("line", (line) => this.take(line));
  }

  private enter(door: Door, socket: Socket): void {
    if (this.current) this.current.gateway.accept(door, socket);
    else if (door === "proxy") this.decline(socket);
    else socket.destroy();
  }

  /** With an answer, as soon as there is a question. */
  private decline(socket: Socket): void {
    const refused = new Refused(503, "this gateway has no policy yet");
    socket.setTimeout(this.start.limits.headMs, () => socket.destroy());
    socket.once("data", () => {
      this.audit.refused(newEntry("proxy"), refused);
      answerRaw(socket, refused, "this sandbox");
    });
  }

  /** A policy takes the place of the one before as a whole; one that is wrong changes nothing. */
  private take(line: string): void {
    if (line === "") return;
    const space = line.indexOf(" ");
    const mark = line.slice(0, space);
    try {
      const policy = parsePolicy(line.slice(space + 1));
      const audit = new Audit(policy.sandbox, write, this.start.limits);
      const enforcement = new Enforcement(policy, this.start.limits, audit, this.start.dnsServers);
      this.current?.gateway.close();
      this.audit.flush();
      this.current = { enforcement, gateway: new Gateway(enforcement) };
      this.audit = audit;
      clearTimeout(this.unset);
      audit.happened("policy", { mark });
    } catch (error) {
      const reason = error instanceof Error ? error.message : "it could not be read";
      this.audit.happened("policy refused", { mark, reason });
    }
  }

  private leave(reason: string): void {
    this.audit.flush();
    this.audit.happened("end", { reason });
    flush();
    process.exit(0);
  }
}

let lines = "";
let isSoon = false;

/**
 * What one turn of the event loop has to tell goes out at its end, at once: a write takes longer than a judgement. What is
 * urgent does not wait for it. Node writes to an upstream in ticks that come after this one.
 */
function write(line: string, urgent: boolean): void {
  if (lines === "") setImmediate(flush);
  lines += line;
  if (!urgent || isSoon) return;
  isSoon = true;
  process.nextTick(flush);
}

/** By a blocking write: the line is out of this process, and a log that nobody takes in stops it before it fills it. */
function flush(): void {
  isSoon = false;
  let rest = Buffer.from(lines);
  lines = "";
  while (rest.length > 0) rest = rest.subarray(written(rest));
}

function written(bytes: Buffer): number {
  try {
    return writeSync(1, bytes);
  } catch (error) {
    if (codeOf(error) !== "EAGAIN") throw error; // the parent made it a pipe that does not block
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    return 0;
  }
}

/** The first of each line whose parser and agent are as strict as this program expects. */
const oldestNode = [20, 19] as const;

function judgeNode(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldest, oldestMinor] = oldestNode;
  if (major > oldest || (major === oldest && minor >= oldestMinor)) return;
  throw new Error(`the gateway needs Node ${oldestNode.join(".")} or newer, and its image has ${version}`);
}

async function main([json, ...more]: string[]): Promise<void> {
  judgeNode(process.versions.node);
  if (json === undefined || more.length > 0) throw new Error("usage: node main.js '<start configuration as JSON>'");
  await new Main(parseStartConfiguration(json)).run();
}

setDefaultHighWaterMark(false, 65_536); // as from Node 22 on; with 16 KiB large bodies take twice as long
main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});

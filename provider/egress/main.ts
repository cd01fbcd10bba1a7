import type { Socket } from "node:net";
import { answerRaw } from "./answers";
import { Audit, newEntry } from "./audit";
import { DnsResponder } from "./dns-responder";
import { Doors } from "./doors";
import { Enforcement } from "./enforcement";
import { type Door, Gateway } from "./gateway";
import { parsePolicy } from "./policy";
import { follow, noteTaken, readPolicyFile } from "./policy-file";
import { Refused } from "./refused";
import { parseStartConfiguration, type StartConfiguration } from "./start-configuration";

/** `node main.js '<start configuration as JSON>'`: the gateway of one sandbox. */

const lookEvery = 100; // ms between two looks at the policy's file: a sandbox waits for the first one

/** The policy in force. With none, nothing passes. */
interface Current {
  readonly enforcement: Enforcement;
  readonly gateway: Gateway;
}

class Main {
  private current: Current | undefined;
  private audit = new Audit("", write);

  constructor(private readonly start: StartConfiguration) {}

  async run(): Promise<void> {
    const { address, ports, limits, policyFile } = this.start;
    await noteTaken(policyFile, undefined);
    const dns = new DnsResponder(address, () => this.current?.enforcement);
    const doors = new Doors(address, limits.connections, () => this.audit.happened("refused", "too many connections"));
    for (const door of ["proxy", "http", "https"] as const) {
      await doors.listen(ports[door], (socket) => this.enter(door, socket));
    }
    await doors.listen(ports.dns, (socket) => dns.converse(socket, limits.headMs));
    await dns.listen(ports.dns);
    this.audit.happened("ready");
    await follow(policyFile, lookEvery, (found) => this.replace(found));
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

  /** Whatever goes wrong with the new policy, the old one is no longer in force. */
  private async replace(found: string | undefined): Promise<void> {
    this.current?.gateway.close();
    this.current = undefined;
    await noteTaken(this.start.policyFile, undefined);
    if (found === undefined) {
      this.audit.happened("no policy");
      return;
    }
    try {
      const policy = parsePolicy(await readPolicyFile(this.start.policyFile));
      this.audit = new Audit(policy.sandbox, write);
      const enforcement = new Enforcement(policy, this.start.limits, this.audit, this.start.dnsServers);
      this.current = { enforcement, gateway: new Gateway(enforcement) };
      await noteTaken(this.start.policyFile, found);
      this.audit.happened("policy");
    } catch (error) {
      this.audit.happened("no policy", error instanceof Error ? error.message : "it could not be read");
    }
  }
}

function write(line: string): void {
  process.stdout.write(line);
}

async function main([json, ...more]: string[]): Promise<void> {
  if (json === undefined || more.length > 0) throw new Error("usage: node main.js '<start configuration as JSON>'");
  await new Main(parseStartConfiguration(json)).run();
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});

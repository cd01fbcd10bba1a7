import type { Socket as DatagramSocket } from "node:dgram";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { setDefaultHighWaterMark } from "node:stream";
import { Audit, newEntry } from "./audit/audit";
import { StandardOutput } from "./audit/output";
import { ProxyError } from "./checks/proxy-error";
import { DnsResponder } from "./dns/dns-responder";
import { Enforcement } from "./exchange/enforcement";
import { answerRaw } from "./exchange/error-responses";
import { type Door, Gateway } from "./gateway";
import { Ingress } from "./inbound/ingress";
import { leftBy } from "./lifetime";
import { parsePolicy } from "./policy/policy";
import { parseStartConfiguration, type StartConfiguration } from "./policy/start-configuration";

/**
 * The gateway of one sandbox, as launch.js starts it: over Node's channel come the sockets on which it listens. On its
 * standard input a line brings a policy, `<mark> <policy as JSON>`, and the log tells with that mark what became of it.
 * So secrets are in the memory of this process, and in no file, argument or environment.
 */

/** The policy in force. With none, nothing passes. */
interface Current {
  readonly enforcement: Enforcement;
  readonly gateway: Gateway;
}

class Main {
  private readonly output = new StandardOutput();
  private current: Current | undefined;
  private audit: Audit;
  /** Whoever asks later whether a gateway has a policy need not ask one that is older than this. */
  private readonly unset: NodeJS.Timeout;

  constructor(private readonly start: StartConfiguration) {
    this.audit = new Audit("", this.output, start.limits);
    this.unset = setTimeout(() => this.leave("no policy has come"), start.limits.unsetMs);
  }

  async run(): Promise<void> {
    const { address, lifeline, limits } = this.start;
    const dns = new DnsResponder(address, () => this.current?.enforcement);
    const takers = {
      proxy: (socket: Socket) => this.enter("proxy", socket),
      http: (socket: Socket) => this.enter("http", socket),
      https: (socket: Socket) => this.enter("https", socket),
      dns: (socket: Socket) => dns.converse(socket, limits.headMs),
      datagrams: (socket: DatagramSocket) => dns.serve(socket),
    };
    await new Ingress(takers, limits.connections, (reason) => this.audit.turnedAway(reason)).handedOver();
    leftBy(lifeline).then(
      () => this.leave("the sandbox is gone"),
      ({ message }: Error) => this.leave(message),
    );
    this.audit.happened("ready");
    createInterface({ input: process.stdin }).on("line", (line) => this.take(line));
  }

  private enter(door: Door, socket: Socket): void {
    if (this.current) this.current.gateway.accept(door, socket);
    else if (door === "proxy") this.decline(socket);
    else socket.destroy();
  }

  /** With an answer, as soon as there is a question. */
  private decline(socket: Socket): void {
    const refused = new ProxyError(503, "this gateway has no policy yet");
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
      const audit = new Audit(policy.sandbox, this.output, this.start.limits);
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
    this.output.flush();
    process.exit(0);
  }
}

setDefaultHighWaterMark(false, 65_536); // as from Node 22 on; with 16 KiB large bodies take twice as long
new Main(parseStartConfiguration(process.argv[2] ?? "")).run().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});

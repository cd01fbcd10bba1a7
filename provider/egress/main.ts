import type { Socket as DatagramSocket } from "node:dgram";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { setDefaultHighWaterMark } from "node:stream";
import { Audit } from "./audit/audit";
import { newEntry } from "./audit/audit-entry";
import { StandardOutput } from "./audit/log-output";
import { PolicyEnforcement } from "./authorization/policy-enforcement";
import { ProxyError } from "./checks/proxy-error";
import { DnsResponder } from "./dns/dns-responder";
import { Gateway, type Listener } from "./gateway";
import { sendRawError } from "./inbound/error-responses";
import { Ingress } from "./inbound/ingress";
import { parsePolicy } from "./policy/policy";
import { parseStartConfiguration, type StartConfiguration } from "./policy/start-configuration";
import { sandboxEnded } from "./sandbox-lifeline";

/**
 * The gateway of one sandbox, started by launch.js: it receives its listening sockets over Node's channel. A line on its
 * standard input is a policy, `<mark> <policy as JSON>`, and the log reports with that mark whether it is in force. So
 * secrets are in the memory of this process, and in no file, argument or environment.
 */

/** The policy in force. Without one, nothing is forwarded. */
interface ActivePolicy {
  readonly enforcement: PolicyEnforcement;
  readonly gateway: Gateway;
}

class Main {
  private readonly output = new StandardOutput();
  private current: ActivePolicy | undefined;
  private audit: Audit;
  /** So that every gateway older than this has a policy, or has ended. */
  private readonly noPolicyTimer: NodeJS.Timeout;

  constructor(private readonly start: StartConfiguration) {
    this.audit = new Audit("", this.output, start.limits);
    this.noPolicyTimer = setTimeout(() => this.exit("no policy was received"), start.limits.setupMs);
  }

  async run(): Promise<void> {
    const { address, lifeline, limits } = this.start;
    const dns = new DnsResponder(address, () => this.current?.enforcement);
    const handlers = {
      proxy: (socket: Socket) => this.accept("proxy", socket),
      http: (socket: Socket) => this.accept("http", socket),
      https: (socket: Socket) => this.accept("https", socket),
      dns: (socket: Socket) => dns.serveTcp(socket, limits.headMs),
      datagrams: (socket: DatagramSocket) => dns.serveUdp(socket),
    };
    await new Ingress(handlers, limits.connections, (code, reason) =>
      this.audit.rejectedConnection(code, reason),
    ).received();
    sandboxEnded(lifeline).then(
      () => this.exit("the sandbox has ended"),
      ({ message }: Error) => this.exit(message),
    );
    this.audit.event("ready");
    createInterface({ input: process.stdin }).on("line", (line) => this.applyPolicy(line));
  }

  private accept(listener: Listener, socket: Socket): void {
    if (this.current) this.current.gateway.accept(listener, socket);
    else if (listener === "proxy") this.rejectWithoutPolicy(socket);
    else socket.destroy();
  }

  /** With a response, as soon as there is a request. */
  private rejectWithoutPolicy(socket: Socket): void {
    const error = new ProxyError("OC6029", "it has no policy yet");
    socket.setTimeout(this.start.limits.headMs, () => socket.destroy());
    socket.once("data", () => {
      this.audit.failed(newEntry("proxy"), error);
      sendRawError(socket, error, "this sandbox");
    });
  }

  /** A policy replaces the one before as a whole; an invalid one changes nothing. */
  private applyPolicy(line: string): void {
    if (line === "") return;
    const space = line.indexOf(" ");
    const mark = line.slice(0, space);
    try {
      const policy = parsePolicy(line.slice(space + 1));
      const audit = new Audit(policy.sandbox, this.output, this.start.limits);
      const enforcement = new PolicyEnforcement(policy, this.start.limits, audit, this.start.dnsServers);
      this.current?.gateway.close();
      this.audit.flush();
      this.current = { enforcement, gateway: new Gateway(enforcement) };
      this.audit = audit;
      clearTimeout(this.noPolicyTimer);
      audit.event("policy", { mark });
    } catch (error) {
      const reason = error instanceof Error ? error.message : "it could not be read";
      this.audit.event("policy rejected", { mark, reason });
    }
  }

  private exit(reason: string): void {
    this.audit.flush();
    this.audit.event("end", { reason });
    this.output.flush();
    process.exit(0);
  }
}

setDefaultHighWaterMark(false, 65_536); // as from Node 22 on; with 16 KiB large bodies take twice as long
new Main(parseStartConfiguration(process.argv[2] ?? "")).run().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});

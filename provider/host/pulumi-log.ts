import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { coded } from "../codes";
import type { DiffReport } from "../lifecycle/diff";

const logMethod = "/pulumirpc.Engine/Log";
const patience = 5_000; // ms for the engine to take a message

/**
 * Messages at a resource's own line in Pulumi's display. The dynamic-provider contract has no log; its host process is
 * started with the engine's address as last argument, and the engine takes messages there.
 */
export class PulumiLog {
  /** Not the SDK's EngineClient: that one refuses credentials of another copy of gRPC than its own. */
  private client: Client | undefined;
  private readonly said = new Set<string>();
  private readonly underWay = new Set<Promise<void>>();

  /** @param address the engine's, `127.0.0.1:43211`; without one, messages go nowhere */
  constructor(private readonly address: string | undefined) {}

  at(urn: string | undefined): DiffReport {
    return {
      progress: (text) => this.send(LogSeverity.INFO, text, urn, true),
      info: (text) => this.send(LogSeverity.INFO, text, urn, false),
      warning: (code, text) => this.warnOnce(coded(code, text), urn),
      runWarning: (code, text) => this.warnOnce(coded(code, text), undefined),
    };
  }

  /** Pulumi asks some questions twice: of a replacement it has the inputs checked again. */
  private warnOnce(text: string, urn: string | undefined): void {
    const key = JSON.stringify([urn, text]);
    if (this.said.has(key)) return;
    this.said.add(key);
    this.send(LogSeverity.WARNING, text, urn, false);
  }

  /** Settles when the engine has taken what was said so far. What is answered then is shown after it. */
  async delivered(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private send(severity: LogSeverity, text: string, urn: string | undefined, ephemeral: boolean): void {
    if (!this.address) return;
    this.client ??= new Client(this.address, credentials.createInsecure());
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(text);
    request.setEphemeral(ephemeral);
    // A malformed URN makes the engine panic, with the stack locked.
    if (urn && /^urn:pulumi:[^:]+::[^:]+::.+::.+$/.test(urn)) request.setUrn(urn);
    const { client } = this;
    const sent = new Promise<void>((resolve) => {
      // A lost message must not fail what it tells of.
      const options = { deadline: Date.now() + patience };
      client.makeUnaryRequest(
        logMethod,
        toBytes,
        (reply) => reply,
        request,
        new Metadata(),
        options,
        () => resolve(),
      );
    });
    this.underWay.add(sent);
    sent.then(() => this.underWay.delete(sent));
  }
}

function toBytes(request: LogRequest): Buffer {
  return Buffer.from(request.serializeBinary());
}

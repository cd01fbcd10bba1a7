import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { coded } from "../codes";
import type { DiffReport } from "../lifecycle/diff";

const logMethod = "/pulumirpc.Engine/Log";
const timeoutMs = 5_000; // for the engine to take a message

/**
 * Shows messages at a resource's own line in Pulumi's display. The dynamic-provider contract has no log; its host process
 * is started with the address of Pulumi's engine as last argument, and the engine takes messages there.
 */
export class PulumiLog {
  /** Not the SDK's EngineClient, which refuses credentials of another copy of gRPC than its own. */
  private client: Client | undefined;
  private readonly warned = new Set<string>();
  private readonly pending = new Set<Promise<void>>();

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

  /** Pulumi makes some calls twice: the inputs of a replacement are checked again. */
  private warnOnce(text: string, urn: string | undefined): void {
    const key = JSON.stringify([urn, text]);
    if (this.warned.has(key)) return;
    this.warned.add(key);
    this.send(LogSeverity.WARNING, text, urn, false);
  }

  /** Settles when the engine has taken all messages so far, so that they are shown before the answer of a call. */
  async delivered(): Promise<void> {
    await Promise.all(this.pending);
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
      // A lost message must not fail the call that it is about.
      const options = { deadline: Date.now() + timeoutMs };
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
    this.pending.add(sent);
    sent.then(() => this.pending.delete(sent));
  }
}

function toBytes(request: LogRequest): Buffer {
  return Buffer.from(request.serializeBinary());
}

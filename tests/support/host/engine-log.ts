import { Server, ServerCredentials } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { type LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** The part of Pulumi's engine that the provider calls. */
export interface EngineLog {
  address: string;
  /** `box: OC1001: …`, or `no resource: …`, by resource. */
  warnings(): string[];
  /** The lasting messages, in the same form. */
  infos(): string[];
  stop(): void;
}

export async function startEngineLog(): Promise<EngineLog> {
  const taken: LogRequest[] = [];
  const server = new Server();
  server.addService(EngineService, {
    log: ({ request }: { request: LogRequest }, answer: (error: null, reply: Empty) => void) => {
      taken.push(request);
      answer(null, new Empty());
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  const linesOf = (severity: LogRequest["getSeverity"] extends () => infer S ? S : never) =>
    taken
      .filter((request) => request.getSeverity() === severity && !request.getEphemeral())
      .map((request) => `${request.getUrn().split("::").at(-1) || "no resource"}: ${request.getMessage()}`)
      .sort();
  return {
    address: `127.0.0.1:${port}`,
    warnings: () => linesOf(LogSeverity.WARNING),
    infos: () => linesOf(LogSeverity.INFO),
    stop: () => server.forceShutdown(),
  };
}

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { z } from "zod";
import { BackendError } from "../../../backend";
import type { Engine } from "../../engine/engine";
import { explain } from "../../engine/engine-errors";
import { failureStatus } from "../../engine/failure";
import { contentOf } from "../../engine/log-frames";
import { gatewayName } from "./gateway-spec";

const decision = z.object({
  time: z.string(),
  via: z.string(),
  method: z.string().optional(),
  domain: z.string().default(""),
  port: z.number().optional(),
  decision: z.enum(["allowed", "denied"]),
  /** Why it was not served: denied by the policy, an upstream error and others. */
  outcome: z.string().optional(),
  reason: z.string(),
  status: z.number().optional(),
  bytesUp: z.number(),
  bytesDown: z.number(),
  /** The number of its request, also in the line of the request's begin. */
  exchange: z.number().optional(),
  /** How many further lines equal to an earlier one this one stands for. */
  more: z.number().optional(),
});
const event = z.object({
  time: z.string(),
  event: z.string(),
  ...decision.pick({ exchange: true, method: true, port: true, more: true }).shape,
  domain: z.string().optional(),
  reason: z.string().optional(),
});
const line = z.union([decision, event]);

/** A decision of a gateway, or an event of it. It never has a path, a header, a body or a secret. */
export type AuditLine = z.output<typeof line>;

/**
 * The audit log of a sandbox's gateway, oldest line first, as far back as the engine keeps it: 30 MB, read as a stream. Lines
 * that cannot be parsed, as torn ones and those of other versions, are skipped.
 * @throws BackendError where there is no gateway, and for the engine's failures
 */
export async function* auditLog(engine: Engine, id: string): AsyncGenerator<AuditLine> {
  for await (const text of createInterface({ input: Readable.from(contentOf(await logOf(engine, id))) })) {
    const parsed = parseLine(text);
    if (parsed) yield parsed;
  }
}

function parseLine(text: string): AuditLine | undefined {
  try {
    return line.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function logOf(engine: Engine, id: string): Promise<Readable> {
  const { modem } = engine.client;
  const request = {
    path: `/containers/${gatewayName(id)}/logs?`,
    method: "GET",
    options: { stdout: true },
    isStream: true, // the client's own method streams only a log that is followed
    statusCodes: { 200: true, 404: "no such container", 500: "server error" },
  };
  return new Promise((resolve, reject) => {
    modem.dial(request, (error, stream) => {
      if (stream instanceof Readable) resolve(stream);
      else if (failureStatus(error) === 404) reject(noGateway(engine, id));
      else reject(explain(error, engine));
    });
  });
}

function noGateway({ location }: Engine, id: string): BackendError {
  return new BackendError(
    "OC2306",
    `There is no gateway of ${id} at ${location}: the container has no allow list, was deleted, or is on another engine`,
    "Check the id, and set DOCKER_HOST or DOCKER_CONTEXT to the container's engine",
  );
}

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { z } from "zod";
import { BackendError } from "../../../backend";
import type { Engine } from "../../engine/engine";
import { explain, failureStatus } from "../../engine/engine-errors";
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
  /** The same in the line that tells of a request's begin. */
  exchange: z.number().optional(),
  /** How many more were like an earlier line. */
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

/** A decision of a gateway, or something that happened to it. No path, header, body or secret is ever among them. */
export type AuditLine = z.output<typeof line>;

/**
 * What the gateway of a sandbox has decided, the oldest first, as far back as its engine keeps it: 30 MB, which are read
 * piece by piece. What is no such line, as a torn one or another version's, is passed over.
 * @throws BackendError where there is no gateway
 */
export async function* auditLog(engine: Engine, id: string): AsyncGenerator<AuditLine> {
  for await (const text of createInterface({ input: Readable.from(contentOf(await logOf(engine, id))) })) {
    const read = lineIn(text);
    if (read) yield read;
  }
}

function lineIn(text: string): AuditLine | undefined {
  try {
    return line.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function logOf(engine: Engine, id: string): Promise<Readable> {
  const { modem } = engine.client;
  const asked = {
    path: `/containers/${gatewayName(id)}/logs?`,
    method: "GET",
    options: { stdout: true },
    isStream: true, // which the client's own method does for a log alone that goes on
    statusCodes: { 200: true, 404: "no such container", 500: "server error" },
  };
  return new Promise((resolve, reject) => {
    modem.dial(asked, (error, stream) => {
      if (stream instanceof Readable) resolve(stream);
      else if (failureStatus(error) === 404) reject(noGateway(engine, id));
      else reject(explain(error, engine));
    });
  });
}

function noGateway({ location }: Engine, id: string): BackendError {
  return new BackendError(
    "OC0000",
    `There is no gateway of ${id} at ${location}`,
    "It has no allow list, is gone, or is on another engine: DOCKER_HOST or DOCKER_CONTEXT says which one is asked",
  );
}

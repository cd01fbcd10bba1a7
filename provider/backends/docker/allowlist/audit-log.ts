import { z } from "zod";
import { BackendError } from "../../backend";
import type { Engine } from "../engine";
import { explain, failureStatus } from "../engine-errors";
import { gatewayName } from "./gateway-spec";

const decision = z.object({
  time: z.string(),
  via: z.string(),
  method: z.string().optional(),
  domain: z.string().default(""),
  port: z.number().optional(),
  decision: z.enum(["allowed", "denied"]),
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
 * What the gateway of a sandbox has decided, the oldest first, as far back as its engine keeps it: 30 MB.
 * @throws BackendError where there is no gateway
 */
export async function auditLog(engine: Engine, id: string): Promise<AuditLine[]> {
  const log = await engine.client
    .getContainer(gatewayName(id))
    .logs({ stdout: true })
    .catch((error: unknown) => {
      if (failureStatus(error) !== 404) throw explain(error, engine);
      throw new BackendError(
        `There is no gateway of ${id} at ${engine.location}`,
        "It has no allow list, is gone, or is on another engine: DOCKER_HOST or DOCKER_CONTEXT says which one is asked",
      );
    });
  // An engine puts a few bytes before each piece of a log; a line of the gateway begins with a brace.
  const found = String(log).matchAll(/\{"time":.*\}$/gm);
  return [...found].map(([text]) => line.parse(JSON.parse(text)));
}

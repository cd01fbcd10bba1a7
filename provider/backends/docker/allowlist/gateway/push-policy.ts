import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { Duplex, PassThrough, type Readable } from "node:stream";
import type Docker from "dockerode";
import { z } from "zod";
import type { Policy } from "../../../../egress/policy/policy";
import { BackendError } from "../../../backend";
import { gatewayName } from "./gateway-spec";

const timeoutMs = 30_000; // for a gateway to get its listeners and apply a policy, on an overloaded host

const outcome = z.object({ event: z.string(), mark: z.string(), reason: z.string().optional() });
type Outcome = z.output<typeof outcome>;

/**
 * Sends a gateway its policy, with the secrets in it, on the standard input of its process, which nobody else can read.
 * @throws BackendError where the gateway does not apply it, and the client's error
 */
export async function pushPolicy(gateway: Docker.Container, policy: Policy): Promise<void> {
  const mark = randomBytes(8).toString("hex");
  const stream = await gateway.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true });
  const log = new PassThrough();
  gateway.modem.demuxStream(stream, log, log);
  stream.once("close", () => log.end()).on("error", () => log.end());
  try {
    const applied = outcomeIn(log, mark);
    // The first line break ends earlier input: half a policy of a run that was killed, or the client's own request, as an
    // engine takes its body for input where it arrives late.
    stream.write(`\n${mark} ${JSON.stringify(policy)}\n`);
    const { event, reason } = await applied;
    if (event === "policy") return;
    throw new BackendError(
      "OC2303",
      `The gateway of ${policy.sandbox} did not apply its policy: ${reason ?? event}`,
      `See \`docker logs ${gatewayName(policy.sandbox)}\`, and run the same command again`,
    );
  } finally {
    if (stream instanceof Duplex) stream.destroy();
  }
}

/** The outcome of the policy with this mark, out of the gateway's log. */
async function outcomeIn(log: Readable, mark: string): Promise<Outcome> {
  const lines = createInterface({ input: log });
  const timer = setTimeout(() => lines.close(), timeoutMs);
  try {
    for await (const line of lines) {
      const outcome = parsed(line);
      if (outcome?.mark === mark) return outcome;
    }
    return { event: "it does not respond", mark };
  } finally {
    clearTimeout(timer);
    lines.close();
  }
}

function parsed(line: string): Outcome | undefined {
  try {
    return outcome.parse(JSON.parse(line));
  } catch {
    return undefined; // another line
  }
}

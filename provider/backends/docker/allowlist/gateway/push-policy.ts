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
  const stream = await attached(gateway);
  const log = new PassThrough();
  gateway.modem.demuxStream(stream, log, log);
  stream.once("close", () => log.end()).on("error", () => log.end());
  try {
    const applied = outcomeIn(log, mark);
    // The first line break ends earlier input, such as half a policy of a run that was killed.
    stream.write(`\n${mark} ${JSON.stringify(policy)}\n`);
    const { event, reason } = await applied;
    if (event === "policy") return;
    throw new BackendError(
      "OC2303",
      `The gateway of ${policy.sandbox} did not apply its policy: ${reason ?? event}`,
      `See \`docker logs ${gatewayName(policy.sandbox)}\`, and run the same command again`,
    );
  } finally {
    stream.destroy();
  }
}

/**
 * A gateway's standard input and output. The client's own method sends a body, which Podman takes for input, as Docker does if
 * it arrives late: the gateway's log would begin with its refusal.
 */
function attached({ id, modem }: Docker.Container): Promise<Duplex> {
  const request = {
    path: `/containers/${id}/attach?`,
    method: "POST",
    options: { stream: true, stdin: true, stdout: true, stderr: true },
    file: Buffer.alloc(0), // the body, in place of the options
    hijack: true,
    isStream: true,
    statusCodes: { 200: true, 404: "no such container", 500: "server error" },
  };
  return new Promise((resolve, reject) => {
    modem.dial(request, (error: unknown, stream: unknown) => {
      if (stream instanceof Duplex) resolve(stream);
      else reject(error ?? new Error("the engine did not attach to the container"));
    });
  });
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

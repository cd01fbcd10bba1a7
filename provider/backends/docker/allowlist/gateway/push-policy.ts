import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline";
import { Duplex, PassThrough, type Readable } from "node:stream";
import type Docker from "dockerode";
import { z } from "zod";
import type { Policy } from "../../../../egress/policy/policy";
import { BackendError } from "../../../backend";
import { gatewayName } from "./gateway-spec";

const patience = 30_000; // ms for a gateway to get its sockets and take a policy, on a host that is very busy

const verdict = z.object({ event: z.string(), mark: z.string(), reason: z.string().optional() });
type Verdict = z.output<typeof verdict>;

/**
 * Hands a gateway its policy, with the secrets in it, on the standard input of its process: there nobody else sees it.
 * @throws BackendError where it does not take it
 */
export async function putPolicy(gateway: Docker.Container, policy: Policy): Promise<void> {
  const mark = randomBytes(8).toString("hex");
  const stream = await attached(gateway);
  const log = new PassThrough();
  gateway.modem.demuxStream(stream, log, log);
  stream.once("close", () => log.end()).on("error", () => log.end());
  try {
    const told = verdictIn(log, mark);
    // The line before it ends whatever came, such as half a policy of a run that was killed.
    stream.write(`\n${mark} ${JSON.stringify(policy)}\n`);
    const { event, reason } = await told;
    if (event === "policy") return;
    throw new BackendError(
      "OC0000",
      `The gateway of ${policy.sandbox} did not take its policy (${reason ?? event})`,
      `\`docker logs ${gatewayName(policy.sandbox)}\` may say more`,
    );
  } finally {
    stream.destroy();
  }
}

/**
 * Its input and output. The client's own method sends a body, which Podman takes for input, as does Docker where it arrives
 * late: the gateway's log would begin with a refusal of that.
 */
function attached({ id, modem }: Docker.Container): Promise<Duplex> {
  const asked = {
    path: `/containers/${id}/attach?`,
    method: "POST",
    options: { stream: true, stdin: true, stdout: true, stderr: true },
    file: Buffer.alloc(0), // the body, in place of the options
    hijack: true,
    isStream: true,
    statusCodes: { 200: true, 404: "no such container", 500: "server error" },
  };
  return new Promise((resolve, reject) => {
    modem.dial(asked, (error: unknown, stream: unknown) => {
      if (stream instanceof Duplex) resolve(stream);
      else reject(error ?? new Error("the engine gave no connection to the container"));
    });
  });
}

/** What becomes of the policy with this mark, as the gateway's log tells it among all else. */
async function verdictIn(log: Readable, mark: string): Promise<Verdict> {
  const lines = createInterface({ input: log });
  const late = setTimeout(() => lines.close(), patience);
  try {
    for await (const line of lines) {
      const verdict = readVerdict(line);
      if (verdict?.mark === mark) return verdict;
    }
    return { event: "it does not answer", mark };
  } finally {
    clearTimeout(late);
    lines.close();
  }
}

function readVerdict(line: string): Verdict | undefined {
  try {
    return verdict.parse(JSON.parse(line));
  } catch {
    return undefined; // another line
  }
}

import { BackendError, type Report } from "../../backend";
import type { Engine } from "../engine/engine";
import { type FoundCredentials, findCredentials } from "./credentials";
import { followPull } from "./progress";
import { explainPull } from "./pull-failure";
import { registryOf } from "./registry";

/** How long a pull waits, in milliseconds. */
export interface PullTimeouts {
  /** For data from the registry, or an unpacked layer. */
  stall: number;
  /** For a credential helper, which may ask a person. */
  helper: number;
}

export const defaultTimeouts: PullTimeouts = { stall: 600_000, helper: 60_000 };

/** @throws BackendError */
export async function pullImage(engine: Engine, image: string, report: Report, timeouts: PullTimeouts): Promise<void> {
  report.progress(`pulling ${image}`);
  const credentials = await credentialsFor(image, engine, report, timeouts.helper);
  try {
    const events = await engine.client.pull(
      withTag(image),
      typeof credentials === "object" ? { authconfig: credentials.auth } : {},
    );
    await followPull(events, timeouts.stall, (percent) => report.progress(`pulling ${image} ${percent} %`));
  } catch (error) {
    throw explainPull(error, engine, image, credentials);
  }
}

/** As for Docker's client, a pull goes on without credentials that cannot be used: the image may be public. */
async function credentialsFor(
  image: string,
  { credentialSettings }: Engine,
  report: Report,
  timeoutMs: number,
): Promise<FoundCredentials> {
  try {
    return (await findCredentials(registryOf(image), credentialSettings, timeoutMs)) ?? "none";
  } catch (error) {
    if (!(error instanceof BackendError)) throw error;
    report.warning(error.code, `${error.what}. ${error.advice}`);
    return "unusable";
  }
}

/** Without a tag the engine would pull all tags. */
function withTag(image: string): string {
  return /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
}

import type { ImageInspectInfo } from "dockerode";
import { BackendError, type Report } from "../../backend";
import type { Engine } from "../engine/engine";
import { explain } from "../engine/engine-errors";
import { failureStatus } from "../engine/failure";
import { printable } from "../engine/printable";
import { defaultTimeouts, pullImage } from "./pull";

/** Pulls in progress, so that ten containers of one image pull it once. */
const pulls = new Map<string, Promise<void>>();

/**
 * Pulls an image, unless the engine has it.
 * @throws BackendError
 */
export async function ensureImage(
  engine: Engine,
  image: string,
  report: Report,
  timeouts = defaultTimeouts,
): Promise<void> {
  const present = await presentImage(engine, image);
  if (present) return warnOfArchitecture(engine, image, present, report);
  if (isId(image))
    throw new BackendError(
      "OC2609",
      `The Docker engine at ${engine.address} has no image with the id ${JSON.stringify(image)}`,
      "Add it with docker load or docker build, or set docker.image to a name, which can be pulled",
    );
  const key = `${engine.location} ${image}`;
  let pull = pulls.get(key);
  if (!pull) {
    pull = pullImage(engine, image, report, timeouts).finally(() => pulls.delete(key));
    pulls.set(key, pull);
  } else {
    report.progress(`waiting for the image ${image}`);
  }
  await pull;
  const pulled = await presentImage(engine, image);
  if (pulled) warnOfArchitecture(engine, image, pulled, report);
}

/** An image that the engine has. @throws BackendError */
export async function presentImage(engine: Engine, image: string): Promise<ImageInspectInfo | undefined> {
  try {
    return await engine.client.getImage(image).inspect();
  } catch (error) {
    if (failureStatus(error) === 404) return undefined;
    throw explain(error, engine, image);
  }
}

/** Docker's client warns of the same: with emulation such an image runs, slowly, and an engine does not tell whether it has that. */
function warnOfArchitecture(
  { address, architecture }: Engine,
  image: string,
  { Architecture: its }: ImageInspectInfo,
  report: Report,
): void {
  if (!its || !architecture || its === architecture) return; // an imported image may have none
  report.warning(
    "OC2612",
    `the image ${JSON.stringify(image)} is for another processor (${printable(its)}) than that of the Docker engine at ${address} (${architecture}): its programs run slowly, or fail with "exec format error". Set docker.image to an image for ${architecture}`,
  );
}

/** The id of an image, whole or shortened, as `docker images` lists it. */
function isId(image: string): boolean {
  return /^sha256:[\da-f]{12,64}$|^[\da-f]{64}$/.test(image);
}

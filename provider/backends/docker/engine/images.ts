import { Readable } from "node:stream";
import { z } from "zod";
import { BackendError, type Report } from "../../backend";
import type { Engine } from "./engine";
import { explain, isDiskFull } from "./engine-errors";
import { failureStatus, failureText } from "./failure";

const stallTimeoutMs = 600_000; // without data from the registry or an unpacked layer

/** Pulls in progress, so that ten containers of one image pull it once. */
const pulls = new Map<string, Promise<void>>();

/**
 * Pulls an image, unless the engine has it.
 * @throws BackendError
 */
export async function ensureImage(engine: Engine, image: string, report: Report): Promise<void> {
  if (await isPresent(engine, image)) return;
  const key = `${engine.location} ${image}`;
  let pull = pulls.get(key);
  if (!pull) {
    pull = pullImage(engine, image, report).finally(() => pulls.delete(key));
    pulls.set(key, pull);
  } else {
    report.progress(`waiting for the image ${image}`);
  }
  await pull;
}

async function isPresent(engine: Engine, image: string): Promise<boolean> {
  try {
    await engine.client.getImage(image).inspect();
    return true;
  } catch (error) {
    if (failureStatus(error) === 404) return false;
    throw explain(error, engine, image);
  }
}

async function pullImage(engine: Engine, image: string, report: Report): Promise<void> {
  report.progress(`pulling ${image}`);
  try {
    const events = await engine.client.pull(withTag(image), {});
    await followPull(events, (percent) => report.progress(`pulling ${image} ${percent} %`));
  } catch (error) {
    if (isDiskFull(error)) throw explain(error, engine, image);
    throw new BackendError(
      "OC2218",
      `Cannot pull the image ${JSON.stringify(image)} to the Docker engine at ${engine.address}: ${failureText(error)}`,
      "Set docker.image to an image that `docker images` lists there, or add it with docker pull, docker load or docker import",
      { cause: error },
    );
  }
}

/** Without a tag the engine would pull all tags. */
function withTag(image: string): string {
  return /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
}

const pullEvent = z.object({
  id: z.string().optional(),
  error: z.string().optional(),
  status: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
});

/** The response to a pull is 200, and its stream may still end in an error line. */
async function followPull(events: NodeJS.ReadableStream, onPercent: (percent: number) => void): Promise<void> {
  const stalled = setTimeout(() => {
    if (events instanceof Readable) events.destroy(new Error(`no data for ${stallTimeoutMs / 60_000} minutes`));
  }, stallTimeoutMs);
  try {
    await readEvents(events, onPercent, () => stalled.refresh());
  } finally {
    clearTimeout(stalled);
  }
}

async function readEvents(
  events: NodeJS.ReadableStream,
  onPercent: (percent: number) => void,
  onData: () => void,
): Promise<void> {
  const layers = new Map<string, { current: number; total: number }>();
  let reported = -1;
  let rest = "";
  for await (const chunk of events) {
    onData();
    const lines = (rest + String(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter(Boolean)) {
      const { id, error, status, progressDetail } = pullEvent.parse(JSON.parse(line));
      if (error) throw new Error(error);
      const { current, total } = progressDetail ?? {};
      if (id && status === "Downloading" && current !== undefined && total) layers.set(id, { current, total });
      const percent = percentOf([...layers.values()]);
      if (percent > reported) onPercent(percent);
      reported = Math.max(reported, percent);
    }
  }
}

function percentOf(layers: { current: number; total: number }[]): number {
  const sum = (key: "current" | "total") => layers.reduce((all, layer) => all + layer[key], 0);
  return layers.length === 0 ? -1 : Math.floor((100 * sum("current")) / sum("total"));
}

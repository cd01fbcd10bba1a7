import { Readable } from "node:stream";
import { z } from "zod";

/** No data came in time. */
export class StalledError extends Error {}

const pullEvent = z.object({
  id: z.string().optional(),
  error: z.string().optional(),
  status: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
});

/**
 * Follows a pull to its end. The response to a pull is 200, and its stream may still end in an error line.
 * @param stallTimeoutMs for which there may be no data from the registry and no unpacked layer
 */
export async function followPull(
  events: NodeJS.ReadableStream,
  stallTimeoutMs: number,
  onPercent: (percent: number) => void,
): Promise<void> {
  const stalled = setTimeout(() => {
    if (events instanceof Readable) events.destroy(new StalledError(`no data in ${stallTimeoutMs / 1000} s`));
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

import { OpenAI } from "openai";
import { type ContainerResource, type Emulator, startEmulator } from "../../sdk/emulator";
import { hosted, key } from "../support/hosted";
import { silent } from "../support/silent";
import { counted, type Row } from "./measure";

const now = Math.floor(Date.now() / 1000);
const hour = 3_600;

/** Containers made one after the other over a time, as the limit of requests lets one make them. */
function spread(name: string, count: number, from: number, seconds: number): Partial<ContainerResource>[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `${name}-${at}`,
    created_at: Math.floor(now - from + (at / count) * seconds),
    last_active_at: now,
  }));
}

/** What a run of Pulumi asks the API to learn what became of a thousand containers, in no order. */
export async function hostedLook(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [around, foreign] of [
    ["", 0],
    [", 20,000 foreign ones around them", 20_000],
  ] as const) {
    const emulator = await startEmulator({ requestsPerMinute: 1_000_000 });
    emulator.seed(spread("foreign", foreign, 2 * hour, 2 * hour));
    const ids = new Set(emulator.seed(spread("ours", 1_000, hour, hour / 6)));
    const ours = emulator.containers().filter(({ id }) => ids.has(id));
    const inNoOrder = ours.sort((a, b) => a.id.localeCompare(b.id));
    const figures: [string, number][] = [
      ["one GET each", await requests(emulator, () => naively(emulator, inNoOrder))],
      ["ours", await requests(emulator, () => asWeDo(emulator, inNoOrder))],
    ];
    rows.push(...counted(`look at 1,000 containers${around}`, "requests", figures));
    await emulator.stop();
  }
  return rows;
}

async function requests(emulator: Emulator, look: () => Promise<number>): Promise<number> {
  const before = emulator.requests.length;
  const found = await look();
  if (found !== 1_000) throw new Error(`${found} of 1,000 were found`);
  return emulator.requests.length - before;
}

async function naively({ baseUrl }: Emulator, containers: ContainerResource[]): Promise<number> {
  const client = new OpenAI({ apiKey: key, baseURL: baseUrl });
  let found = 0;
  for (const { id } of containers) found += (await client.containers.retrieve(id)).status === "running" ? 1 : 0;
  return found;
}

async function asWeDo({ baseUrl }: Emulator, containers: ContainerResource[]): Promise<number> {
  const backend = await hosted(baseUrl);
  let found = 0;
  for (const { id, name, created_at: createdAt } of containers) {
    found += (await backend.observe(id, { name, createdAt }, silent))?.status === "running" ? 1 : 0;
  }
  return found;
}

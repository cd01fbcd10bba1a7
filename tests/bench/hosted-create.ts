import { OpenAI } from "openai";
import { type Emulator, scaledClock, startEmulator } from "../../sdk/emulator";
import { named } from "../support/create-context";
import { hosted, hostedArgs, key, quick } from "../support/hosted";
import { silent } from "../support/silent";
import { counted, type Row } from "./measure";

const count = 1_000;
const perMinute = 100;
// Times as fast as the real clock does the emulator's run, and with it what both clients wait. A slow machine's own time
// counts as many times, where the API and a client have machines of their own: so no more than this.
const factor = 5;
const names = Array.from({ length: count }, (_, at) => `c-${at}`);

interface Outcome {
  /** From the first request to the last answer, in seconds of the API's clock. */
  seconds: number;
  missing: number;
  duplicates: number;
}

/** A thousand containers at once, under the API's limit of a hundred requests a minute. */
export async function hostedCreate(): Promise<Row[]> {
  await warmUp();
  const ours = await outcome(async ({ baseUrl }) => create(names, baseUrl, perMinute));
  const naive = await outcome(async ({ baseUrl }) => {
    const client = new OpenAI({ apiKey: key, baseURL: baseUrl, fetch: hurried });
    return names.map((name) => client.containers.create({ name }));
  });
  // The first hundred go at once, and each later hundred a minute after the one before.
  const floor = ((count - perMinute) / perMinute) * 60;
  const title = `create ${count} containers at ${perMinute} a minute`;
  const peer = "the official client, as it comes";
  return [
    ...counted(title, "s", [
      ["the limit's own time", floor],
      ["ours", ours.seconds],
      [`${peer}, until it gave up`, naive.seconds],
    ]),
    ...counted(`${title}: not made`, "containers", [
      ["ours", ours.missing],
      [peer, naive.missing],
    ]),
    ...counted(`${title}: made twice`, "containers", [
      ["ours", ours.duplicates],
      [peer, naive.duplicates],
    ]),
  ];
}

async function create(wanted: string[], baseUrl: string, limit: number): Promise<Promise<unknown>[]> {
  const config = { "openai-containers:requestsPerMinute": String(limit) };
  const timing = { ...quick, minute: 60_000 / factor, answer: 60_000, limit: 300_000 };
  const backend = await hosted(baseUrl, {}, timing, undefined, config);
  return wanted.map((name) => backend.create(hostedArgs(name), silent, named));
}

/** What a process does once, such as to load and compile the client, is no matter of the limit. */
async function warmUp(): Promise<void> {
  const emulator = await startEmulator({ requestsPerMinute: 1_000_000 });
  await Promise.all(await create(names.slice(0, perMinute), emulator.baseUrl, 1_000_000));
  await emulator.stop();
}

async function outcome(work: (emulator: Emulator) => Promise<Promise<unknown>[]>): Promise<Outcome> {
  const emulator = await startEmulator({ requestsPerMinute: perMinute, clock: scaledClock(factor) });
  try {
    await Promise.allSettled(await work(emulator));
    const times = emulator.requests.map(({ at }) => at);
    const made = emulator.containers().map(({ name }) => name);
    return {
      seconds: (Math.max(...times) - Math.min(...times)) / 1000,
      missing: names.filter((name) => !made.includes(name)).length,
      duplicates: made.length - new Set(made).size,
    };
  } finally {
    await emulator.stop();
  }
}

/** Tells the official client the pause that the API asks for in the emulator's time, which passes faster. */
const hurried: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  const seconds = response.headers.get("retry-after");
  if (seconds === null) return response;
  const headers = new Headers(response.headers);
  headers.delete("retry-after");
  headers.set("retry-after-ms", String((Number(seconds) * 1000) / factor));
  return new Response(response.body, { status: response.status, headers });
};

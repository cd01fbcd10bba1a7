import { startEmulator } from "../../sdk/emulator";
import { engine, image } from "../support/docker";
import { FaultyEngine } from "../support/faulty-engine";
import { key } from "../support/hosted";
import { Stack } from "../support/stack";
import { minutes, noOpProgram, resources } from "./many-resources";
import { counted, type Measured, measured, type Row, rowsOf, timed } from "./measure";

const counts = [100, 300, 1_000];
const countOnDocker = 300; // a thousand sandboxes would measure the host
const rounds = 3;

/** Resources are stored once an `up`, not after each one, which would take minutes for a thousand. */
const storedOnce = { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" };

/** A stack of so many resources that live. */
interface Subject {
  count: number;
  stack: Stack;
  /** How many requests were made about them so far. */
  requests(): number;
  end(): Promise<void>;
}

type Begin = (count: number) => Promise<Subject>;

/**
 * `pulumi preview` of what has not changed: resources that do nothing, and ours, with a liveness check and without, at
 * each count, and what each further one takes.
 */
export async function preview(): Promise<Row[]> {
  const rows: Row[] = [];
  let smaller: { count: number; all: Measured[] } | undefined;
  for (const count of counts) {
    const all = await previewsOf(count, rows);
    rows.push(...rowsOf(`preview of ${count}, nothing changed`, "s", all));
    for (const place of ["hosted", "Docker"]) {
      const ofPlace = all.filter(([what]) => what.startsWith(place));
      if (ofPlace.length > 0) rows.push(...rowsOf(`preview of ${count}: the liveness check on ${place}`, "s", ofPlace));
    }
    if (smaller) rows.push(...growth(smaller.count, smaller.all, count, all));
    smaller = { count, all };
  }
  return rows;
}

/** @param rows gets what is beside the times */
function previewsOf(count: number, rows: Row[]): Promise<Measured[]> {
  const title = `preview of ${count}: what a liveness check asks`;
  return living(noOps, count, (floor) =>
    living(hosted, count, async (api) => {
      const ofHosted = candidates("hosted", api);
      const compare = (more: Candidate[]) =>
        measured(rounds, [["resources that do nothing", () => previewed(floor, false)], ...ofHosted, ...more]);
      rows.push(await requestsOf("hosted", api, title));
      if (count !== countOnDocker) return compare([]);
      return living(onDocker, count, async (docker) => {
        rows.push(await requestsOf("Docker", docker, title));
        return compare(candidates("Docker", docker));
      });
    }),
  );
}

async function living<T>(begin: Begin, count: number, work: (subject: Subject) => Promise<T>): Promise<T> {
  const subject = await begin(count);
  try {
    await subject.stack.init();
    await subject.stack.up("--parallel", "8", "--config", "openai-containers:requestsPerMinute=1000000");
    return await work(subject);
  } finally {
    await subject.end();
  }
}

type Candidate = [what: string, run: () => Promise<number>];

function candidates(place: string, subject: Subject): Candidate[] {
  return [
    [`${place}, without a liveness check`, () => previewed(subject, false)],
    [`${place}, with one`, () => previewed(subject, true)],
  ];
}

async function requestsOf(place: string, subject: Subject, title: string): Promise<Row> {
  const requests = await asked(subject, () => previewed(subject, true));
  const [row] = counted(title, "requests", [[place, requests]]);
  if (!row) throw new Error("A figure that was counted has no row");
  return row;
}

/** What one more resource takes, between two counts; of what was measured at both. */
function growth(few: number, ofFew: Measured[], many: number, ofMany: Measured[]): Row[] {
  const each = ofFew.flatMap(([what, before]): Measured[] => {
    const after = ofMany.find(([other]) => other === what)?.[1];
    return after ? [[what, after.map((seconds, at) => ((seconds - (before[at] ?? 0)) * 1000) / (many - few))]] : [];
  });
  return rowsOf(`preview: each one more, from ${few} to ${many}`, "ms", each);
}

/** How long a preview takes, in seconds. It fails where anything has changed, or there was a liveness check that was not to be, or none that was. */
async function previewed(subject: Subject, isLooking: boolean): Promise<number> {
  let said = "";
  const preview = async () => {
    const setting = `openai-containers:liveness=${isLooking}`;
    said = await subject.stack.ok("preview", "--expect-no-changes", "--suppress-progress", "--config", setting);
  };
  let took = 0;
  const requests = await asked(subject, async () => {
    took = await timed(preview);
  });
  // The stack is a resource too.
  if (!said.includes(`${subject.count + 1} unchanged`)) throw new Error(`Not all is unchanged:\n${said}`);
  if (requests > 0 !== isLooking) throw new Error(`${requests} requests with liveness ${isLooking}:\n${said}`);
  return took / 1000;
}

async function asked({ requests }: Subject, work: () => Promise<unknown>): Promise<number> {
  const before = requests();
  await work();
  return requests() - before;
}

async function noOps(count: number): Promise<Subject> {
  const stack = new Stack(storedOnce);
  stack.program(noOpProgram(count, stack));
  return { count, stack, requests: () => 0, end: () => stack.end({ containers: () => [] }) };
}

async function onDocker(count: number): Promise<Subject> {
  const { client, address } = await engine();
  const counting = await new FaultyEngine(address.replace("unix://", "")).start();
  let requests = 0;
  counting.fault = () => {
    requests += 1;
    return undefined;
  };
  const stack = new Stack({ ...storedOnce, DOCKER_HOST: counting.host });
  stack.program(resources("Container", count, stack, `backend: "docker", docker: { image: "${image}" }`));
  return { count, stack, requests: () => requests, end: () => stack.end(client).finally(() => counting.stop()) };
}

async function hosted(count: number): Promise<Subject> {
  const emulator = await startEmulator({ requestsPerMinute: 1_000_000, maximumMinutes: minutes });
  const stack = new Stack({ ...storedOnce, OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
  stack.program(resources("Container", count, stack));
  return {
    count,
    stack,
    requests: () => emulator.requests.length,
    end: () => stack.end(emulator).finally(() => emulator.stop()),
  };
}

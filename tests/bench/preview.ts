import { startDouble } from "../../sdk/double";
import { engine, image } from "../support/docker";
import { FaultyEngine } from "../support/faulty-engine";
import { key } from "../support/hosted";
import { Stack } from "../support/stack";
import { counted, measured, type Row, rowsOf, timed } from "./measure";

const count = 300;
const rounds = 5;
const minutes = 600; // none expires meanwhile

/** A stack of so many resources that live. */
interface Subject {
  stack: Stack;
  /** How many requests were made about them so far. */
  requests(): number;
  end(): Promise<void>;
}

/** `pulumi preview` of what has not changed: resources that do nothing, and ours, with a look at each and without. */
export function preview(): Promise<Row[]> {
  return living(noOps, (floor) => living(onDocker, (docker) => living(hosted, (api) => compare(floor, docker, api))));
}

async function living<T>(begin: () => Promise<Subject>, work: (subject: Subject) => Promise<T>): Promise<T> {
  const subject = await begin();
  try {
    await subject.stack.init();
    await subject.stack.up("--parallel", "8", "--config", "openai-containers:requestsPerMinute=1000000");
    return await work(subject);
  } finally {
    await subject.end();
  }
}

async function compare(floor: Subject, docker: Subject, api: Subject): Promise<Row[]> {
  const all = await measured(rounds, [
    ["resources that do nothing", () => previewed(floor, false)],
    ["Docker, not looking", () => previewed(docker, false)],
    ["Docker, looking", () => previewed(docker, true)],
    ["hosted, not looking", () => previewed(api, false)],
    ["hosted, looking", () => previewed(api, true)],
  ]);
  const title = `preview of ${count}, nothing changed`;
  const rows = rowsOf(title, "s", all);
  for (const [place, subject] of Object.entries({ Docker: docker, hosted: api })) {
    const ofPlace = all.filter(([what]) => what.startsWith(place));
    const requests = await asked(subject, () => previewed(subject, true));
    rows.push(...rowsOf(`${title}: the look`, "s", ofPlace));
    rows.push(...counted(`${title}: the look`, "requests", [[`${place}, looking`, requests]]));
  }
  return rows;
}

/** How long a preview takes, in seconds. It fails where anything has changed, or the look is not as it was asked for. */
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
  if (!said.includes(`${count + 1} unchanged`)) throw new Error(`Not all is unchanged:\n${said}`);
  if (requests > 0 !== isLooking) throw new Error(`${requests} requests with liveness ${isLooking}:\n${said}`);
  return took / 1000;
}

async function asked({ requests }: Subject, work: () => Promise<unknown>): Promise<number> {
  const before = requests();
  await work();
  return requests() - before;
}

/** The least that Pulumi's host of dynamic providers does: the same inputs, and a provider that looks at nothing. */
async function noOps(): Promise<Subject> {
  const stack = new Stack();
  stack.program(`
    const provider = {
      create: async (inputs) => ({ id: inputs.name, outs: inputs }),
      diff: async () => ({ changes: false }),
    };
    class NoOp extends pulumi.dynamic.Resource {
      constructor(name, args) { super(provider, name, args); }
    }
    ${resources("NoOp", stack)}`);
  return { stack, requests: () => 0, end: () => stack.end({ containers: () => [] }) };
}

async function onDocker(): Promise<Subject> {
  const { client, address } = await engine();
  const counting = await new FaultyEngine(address.replace("unix://", "")).start();
  let requests = 0;
  counting.fault = () => {
    requests += 1;
    return undefined;
  };
  const stack = new Stack({ DOCKER_HOST: counting.host });
  stack.program(resources("Container", stack, `backend: "docker", docker: { image: "${image}" }`));
  return { stack, requests: () => requests, end: () => stack.end(client).finally(() => counting.stop()) };
}

async function hosted(): Promise<Subject> {
  const double = await startDouble({ requestsPerMinute: 1_000_000, maximumMinutes: minutes });
  const stack = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: double.baseUrl });
  stack.program(resources("Container", stack));
  return { stack, requests: () => double.requests.length, end: () => stack.end(double).finally(() => double.stop()) };
}

function resources(type: string, { prefix }: Stack, more = ""): string {
  const expiresAfter = `expiresAfter: { anchor: "last_active_at", minutes: ${minutes} }`;
  const args = `{ name: "${prefix}-" + at, memoryLimit: "1g", ${expiresAfter}, ${more} }`;
  return `for (let at = 0; at < ${count}; at += 1) new ${type}("c-" + at, ${args});`;
}

import { Agent, type ClientRequest, type ClientRequestArgs, request as open } from "node:http";
import { pipeline } from "node:stream/promises";
import { body } from "./egress-body";
import { type Created, connected, type Way } from "./egress-way";
import { median, timed } from "./measure";
import { answer } from "./worker";

/** What the client does once, for one figure. */
export interface Load {
  readonly way: Way;
  readonly kind: keyof typeof kinds;
  /** Requests, or bytes. */
  readonly count: number;
}

const concurrency = 32;

const kinds = {
  /** Milliseconds, the median of so many: one request after the other on one connection. */
  kept: (way: Way, count: number) =>
    withAgent(way, 1, async (agent) => {
      await repeated(10, () => get(agent, way));
      return median(await repeated(count, () => timed(() => get(agent, way))));
    }),

  /** Milliseconds, the median of so many: a connection with its handshakes, and one request on it. */
  fresh: (way: Way, count: number) => fresh(way, count, "/"),

  /** The same, where the upstream closes its connection behind each response. */
  unkept: (way: Way, count: number) => fresh(way, count, "/last"),

  /** Requests per second on connections that are open already. */
  concurrent: (way: Way, count: number) =>
    withAgent(way, concurrency, async (agent) => {
      const each = count / concurrency;
      const together = (times: number) => {
        const all = Array.from({ length: concurrency }, () => repeated(times, () => get(agent, way)));
        return Promise.all(all);
      };
      await together(4);
      return perSecond(count, await timed(() => together(each)));
    }),

  /** Megabytes per second. */
  down: (way: Way, count: number) =>
    withAgent(way, 1, async (agent) => {
      await get(agent, way);
      return perSecond(count / 2 ** 20, await timed(() => get(agent, way, `/down?bytes=${count}`, count)));
    }),

  /** Megabytes per second. */
  up: (way: Way, count: number) =>
    withAgent(way, 1, async (agent) => {
      await get(agent, way);
      return perSecond(count / 2 ** 20, await timed(() => post(agent, way, count)));
    }),
};

async function fresh(way: Way, count: number, path: string): Promise<number> {
  return median(await repeated(count, () => withAgent(way, 1, (agent) => timed(() => get(agent, way, path)))));
}

function perSecond(amount: number, milliseconds: number): number {
  return (amount * 1000) / milliseconds;
}

async function repeated<T>(times: number, work: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  while (all.length < times) all.push(await work());
  return all;
}

/** Keeps connections, at most so many, and closes them without a word when the work is done, as a client that ends. */
async function withAgent<T>(way: Way, most: number, work: (agent: Agent) => Promise<T>): Promise<T> {
  const agent = new WayAgent(way, most);
  try {
    return await work(agent);
  } finally {
    agent.destroy();
  }
}

class WayAgent extends Agent {
  constructor(
    private readonly way: Way,
    most: number,
  ) {
    super({ keepAlive: true, maxSockets: most, maxFreeSockets: most });
  }

  override createConnection(_options: ClientRequestArgs, created: Created): undefined {
    connected(this.way).then(
      (socket) => created(null, socket),
      (error: Error) => created(error),
    );
  }
}

async function get(agent: Agent, way: Way, path = "/", bytes?: number): Promise<void> {
  const asking = open({ agent, host: way.name, path, headers: fields(way) });
  asking.end();
  const found = await responseBytes(asking);
  if (bytes !== undefined && found !== bytes) throw new Error(`${found} bytes came instead of ${bytes}`);
}

async function post(agent: Agent, way: Way, bytes: number): Promise<void> {
  const headers = { ...fields(way), "Content-Length": bytes };
  const asking = open({ agent, host: way.name, path: "/up", method: "POST", headers });
  await Promise.all([responseBytes(asking), pipeline(body(bytes), asking)]);
}

function fields({ name, credentials }: Way): Record<string, string> {
  return { Host: name, Authorization: credentials };
}

/** @returns the bytes of the response */
function responseBytes(asking: ClientRequest): Promise<number> {
  return new Promise((resolve, reject) => {
    asking.on("error", reject);
    asking.on("response", (response) => {
      let bytes = 0;
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`the response is ${response.statusCode}`));
      });
    });
  });
}

answer(({ way, kind, count }: Load) => kinds[kind](way, count));

import type { Load } from "./egress-load";
import type { EgressSite, ProxyName } from "./egress-site";
import type { Way } from "./egress-way";
import type { Measured } from "./measure";

const rounds = 5;

/** The measured values. */
export interface Candidate {
  readonly what: string;
  readonly way: Way;
  readonly proxy: ProxyName | undefined;
}

/** The result of one round for a candidate; processor times in milliseconds. */
interface Round {
  readonly figure: number;
  readonly proxyMs: number;
  readonly clientMs: number;
  /** That the upstream got. */
  readonly connections: number;
}

/** The same work by each candidate, some times over. */
export class Rounds {
  private constructor(private readonly all: ReadonlyMap<Candidate, Round[]>) {}

  /** Each round begins with another candidate, so that none is always behind the same one. The first warms up. */
  static async run(site: EgressSite, candidates: readonly Candidate[], load: Omit<Load, "way">): Promise<Rounds> {
    const all = new Map(candidates.map((candidate): [Candidate, Round[]] => [candidate, []]));
    for (let round = -1; round < rounds; round++) {
      const first = Math.max(0, round) % candidates.length;
      for (const candidate of [...candidates.slice(first), ...candidates.slice(0, first)]) {
        const found = await once(site, candidate, load);
        if (round >= 0) all.get(candidate)?.push(found);
      }
    }
    return new Rounds(all);
  }

  figures(): Measured[] {
    return this.each(({ figure }) => figure);
  }

  /** What each takes longer than the floor, round by round. */
  added(floor: string): Measured[] {
    const base = [...this.all].find(([{ what }]) => what === floor)?.[1] ?? [];
    return this.figures()
      .filter(([what]) => what !== floor)
      .map(([what, figures]) => [what, figures.map((figure, round) => figure - (base[round]?.figure ?? 0))]);
  }

  /** Microseconds for each of so many, of each proxy and then of the client behind it. */
  processor(count: number): Measured[] {
    const proxies = [...this.all].filter(([{ proxy }]) => proxy !== undefined);
    const own = proxies.map(([{ what }, found]): Measured => [what, found.map((one) => (one.proxyMs * 1000) / count)]);
    return [...own, ...this.each(({ clientMs }) => (clientMs * 1000) / count, "the client, by ")];
  }

  connections(): Measured[] {
    return this.each(({ connections }) => connections);
  }

  private each(figure: (round: Round) => number, before = ""): Measured[] {
    return [...this.all].map(([{ what }, found]) => [`${before}${what}`, found.map(figure)]);
  }
}

async function once(site: EgressSite, { what, way, proxy }: Candidate, load: Omit<Load, "way">): Promise<Round> {
  const connections = await site.connections();
  const proxyMs = proxy ? site.processor(proxy) : 0;
  const clientMs = site.processor("client");
  const figure = await site.client.ask({ way, ...load }).catch((error: Error) => {
    throw new Error(`${what}, ${load.kind}: ${error.message}`);
  });
  return {
    figure,
    proxyMs: (proxy ? site.processor(proxy) : 0) - proxyMs,
    clientMs: site.processor("client") - clientMs,
    connections: (await site.connections()) - connections,
  };
}

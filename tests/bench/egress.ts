import { canAddAddresses } from "../support/egress/addresses";
import { Squid } from "../support/squid";
import type { Load } from "./egress-load";
import { EgressSite } from "./egress-site";
import type { Way } from "./egress-way";
import { counted, type Measured, measured, type Row, rowsOf } from "./measure";

const rounds = 5;
const body = 268_435_456; // bytes

type Candidate = [what: string, way: Way];

/** A figure. Those of requests come first, as they warm up what the others need too. */
interface Figure {
  title: string;
  unit: Row["unit"];
  kind: Load["kind"];
  count: number;
}

const throughput: Figure[] = [
  { title: "gateway, 32 kept connections", unit: "requests/s", kind: "concurrent", count: 3200 },
  { title: "gateway, a body of 256 MB down", unit: "MB/s", kind: "down", count: body },
  { title: "gateway, a body of 256 MB up", unit: "MB/s", kind: "up", count: body },
];
const kept: Figure = { title: "gateway, a request, kept connection (p50)", unit: "ms", kind: "kept", count: 500 };
const fresh: Figure = { title: "gateway, a request, new connection (p50)", unit: "ms", kind: "fresh", count: 60 };

/**
 * The gateway of allow lists beside Squid and beside no proxy at all: the same client, the same upstream and the same
 * requests, with TLS on both sides.
 *
 * The first row is Squid, if it is there, so that a ratio tells how ours compares with it. "No proxy" tells how much of a
 * figure is the client's and the upstream's own; of latencies, what the proxies add to that stands by itself as well.
 * Squid looks at the SNI, as ours does. For new connections there is another one that does not, which is its fastest way.
 *
 * Each proxy writes a line of log for each request to a pipe: ours to this process, Squid to its helper, which throws it
 * away. Names come to ours from a DNS server in this process, and to Squid from a file.
 */
export async function egress(): Promise<Row[]> {
  if (!canAddAddresses) throw new Error("the upstream needs an address of its own, which takes root and `ip`");
  const version = await Squid.version();
  if (version === undefined) process.stderr.write("no Squid to compare with: this takes Debian's squid-openssl\n");
  const site = new EgressSite();
  try {
    await site.start();
    return await compare(site, version);
  } finally {
    await site.stop();
  }
}

async function compare(site: EgressSite, version: string | undefined): Promise<Row[]> {
  const squid = version === undefined ? undefined : await site.startSquid(true);
  const hasty = version === undefined ? undefined : await site.startSquid(false);
  const direct: Candidate = ["no proxy", site.direct()];
  const ours: Candidate[] = [
    ["ours", site.byGateway()],
    ["ours, with a secret in each request", site.byGatewayWithSecret()],
  ];
  const peer = `Squid ${version}`;
  const all: Candidate[] = squid ? [[peer, site.bySquid(squid)], ...ours, direct] : [direct, ...ours];
  const fastest: Candidate[] = hasty ? [[`${peer}, not looking at the SNI`, site.bySquid(hasty)]] : [];

  const memory = (title: string, field: "VmRSS" | "VmHWM") => {
    const own: [string, number] = ["ours", site.memory("gateway", field)];
    return counted(title, "MB", squid ? [[peer, site.memory(squid, field)], own] : [own]);
  };
  const measure = ({ kind, count }: Figure, candidates: Candidate[]) => {
    const runs = candidates.map(([what, way]): [string, () => Promise<number>] => [
      what,
      () => site.client.ask({ way, kind, count }),
    ]);
    return measured(rounds, runs);
  };

  const rows = memory("gateway, memory before any request", "VmRSS");
  for (const figure of throughput) rows.push(...rowsOf(figure.title, figure.unit, await measure(figure, all)));
  for (const figure of [kept, fresh]) {
    const found = await measure(figure, figure === fresh ? [...all, ...fastest] : all);
    rows.push(...rowsOf(figure.title, figure.unit, found));
    rows.push(...rowsOf(`${figure.title}: added`, figure.unit, added(found, direct[0])));
  }
  return [...rows, ...memory("gateway, memory at its peak", "VmHWM")];
}

/** What each takes longer than the floor, round by round. */
function added(all: Measured[], floor: string): Measured[] {
  const base = all.find(([what]) => what === floor)?.[1] ?? [];
  const others = all.filter(([what]) => what !== floor);
  return others.map(([what, figures]) => [what, figures.map((figure, round) => figure - (base[round] ?? 0))]);
}

import { canAddAddresses } from "../support/egress/addresses";
import { Squid } from "../support/squid";
import type { Load } from "./egress-load";
import { type Candidate, Rounds } from "./egress-rounds";
import { EgressSite } from "./egress-site";
import { counted, type Row, rowsOf } from "./measure";

const body = 268_435_456; // bytes

/** A figure. Those of requests come first, as they warm up what the others need too. */
interface Figure {
  readonly title: string;
  readonly unit: Row["unit"];
  readonly kind: Load["kind"];
  readonly count: number;
  /** The unit of the processor time, and its count. */
  readonly each: readonly [name: string, count: number];
}

const throughput: Figure[] = [
  { title: "gateway, 32 kept connections", unit: "requests/s", kind: "concurrent", ...requests(9600) },
  { title: "gateway, a body of 256 MB down", unit: "MB/s", kind: "down", ...bytes(body) },
  { title: "gateway, a body of 256 MB up", unit: "MB/s", kind: "up", ...bytes(body) },
];
const latency: Figure[] = [
  { title: "gateway, a request, kept connection (p50)", unit: "ms", kind: "kept", ...requests(2000) },
  { title: "gateway, a request, new connection (p50)", unit: "ms", kind: "fresh", ...requests(300) },
  {
    title: "gateway, the same, upstream closes too (p50)",
    unit: "ms",
    kind: "unkept",
    ...requests(300),
  },
];

function requests(count: number) {
  return { count, each: ["request", count] as const };
}

function bytes(count: number) {
  return { count, each: ["MB", count / 2 ** 20] as const };
}

/**
 * The gateway of allow lists beside Squid and beside no proxy at all: the same client, the same upstream and the same
 * requests, with TLS on both sides.
 *
 * The first row is Squid, if it is there, as the base of each ratio. "No proxy" shows how much of a
 * figure is the client's and the upstream's own; of latencies, what the proxies add to that stands by itself as well. The
 * order changes from round to round. Each figure has the processor time of the proxy beside it, which other work on the
 * machine changes less than a time by the clock, and that of the client behind it.
 *
 * Squid checks the SNI, as ours does. For new connections there is another one that does not, which is its fastest way.
 * The number of connections to the upstream shows reuse: ours reuses them, Squid that checks the SNI does
 * not. Where the upstream closes them none can be used again, and like stands beside like.
 *
 * "Ours" has a policy without secrets. With one, the gateway injects it into each request, and searches each response for it.
 *
 * Each proxy writes its log to a small process that throws it away: a line for each request Squid, and two ours. What those
 * take is not counted, and they need the same two cores. Names come to ours from a DNS server in this process, and to Squid from a file.
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
  const direct: Candidate = { what: "no proxy", way: site.direct(), proxy: undefined };
  const ours: Candidate[] = [
    { what: "ours", way: site.byGateway(), proxy: "gateway" },
    { what: "ours, with a secret in each request", way: site.byGatewayWithSecret(), proxy: "gateway with a secret" },
  ];
  const peer = `Squid ${version}`;
  const all: Candidate[] = squid
    ? [{ what: peer, way: site.bySquid(squid), proxy: squid }, ...ours, direct]
    : [direct, ...ours];
  const hastily = `${peer}, not looking at the SNI`;
  const fastest: Candidate[] = hasty ? [{ what: hastily, way: site.bySquid(hasty), proxy: hasty }] : [];

  const memory = (title: string, field: "VmRSS" | "VmHWM") => {
    const own = ours.map(({ what, proxy }): [string, number] => [what, proxy ? site.memory(proxy, field) : 0]);
    return counted(title, "MB", squid ? [[peer, site.memory(squid, field)], ...own] : own);
  };
  const rows = memory("gateway, memory before any request", "VmRSS");
  for (const { title, unit, kind, count, each } of [...throughput, ...latency]) {
    const candidates = kind === "fresh" || kind === "unkept" ? [...all, ...fastest] : all;
    const rounds = await Rounds.run(site, candidates, { kind, count });
    rows.push(...rowsOf(title, unit, rounds.figures()));
    if (unit === "ms") rows.push(...rowsOf(`${title}: added`, unit, rounds.added(direct.what)));
    rows.push(...rowsOf(`${title}: processor a ${each[0]}`, "µs", rounds.processor(each[1])));
    if (unit === "ms") rows.push(...rowsOf(`${title}: to the upstream`, "connections", rounds.connections()));
  }
  return [...rows, ...memory("gateway, memory at its peak", "VmHWM")];
}

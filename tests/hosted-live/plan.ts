import type { Container } from "../../provider/model/container";
import type { Options } from "./options";
import { costOf, prices } from "./prices";

/** Containers of one size that a run creates. */
interface Planned {
  purpose: string;
  /** With those that the API should refuse, as it may accept them. */
  containers: number;
  memoryLimit: Container["memoryLimit"];
  /** How long each exists at most, if the API is as fast as usual. */
  minutes: number;
}

export function planOf({ cells, contract, expiry }: Options): Planned[] {
  return [
    ...(cells ? [{ purpose: "cells of the table", containers: 2, memoryLimit: "1g", minutes: 5 } as const] : []),
    ...(cells && expiry ? [{ purpose: "cells: expiry", containers: 2, memoryLimit: "1g", minutes: 23 } as const] : []),
    ...(contract
      ? [
          { purpose: "contract of backends", containers: 29, memoryLimit: "1g", minutes: 10 } as const,
          { purpose: "contract of backends", containers: 1, memoryLimit: "4g", minutes: 10 } as const,
        ]
      : []),
    ...(contract && expiry
      ? [{ purpose: "contract: expiry", containers: 3, memoryLimit: "1g", minutes: 10 } as const]
      : []),
  ];
}

export function countOf(plan: readonly Planned[]): number {
  return plan.reduce((sum, { containers }) => sum + containers, 0);
}

/** What a run creates and costs, for the person who pays. */
export function planText(plan: readonly Planned[], address: string): string {
  const dollars = (amount: number) => `$${amount.toFixed(2)}`;
  const cost = ({ containers, memoryLimit, minutes }: Planned) => costOf(containers, memoryLimit, minutes);
  const lines = plan.map((planned) => {
    const { purpose, containers, memoryLimit, minutes } = planned;
    const size = `${containers} of ${memoryLimit}`.padEnd(12);
    return `  ${purpose.padEnd(22)} ${size} ${minutes} minutes each  ${dollars(cost(planned))}`;
  });
  const total = plan.reduce((sum, planned) => sum + cost(planned), 0);
  return `At ${address}, with the key in OPENAI_API_KEY, this creates at most:

${lines.join("\n")}

  ${countOf(plan)} containers, about ${dollars(total)}

An estimate by prices of ${prices.asOf}, at least ${prices.minimumMinutes} minutes for each container.
Source: ${prices.source}. Current prices: ${prices.page}
Each container is deleted at the end, also after Ctrl-C. A container that cannot be deleted is listed, and expires after 20
idle minutes.
`;
}

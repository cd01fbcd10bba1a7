import { parseArgs } from "node:util";

export interface Options {
  /** Whether to check the cells of the table of differences. */
  cells: boolean;
  /** Whether to run the suite of all backends. */
  contract: boolean;
  /** Whether to wait for containers to expire, too. */
  expiry: boolean;
  /** Whether the costs are confirmed. */
  yes: boolean;
  requestsPerMinute: string;
}

export const usage =
  "Usage: npm run test:hosted-live -- [cells] [contract] [--expiry] [--yes] [--requests-per-minute N]";

/** @throws TypeError for arguments that do not exist */
export function optionsFrom(args: string[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      expiry: { type: "boolean", default: false },
      yes: { type: "boolean", default: false },
      "requests-per-minute": { type: "string", default: "100" },
    },
  });
  const unknown = positionals.filter((part) => part !== "cells" && part !== "contract");
  if (unknown.length > 0) throw new TypeError(`No part ${unknown.join(", ")}: there are cells and contract.`);
  const isAll = positionals.length === 0;
  return {
    cells: isAll || positionals.includes("cells"),
    contract: isAll || positionals.includes("contract"),
    expiry: values.expiry,
    yes: values.yes,
    requestsPerMinute: values["requests-per-minute"],
  };
}

import { parseArgs } from "node:util";
import type { EmulatorOptions } from "../../emulator";
import { parsed, UsageError } from "../command";

/** @throws UsageError */
export function optionsFrom(args: string[]): EmulatorOptions & { port: number } {
  const values = valuesFrom(args);
  const domains = values["organization-domains"]?.split(",").filter((domain) => domain !== "");
  return {
    port: integer("port", values.port, 0, 65_535),
    requestsPerMinute: integer("requests-per-minute", values["requests-per-minute"], 1),
    maximumMinutes: integer("maximum-minutes", values["maximum-minutes"], 1),
    listLagSeconds: integer("list-lag-seconds", values["list-lag-seconds"], 0),
    ...(domains && { organizationDomains: domains }),
  };
}

function valuesFrom(args: string[]) {
  const options = {
    port: { type: "string", default: "8484" },
    "requests-per-minute": { type: "string", default: "100" },
    "maximum-minutes": { type: "string", default: "20" },
    "organization-domains": { type: "string" },
    "list-lag-seconds": { type: "string", default: "0" },
  } as const;
  return parsed(() => parseArgs({ args, options }).values);
}

function integer(option: string, text: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  throw new UsageError("OC5006", `--${option}: got ${JSON.stringify(text)}, expected an integer ${range}`);
}

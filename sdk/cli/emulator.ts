import { once } from "node:events";
import { parseArgs } from "node:util";
import { type Emulator, type EmulatorOptions, type LoggedRequest, startEmulator } from "../emulator";
import { type Command, CommandError, UsageError, understood } from "./command";

export const emulator: Command = {
  summary: "a local server that behaves like the Containers API, for tests without an account",
  usage: `Usage: openai-containers emulator [options]

Listens on 127.0.0.1 until it is stopped, and forgets everything then.

Options:
  --port N                      default: 8484; 0 for any free one
  --requests-per-minute N       of one organisation; default: 100
  --maximum-minutes N           largest expires_after.minutes; default: 20
  --organization-domains A,B    the organisation's allow list; default: every domain is allowed
  --list-lag-seconds N          how long lists take to learn of a new or deleted container; default: 0
`,
  async run(args, { tell }) {
    const running = await started({ ...optionsFrom(args), onRequest: (request) => tell(line(request)) });
    tell(greeting(running.baseUrl));
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    await running.stop();
  },
};

function optionsFrom(args: string[]): EmulatorOptions & { port: number } {
  const values = parsed(args);
  const domains = values["organization-domains"]?.split(",").filter((domain) => domain !== "");
  return {
    port: wholeNumber("port", values.port, 0, 65_535),
    requestsPerMinute: wholeNumber("requests-per-minute", values["requests-per-minute"], 1),
    maximumMinutes: wholeNumber("maximum-minutes", values["maximum-minutes"], 1),
    listLagSeconds: wholeNumber("list-lag-seconds", values["list-lag-seconds"], 0),
    ...(domains && { organizationDomains: domains }),
  };
}

function parsed(args: string[]) {
  const options = {
    port: { type: "string", default: "8484" },
    "requests-per-minute": { type: "string", default: "100" },
    "maximum-minutes": { type: "string", default: "20" },
    "organization-domains": { type: "string" },
    "list-lag-seconds": { type: "string", default: "0" },
  } as const;
  return understood(() => parseArgs({ args, options }).values);
}

function wholeNumber(option: string, text: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  const range = maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum} on` : `from ${minimum} to ${maximum}`;
  throw new UsageError(`--${option} takes a whole number ${range}, not ${text}.`);
}

async function started(options: EmulatorOptions & { port: number }): Promise<Emulator> {
  try {
    return await startEmulator(options);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") throw new CommandError(`Port ${options.port} is in use: choose another with --port.`);
    if (code === "EACCES")
      throw new CommandError(`Port ${options.port} is not yours to use: choose another with --port.`);
    throw error;
  }
}

function greeting(baseUrl: string): string {
  const control = baseUrl.replace(/v1$/, "emulator");
  return `The emulator of the Containers API listens.

  export OPENAI_BASE_URL=${baseUrl} OPENAI_API_KEY=any

What was asked:       curl ${control}/requests
What there is:        curl ${control}/containers
Let time pass:        curl ${control}/clock -d '{"advanceMinutes": 30}'
Let a request fail:   curl ${control}/faults -d '{"method": "POST", "answer": "cut"}'
Let no more fail:     curl ${control}/faults -X DELETE

`;
}

/** `12:03:44 POST /v1/containers 200 req_…` */
function line({ at, method, path, query, status, requestId }: LoggedRequest): string {
  const time = new Date(at).toTimeString().slice(0, 8);
  return `${time} ${method} ${path}${query && `?${query}`} ${status} ${requestId}\n`;
}

import { once } from "node:events";
import { type Emulator, type EmulatorOptions, type LoggedRequest, startEmulator } from "../../emulator";
import { type Command, CommandError } from "../command";
import { optionsFrom } from "./options";

export const emulator: Command = {
  summary: "Run a local emulator of the Containers API, for tests without an account.",
  help: {
    usage: "emulator [options]",
    description: [
      "Run a local emulator of the Containers API, for tests without an account.",
      "It listens on 127.0.0.1, keeps everything in memory, prints a line for each request, and stops at SIGINT or SIGTERM.",
    ],
    options: [
      ["--port N", "The port; 0 for any free port. Default: 8484."],
      ["--requests-per-minute N", "The rate limit of each organization. Default: 100."],
      ["--maximum-minutes N", "The largest accepted expires_after.minutes. Default: 20."],
      ["--organization-domains A,B", "The organization's allow list. Default: every domain is allowed."],
      ["--list-lag-seconds N", "The time until lists show a new or deleted container. Default: 0."],
    ],
    examples: [
      ["emulator", "Listen on port 8484."],
      ["emulator --port 0 --list-lag-seconds 5", "Listen on any free port, with lists that lag by five seconds."],
    ],
    exitCodes: [
      ["0", "Stopped by a signal."],
      ["1", "The port is in use, or not permitted."],
      ["2", "Invalid arguments."],
    ],
  },
  async run(args, { stdout }) {
    const running = await started({ ...optionsFrom(args), onRequest: (request) => stdout(line(request)) });
    stdout(greeting(running.baseUrl));
    await Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
    await running.stop();
  },
};

async function started(options: EmulatorOptions & { port: number }): Promise<Emulator> {
  try {
    return await startEmulator(options);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const otherPort = "Choose another port with --port";
    if (code === "EADDRINUSE") throw new CommandError("OC5007", `Port ${options.port} is in use`, otherPort);
    if (code === "EACCES")
      throw new CommandError("OC5008", `Permission denied to listen on port ${options.port}`, otherPort);
    throw error;
  }
}

function greeting(baseUrl: string): string {
  const control = baseUrl.replace(/v1$/, "emulator");
  return `The emulator of the Containers API is listening.

  export OPENAI_BASE_URL=${baseUrl} OPENAI_API_KEY=any

List requests:      curl ${control}/requests
List containers:    curl ${control}/containers
Advance the clock:  curl ${control}/clock -d '{"advanceMinutes": 30}'
Add a fault:        curl ${control}/faults -d '{"method": "POST", "answer": "cut"}'
Remove all faults:  curl ${control}/faults -X DELETE

`;
}

/** `12:03:44 POST /v1/containers 200 req_…` */
function line({ at, method, path, query, status, requestId }: LoggedRequest): string {
  const time = new Date(at).toTimeString().slice(0, 8);
  return `${time} ${method} ${path}${query && `?${query}`} ${status} ${requestId}\n`;
}

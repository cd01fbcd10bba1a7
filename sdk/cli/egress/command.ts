import { parseArgs } from "node:util";
import { type Command, parsed, UsageError } from "../command";

export const egress: Command = {
  summary: "Print the egress audit log of a sandbox with an allow list.",
  help: {
    usage: "egress <id>",
    description: [
      "Print the egress audit log of a sandbox with an allow list on Docker.",
      "Each line is a decision of the sandbox's gateway: the time, allowed or denied, the method, the domain, the status, the bytes sent (up) and received (down), and the reason. It never has a path, header, body or secret. The engine keeps the last 30 MB. `docker logs <id>-gateway` prints the same lines as JSON.",
      "The engine is the one that DOCKER_HOST, DOCKER_CONTEXT or the Docker client's own settings name.",
    ],
    arguments: [["<id>", "The id of a sandbox: cntr_…"]],
    examples: [["egress cntr_0123456789abcdef", "Print what the gateway allowed and denied."]],
    exitCodes: [
      ["0", "Success."],
      ["1", "The engine cannot be reached, or has no gateway of that sandbox."],
      ["2", "Invalid arguments."],
    ],
  },
  async run(args, output) {
    const { positionals } = parsed(() => parseArgs({ args, allowPositionals: true }));
    const [id, ...more] = positionals;
    if (!id || more.length > 0) throw new UsageError("OC5005", "Exactly one container id is required");
    // Loaded here, so that other commands start without the Docker client.
    const { printAuditLog }: typeof import("./print-audit-log") = require("./print-audit-log");
    await printAuditLog(id, output);
  },
};

import type { Command } from "../command";
import { optionsFrom } from "./options";

export const importCommand: Command = {
  summary: "Import existing containers into a Pulumi program and its stack.",
  help: {
    usage: "import [filters] [--file FILE] [--program FILE] [--mapping FILE] [--run]",
    description: [
      "Import existing containers into a Pulumi program and its stack.",
      "Without a file to write and without --run, it lists what can be imported, and changes nothing. On a terminal, without a filter, it asks which containers to import. Otherwise the filters decide, and without any all containers are selected; --run then needs a filter, --id or a mapping, such as --name '*'.",
      "The account or engine is the one that environment variables name (OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_ORG_ID, OPENAI_PROJECT_ID, DOCKER_HOST, DOCKER_CONTEXT), not a stack's configuration. Containers are read by listing them, which does not prolong their life. Those that expired or cannot be imported are skipped, with the reason.",
    ],
    options: [
      ["--backend NAME", "openai or docker. Repeat it for containers of both. Default: openai."],
      ["--name GLOB", "Containers with such a name; * matches any characters, ? one."],
      ["--status STATUS", "Containers with this status, such as running."],
      ["--older-than AGE", "Containers that were created longer ago: 90s, 30m, 2h, 7d."],
      ["--newer-than AGE", "Containers that were created since."],
      ["--memory TIER", "Containers with this memory limit: 1g, 4g, 16g or 64g."],
      ["--id ID", "A container by its id, on Docker also by its name. Repeat it for several."],
      [
        "--file FILE",
        "Write the file for `pulumi import --file FILE --generate-code=false`. A file that is not an import file is never overwritten.",
      ],
      [
        "--program FILE",
        "Write the program's code, FILE.ts or FILE.js. A file that this command generated gets new declarations at its end; another file is never changed. With --run, default: sandboxes.ts or sandboxes.js, as the program's language is.",
      ],
      [
        "--mapping FILE",
        "Write which container becomes which resource, as JSON: { ID: { name, import, reason } }. If FILE exists, its names and decisions apply and stay, and containers that are new are added; they are imported only if a filter or --id selects them. A warning names those that it imports and that are gone or cannot be imported.",
      ],
      [
        "--run",
        "Import the containers into the stack: in a Pulumi project's folder, write the files, run `pulumi import`, and check with `pulumi preview` that they would not change and that no container of the stack would be deleted or replaced. The same command completes a run that was interrupted.",
      ],
      ["--stack NAME", "With --run, the stack. Default: the one that is selected."],
      [
        "--no-protect",
        "Do not protect the resources from being deleted. Previews fail when a protected container has expired.",
      ],
      ["--json", "Print the result as one JSON object: selected, imported, managed, unchanged, skipped, files."],
    ],
    examples: [
      ["import --backend docker", "List the containers of the Docker engine."],
      ["import --backend docker --id box --run", "Import one into the selected stack."],
      ["import --name 'analysis-*' --mapping map.json", "Write a mapping to edit."],
      ["import --mapping map.json --run", "Import what the mapping says."],
    ],
    exitCodes: [
      ["0", "Success, also where nothing is left to import."],
      [
        "1",
        "The containers cannot be read or imported, a file cannot be written, Pulumi failed, or the preview shows changes.",
      ],
      ["2", "Invalid arguments."],
    ],
  },
  async run(args, output) {
    const options = optionsFrom(args);
    // Loaded here, so that other commands start without the provider and its backends.
    const { importContainers }: typeof import("./import-containers") = require("./import-containers");
    await importContainers(options, output);
  },
};

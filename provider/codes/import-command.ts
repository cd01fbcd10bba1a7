import type { CodeEntries } from "./code-entry";

/** OC52xx: `openai-containers import`. */
export const importCommandCodes = {
  OC5201: {
    message: "--…: got …, expected …",
    cause: "The value of the option is not one that the command knows.",
    remedy: "Use a value that the message names.",
  },
  OC5202: {
    message: "--run without a terminal needs a choice: …",
    cause:
      "Nobody can be asked which containers to import, and importing all of an account by mistake is hard to undo.",
    remedy: "Add `--name '*'` for every container, another filter, `--id` or a mapping that exists.",
  },
  OC5203: {
    message: "--id … was given twice",
    cause: "Two of the ids, or a name and an id on Docker, are of one container.",
    remedy: "Name each container once.",
  },
  OC5204: {
    message: "--stack has no effect without --run",
    cause: "Without `--run` the command writes files, which are of no stack.",
    remedy: "Add `--run`, or leave `--stack` out.",
  },
  OC5205: {
    message: "--id cannot be combined with …",
    cause: "The command was given both the ids of containers and a filter that selects others.",
    remedy: "Use either ids or filters.",
  },
  OC5206: {
    message: "Invalid mapping …: …",
    cause:
      "The file is no JSON, lacks a property or has one that does not exist, has a name in place of an id, or gives two containers one name. The message has the path.",
    remedy: "Correct it at that path, or delete the file to have it written anew.",
  },
  OC5207: {
    message: "No container was chosen.",
    cause: "The input at the terminal ended before a container was chosen.",
    remedy: "Run the command again, and type numbers such as `1,3-5`, or `all`.",
  },
  OC5208: {
    message: "Cannot … …: …",
    cause: "The file or its folder does not exist, or the current user may not read or write it.",
    remedy: "Name a file that the current user can access.",
  },
  OC5209: {
    message: "… is not changed: its first line does not mark it as generated.",
    cause: "The file of `--program` was written or edited by a person, or by another tool.",
    remedy: "Name another file with `--program`, or delete this one.",
  },
  OC5210: {
    message: "There is no Pulumi.yaml in ….",
    cause: "`--run` imports into the stack of a Pulumi project, and the current folder is none.",
    remedy: "Run the command in the folder that has `Pulumi.yaml`.",
  },
  OC5211: {
    message: "There is no Node.js program at ….",
    cause: "The project has no `index.ts` or `index.js`, or `main` in `Pulumi.yaml` or `package.json` names none.",
    remedy: "Create the file, or correct `main`.",
  },
  OC5212: {
    message: "… does not import …, so that Pulumi would not find its containers in the program.",
    cause: "The generated program is a file of its own, which the project's program has to load.",
    remedy: "Add the line that the message has, and run the command again.",
  },
  OC5213: {
    message: "Cannot run pulumi: ….",
    cause: "There is no `pulumi` in `PATH`, or the current user may not run it.",
    remedy: "Install Pulumi, and put it in `PATH`.",
  },
  OC5214: {
    message: "pulumi … is too old: its import files cannot have inputs and outputs.",
    cause:
      "A dynamic resource can be imported only by a file that has its inputs and outputs, which Pulumi 3.254 added.",
    remedy: "Install Pulumi 3.254 or newer.",
  },
  OC5215: {
    message: "Cannot read the stack: ….",
    cause: "No stack is selected, there is no such stack, or Pulumi is not logged in. Pulumi's own message follows.",
    remedy:
      "Select a stack with `pulumi stack select`, or name it with `--stack`. For `failed to load checkpoint: EOF`, see [interruption.md](interruption.md).",
  },
  OC5216: {
    message: "There is no container … at ….",
    cause: "The id is wrong, the container is gone, or it belongs to another backend, account or engine.",
    remedy: "Check the id, `--backend`, and the environment variables that the message names.",
  },
  OC5217: {
    message: "Container … cannot be imported: ….",
    cause: "No resource of this package could describe the container. The message has all reasons.",
    remedy: "Leave it out, or create a new container in its place.",
  },
  OC5218: {
    message: "The stack has another container named ….",
    cause: "The mapping gives a container the name of a resource that the stack has already.",
    remedy: "Change its `name` in the mapping, and run the command again.",
  },
  OC5219: {
    message: "Container … is imported as it is, without …: this package did not create it.",
    cause: "A warning: a container of `docker run` lacks what sandboxes of this package have.",
    remedy: "To have all of that, replace the container: `pulumi up --replace URN`. Its files are lost then.",
  },
  OC5220: {
    message: "pulumi import …",
    cause: "Pulumi failed, or was interrupted. Its own message follows. Some containers may be imported.",
    remedy: "Run the same command again, before the next `pulumi up`: it imports what is missing.",
  },
  OC5221: {
    message: "The selected containers are in the stack, and pulumi preview failed: ….",
    cause: "The program has an error of its own, or another resource of it has. Pulumi's own message follows.",
    remedy: "Correct the program, and run the same command again.",
  },
  OC5222: {
    message: "The selected containers are in the stack, and a preview shows changes of containers: ….",
    cause:
      "The program declares a container with other arguments, or not at all, or the container has expired or has changed since it was read. Every container of the stack counts that the next `pulumi up` would delete or replace.",
    remedy: "Change the program, so that it declares the containers as they are, before the next `pulumi up`.",
  },
  OC5223: {
    message: "The selected containers are in the stack, and pulumi preview failed: … protected ….",
    cause:
      "`pulumi up` would delete or replace a protected container, which Pulumi refuses: the program does not declare it or declares it otherwise, or it has expired. Pulumi's own message follows.",
    remedy:
      "Declare it in the program as it is. If it has expired, `pulumi state unprotect URN` lets the next `up` replace it, and `pulumi state delete --force URN` removes it from the state.",
  },
  OC5224: {
    message: "The mapping imports …, which is skipped: ….",
    cause: "A warning: the container is gone, has expired or cannot be imported. The message has the reason.",
    remedy: "Remove the container from the mapping, or set its `import` to false.",
  },
  OC5225: {
    message: "… is not overwritten: it is not an import file.",
    cause: "The file of `--file` exists, and has something else than what `pulumi import --file` reads.",
    remedy: "Name another file with `--file`, or delete this one.",
  },
  OC5226: {
    message: "--file, --program and --mapping: two of them are …",
    cause: "One file would be written over the other. With `--run`, a program is written without `--program` too.",
    remedy: "Give each its own file.",
  },
} as const satisfies CodeEntries;

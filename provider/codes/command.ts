import type { CodeEntries } from "./code-entry";

/** OC50xx: the `openai-containers` command. */
export const commandCodes = {
  OC5001: {
    message: "No command was given.",
    cause: "`openai-containers` was run without the name of a command.",
    remedy: "Name one of the commands that `openai-containers --help` lists.",
  },
  OC5002: {
    message: "There is no command ….",
    cause: "The first argument is not the name of a command.",
    remedy: "Use one of the commands that `openai-containers --help` lists.",
  },
  OC5003: {
    message: "Invalid arguments: …",
    cause: "The command does not have that option or argument, or the option lacks its value.",
    remedy: "Use the options that the command's `--help` lists.",
  },
  OC5004: {
    message: "--clear and --forget cannot be combined.",
    cause: "`openai-containers doctor` was given both options.",
    remedy: "Run the command once with each option.",
  },
  OC5005: {
    message: "Exactly one container id is required.",
    cause: "`openai-containers egress` was given no id, an empty one, or several.",
    remedy: "Name one container by its id, `cntr_…`.",
  },
  OC5006: {
    message: "--…: got …, expected an integer ….",
    cause: "The value of the option is not a whole number of its range.",
    remedy: "Use a value in the range that the message names.",
  },
  OC5007: {
    message: "Port … is in use.",
    cause: "Another process listens on that port of 127.0.0.1.",
    remedy: "Choose another port with `--port`, or `--port 0` for any free one.",
  },
  OC5008: {
    message: "Permission denied to listen on port ….",
    cause: "The system reserves that port for privileged users, as it does those below 1024.",
    remedy: "Choose another port with `--port`.",
  },
  OC5009: {
    message: "Cannot read the journal: ….",
    cause: "The folder of the journal belongs to another user, or a file is in its place or in its path.",
    remedy:
      "Make it readable for the user who runs the command, or remove the file, or set `XDG_STATE_HOME` as in the runs of Pulumi.",
  },
  OC5010: {
    message: "Cannot read …, which may be a pending entry: ….",
    cause: "A file of the journal belongs to another user, or a folder has the name of an entry.",
    remedy: "Make the file readable for the user who runs the command, or remove the folder.",
  },
  OC5011: {
    message: "Unrecognized file …: it is not a pending entry, or not a complete one.",
    cause:
      "Another program put the file into the journal's folder, a power failure left it incomplete, or a newer version of this package wrote it.",
    remedy: "Delete it, unless a newer version of this package wrote it.",
  },
  OC5012: {
    message: "There is no entry ….",
    cause: "The journal has no pending entry of that key: it may have been removed since.",
    remedy: "Use the key of an entry that `openai-containers doctor` lists.",
  },
  OC5013: {
    message: "The entry of … was kept, as its run is in progress: its Pulumi engine at … responds.",
    cause: "The run of Pulumi that wrote the entry has not ended, and may still need it.",
    remedy: "Wait for the end of that run, which removes the entry itself if nothing is orphaned.",
  },
  OC5014: {
    message: "The entry of … was kept: ….",
    cause:
      "The container of the entry may still exist, or the entry's file could not be removed. The reason follows, with its own code.",
    remedy: "Do what the reason says, and run `openai-containers doctor --clear` again.",
  },
  OC5015: {
    message: "Entries kept: … of ….",
    cause:
      "`openai-containers doctor --clear` could not clear every entry. It uses the accounts and engines that environment variables name, not a stack's configuration.",
    remedy:
      "Set the environment variables of their accounts and engines, and run the command again. If an account or engine is gone permanently: `openai-containers doctor --forget ENTRY`.",
  },
  OC5016: {
    message: "If a run was killed just after it stored a container, the container is in a stack's state: …",
    cause:
      "A warning of `openai-containers doctor --clear`: Pulumi does not report what it stored, so the container of an entry may not be orphaned at all.",
    remedy: "Prefer `pulumi up`, which keeps a container that is in state.",
  },
  OC5017: {
    message: "Its container is at …, but the environment variables name ….",
    cause:
      "The entry is of another account, project or engine than the one that `openai-containers doctor --clear` uses.",
    remedy:
      "Set the variables that the message names for the account or engine of the entry, and run the command again.",
  },
  OC5018: {
    message: "The entry of … cannot be removed: ….",
    cause: "The folder of the journal is not writable for the user who runs the command.",
    remedy: "Make it writable, and run the command again.",
  },
  OC5019: {
    message: "The Docker engine at … is older than version 23 and may let code in sandboxes open AF_VSOCK sockets.",
    cause:
      "A warning: these sockets are outside network namespaces, so no network policy applies to them. If the engine's host is a virtual machine, they reach services of its hypervisor.",
    remedy: "Upgrade the engine to version 23 or newer, whose default seccomp profile denies them.",
  },
  OC5020: {
    message: "Files of the journal not read: … in …",
    cause:
      "The journal's folder has files that cannot be read (OC5010) or are no entries (OC5011), and each may be an entry of an orphaned container.",
    remedy: "Follow the remedy of the code that is reported for each file, and run `openai-containers doctor` again.",
  },
} as const satisfies CodeEntries;

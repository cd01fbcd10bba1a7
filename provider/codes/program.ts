import type { CodeEntries } from "./code-entry";

/** OC40xx: what a Pulumi program gets from the package's classes and functions. */
export const programCodes = {
  OC4001: {
    message: "Container …: the import option needs the id of a container, and got …",
    cause: "The resource option `import` is empty, or no text that could be an id.",
    remedy:
      "Pass the id of an existing container, `cntr_…`, or on Docker its name. Without the option a new container is created.",
  },
  OC4002: {
    message: "Container …: Container.get needs @pulumi/pulumi … or newer",
    cause: "In older versions of Pulumi's SDK a dynamic provider cannot read a resource that is not in state.",
    remedy: "Run `npm install @pulumi/pulumi@latest`.",
  },
  OC4003: {
    message: "Container …: Pulumi loads the provider from the program's folder, where … cannot be resolved",
    cause: "The package is a dependency of a library only, and not of the program.",
    remedy:
      "Run `npm install pulumi-openai-containers` in the folder of the `package.json` that the message names. See [Library authors](library-authors.md).",
  },
  OC4004: {
    message: "Container …: two copies of @pulumi/pulumi are loaded, and only one is connected to Pulumi's engine",
    cause: "A library has a copy of Pulumi's SDK of its own.",
    remedy:
      "Run `npm dedupe` or `pnpm dedupe`; libraries declare `@pulumi/pulumi` as a peer dependency. See [Library authors](library-authors.md).",
  },
  OC4005: {
    message: "customTimeouts have no effect",
    cause: "Pulumi does not pass custom timeouts to dynamic providers.",
    remedy: "Remove the option.",
  },
  OC4006: {
    message: "Provider …: unknown argument …",
    cause: "An argument of `Provider` is misspelt or does not exist.",
    remedy: "Use the names of [Arguments](provider.md#arguments).",
  },
  OC4007: {
    message: "Provider …: got both dockerHost and dockerContext",
    cause: "Each of the two names a Docker engine.",
    remedy: "Remove one of them.",
  },
  OC4008: {
    message: "getContainer needs either an id or a name, and got …",
    cause: "`getContainer` was called with both `id` and `name`, or with neither.",
    remedy: "Pass exactly one of them.",
  },
  OC4009: {
    message: "… got invalid arguments: …",
    cause: "An argument of `getContainer` or `getContainers` has a wrong type or value, or does not exist.",
    remedy: "Correct the arguments that the message names.",
  },
  OC4010: {
    message: "There is no unexpired container named … at …",
    cause: "No container of that name exists in this account or on this engine, or all of that name have expired.",
    remedy: "Correct the name, the backend, or the account or engine that this program uses.",
  },
  OC4011: {
    message: "There are … unexpired containers named … at …: …",
    cause: "Names of containers are not unique.",
    remedy: "Call `getContainer` with the id of one of them.",
  },
  OC4012: {
    message: "Container …: its arguments must be an object, and are …",
    cause: "The second argument of `new Container` is an Output, a Promise or another value that is no plain object.",
    remedy:
      "Pass an object. Its properties may be Outputs: `{ memoryLimit: settings.apply((all) => all.memoryLimit) }`.",
  },
  OC4013: {
    message: "Container …: Container.get needs the id of a container, and got none",
    cause:
      "The id is undefined, null or empty, as that of a setting or stack output that does not exist. Pulumi would create a container in its place.",
    remedy: "Pass the id of an existing container, `cntr_…`. Use `config.require` or `requireOutput` to read it.",
  },
} as const satisfies CodeEntries;

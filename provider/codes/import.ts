import type { CodeEntries } from "./code-entry";

/** OC24xx: containers that exist and come under Pulumi's management. */
export const importCodes = {
  OC2401: {
    message: "Cannot import …: there is no such container at …",
    cause:
      "The `import` option or `pulumi import` names an id that this account or engine does not have, or no longer has.",
    remedy:
      "Correct the id, the backend, or the account or engine that this run uses. To create a new container, remove the option.",
  },
  OC2402: {
    message: "Cannot import …: …",
    cause:
      "The container has expired, does not run, or is one that no arguments describe. On Docker it may also have access to its host or to networks that a sandbox does not have. The message lists all reasons.",
    remedy:
      "Change the container as far as that is possible: `docker start`, or `docker update --memory 1g --memory-swap 1g`. Otherwise remove the option to create a new one.",
  },
  OC2403: {
    message: "Cannot import …, which differs from the program: …",
    cause: "The program's arguments describe another container. An import changes nothing, so both must be equal.",
    remedy: "Give the program the container's values. A change after the import replaces the container.",
  },
  OC2404: {
    message: "Container … would belong to two resources: … and …",
    cause: "Two resources of one program import the same container, or one imports what the other manages.",
    remedy:
      "Remove one of them from the program. If both are in state, remove one of them from state first: `pulumi state delete URN` deletes no container.",
  },
  OC2405: {
    message: "Container … was deleted in this run",
    cause: "`--replace` or `pulumi state taint` deleted the imported container, and the program still imports it.",
    remedy: "Remove the `import` option.",
  },
  OC2406: {
    message: "The import option names …, and the resource already has container …",
    cause: "The program's `import` option was added or changed after the resource was created.",
    remedy:
      "Remove the option to keep the present container, or import the other one as another resource. `pulumi state delete URN` lets the present one go without deleting it.",
  },
  OC2407: {
    message: "a new container replaces …: the import option has no effect any more and can be removed",
    cause: "A changed argument, or the end of the imported container, replaces it with a new one.",
    remedy: "Remove the `import` option. Left in the program, it does nothing.",
  },
  OC2408: {
    message: "container … is kept: in this run … has it",
    cause:
      "Pulumi was to delete a container that a resource of the same run imports or keeps, as with `--replace` of an imported container.",
    remedy: "Nothing is to be done: the container belongs to the resource that the message names.",
  },
  OC2409: {
    message: "container … is imported as it is, without …",
    cause: "The container on Docker was not created by this package. It lacks what the message lists.",
    remedy:
      "Nothing has to be done. The next change of an argument replaces it with a container that has all of it. See [Importing](import.md).",
  },
  OC2410: {
    message: "Container … ended at once with exit code …",
    cause: "`up` started an imported container that had stopped, and its command ended.",
    remedy: "Look into `docker logs`, or replace the container: `pulumi up --replace URN`.",
  },
} as const satisfies CodeEntries;

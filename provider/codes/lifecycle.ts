import type { CodeEntries } from "./code-entry";

/** OC20xx: what happens to a container from create to delete, and interrupted runs. */
export const lifecycleCodes = {
  OC2001: {
    message: "container … expired … (terminated after …)",
    cause: "Nothing used the container for as many minutes as `expiresAfter` allows, so its backend terminated it.",
    remedy:
      "Run `pulumi up`, which replaces it with a new, empty container; a refresh drops it from state. To keep containers longer, raise `expiresAfter.minutes`; the hosted API allows 20 at most.",
  },
  OC2002: {
    message: "container … is gone",
    cause: "The container was deleted outside of this stack.",
    remedy: "Run `pulumi up`, which replaces it with a new, empty container; a refresh drops it from state.",
  },
  OC2003: {
    message: "container … is unwatched (the watchdog that terminates it after … does not answer)",
    cause: "The container is past its idle time and its watchdog does not answer; code inside may have stopped it.",
    remedy: "Run `pulumi up`, which replaces it. See [Idle expiry](docker.md#idle-expiry).",
  },
  OC2004: {
    message: "container … is exposed (…)",
    cause: "An earlier build created the container on a network over which it can send packets to the engine's host.",
    remedy: "Run `pulumi up`, which replaces it.",
  },
  OC2005: {
    message: "container … is …: up …",
    cause: "The container stopped, or lost its egress gateway, and can be repaired without losing its files.",
    remedy: "Run `pulumi up`, which repairs it as the message says.",
  },
  OC2006: {
    message: "container … is in use, last active … ago: replacing it loses …",
    cause: "An argument changed, which replaces the container, and something used it within the last five minutes.",
    remedy: "Copy the files that you need out of `/mnt/data` before you run `pulumi up`.",
  },
  OC2007: {
    message: "skipped the liveness check: …",
    cause:
      "The engine or the API cannot be reached or used, so the preview knows the program's changes only. The reason follows, with a code of its own.",
    remedy: "Follow the remedy of the code in the message, and run the preview again.",
  },
  OC2008: {
    message: "ignoreChanges does not apply to a replacement: it takes … from the program",
    cause: "Pulumi keeps ignored values in updates only; a replacement is created with the program's values.",
    remedy: "Where a value must not change, set it in the program to the value in state.",
  },
  OC2009: {
    message: "container … moves to …, which uses another account or engine: …",
    cause: "The program gives the container an explicit provider that uses another account or engine.",
    remedy:
      "If a new, empty container is fine, run `pulumi up`; otherwise give it its previous provider. See [Changing a provider](provider.md#changing-a-provider).",
  },
  OC2010: {
    message: "Container … is at …, and this run uses …",
    cause: "The settings of this run name another account, project or engine than the one that has the container.",
    remedy:
      "Point this run at the recorded one: `DOCKER_HOST`, or `OPENAI_BASE_URL`, `OPENAI_ORG_ID` and `OPENAI_PROJECT_ID`. If that one is gone for good, run `pulumi state delete URN`.",
  },
  OC2011: {
    message: "There is no container … at …",
    cause: "`Container.get` or `getContainer` names an id that this account or engine does not have, or no longer has.",
    remedy: "Correct the id, the backend, or the account or engine that this run uses.",
  },
  OC2012: {
    message: "Container … was created only in part: … Removing it failed, too: …",
    cause: "A create failed half-way, and so did the removal of what it had created.",
    remedy: "Run `pulumi up` again: the container is in state, and is repaired or replaced.",
  },
  OC2013: {
    message: "Container … was created while Pulumi was shutting down, and was removed again",
    cause: "Pulumi was interrupted twice and stores nothing that is created after that.",
    remedy: "Run the same command again.",
  },
  OC2014: {
    message: "Container … was created while Pulumi was shutting down, and could not be removed: …",
    cause: "Pulumi was interrupted twice, and the engine or the API failed to delete the container.",
    remedy: "Run the same command again: the journal has the container, and the next run removes it.",
  },
  OC2015: {
    message: "… is not removed, as another run is still creating this resource: …",
    cause: "Two runs of one stack go on at once.",
    remedy: "Wait for the end of both, and run `openai-containers doctor`.",
  },
  OC2016: {
    message: "… of an interrupted run may be orphaned at …: …",
    cause: "An interrupted run was creating this resource, and its container may exist outside of state.",
    remedy:
      "Run `openai-containers doctor --clear` with settings for that account or engine. If that is gone for good, run `openai-containers doctor --forget ENTRY`.",
  },
  OC2017: {
    message: "an interrupted run may have created … (named … by the program): …",
    cause: "The program chose the name, so another program may have created a container of that name.",
    remedy: "Delete the container if nothing uses it; otherwise it is terminated once it has been idle.",
  },
  OC2018: {
    message: "cannot write the journal in …: …",
    cause: "The journal's folder has other permissions, is read-only or is full.",
    remedy: "Make that folder writable, or set `XDG_STATE_HOME`. See [The journal](interruption.md#the-journal).",
  },
  OC2019: {
    message: "cannot read the journal in …: …",
    cause: "The journal's folder, or a file in it, cannot be read by the user who runs Pulumi.",
    remedy:
      "Make that folder and its files readable, and remove a folder among the files. See [The journal](interruption.md#the-journal).",
  },
  OC2020: {
    message: "cannot remove settled entries of the journal in …: …",
    cause: "The journal's folder became read-only.",
    remedy: "Make that folder writable. See [The journal](interruption.md#the-journal).",
  },
} as const satisfies CodeEntries;

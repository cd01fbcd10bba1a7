import type { CodeEntries } from "./code-entry";

const shownInWords =
  "A list differs between the program and state, so the container is replaced; Pulumi shows lists by position, and this line shows their members.";

/** OC30xx: what a replacement changes in lists. */
export const changeCodes = {
  OC3001: {
    message: "allowed domains: …",
    cause: shownInWords,
    remedy: "None is needed. Check that each domain in the line is meant to become reachable or unreachable.",
  },
  OC3002: {
    message: "domain secrets: …",
    cause: shownInWords,
    remedy: "None is needed. Secrets are shown by name and domain, and never by value.",
  },
  OC3003: {
    message: "CA certificates: …",
    cause: shownInWords,
    remedy:
      "None is needed. Check each added certificate by its fingerprint, as its owner can read the allowed traffic.",
  },
  OC3004: {
    message: "private ranges: …",
    cause: shownInWords,
    remedy: "None is needed. Check that the allowed domains are meant to resolve to addresses in these networks.",
  },
  OC3005: {
    message: "skills: …",
    cause: shownInWords,
    remedy: "None is needed.",
  },
  OC3006: {
    message: "files: …",
    cause: shownInWords,
    remedy: "None is needed.",
  },
} as const satisfies CodeEntries;

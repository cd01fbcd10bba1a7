/** What a backend does, in a few words, as it is observed. */
export interface Difference {
  what: string;
  hosted: string;
  docker: string;
}

/** Of what nobody documents there is nothing to hold a backend to. */
export const notDocumented = "not documented";
/** What the reference says, and the emulator has no endpoint for. */
export const notTried = "yes, by the reference; not tried";

/**
 * What of the hosted API is different on Docker. The suite observes each cell on its backend, on the hosted side by the
 * emulator, and the page about Docker has this table: so both are as true as what was observed.
 */
export const differences = {
  longest: { what: "longest `minutes`", hosted: "20", docker: "525,600" },
  list: { what: "a look through the list is use", hosted: "no", docker: "no" },
  retrieve: { what: "a GET of one, `docker inspect`, is use", hosted: "yes", docker: "no" },
  command: { what: "a command run inside is use", hosted: "yes", docker: "yes" },
  file: { what: "a file copied in from outside is use", hosted: notTried, docker: "no" },
  background: { what: "a background process that starts no other is use", hosted: notDocumented, docker: "no" },
  paused: { what: "paused time counts as idle", hosted: notDocumented, docker: "yes" },
  stops: { what: "what else stops it", hosted: notDocumented, docker: "`docker stop`: `up` starts it again" },
  remains: { what: "what stays of an expired one", hosted: "its entry", docker: "its stopped container, no files" },
  ends: { what: "what ends it", hosted: notDocumented, docker: "its first process" },
  late: { what: "ends late, at most", hosted: notDocumented, docker: "15 s" },
  inside: { what: "code inside can stop that", hosted: notDocumented, docker: "yes; may read as `unwatched`" },
  deleted: { what: "one that was deleted", hosted: "404; stays in lists for a while", docker: "404; in no list" },
  id: { what: "the id is drawn by", hosted: "the API", docker: "the provider" },
  drift: { what: "a setting can be changed from outside", hosted: "no", docker: "yes" },
  precision: { what: "`lastActiveAt` is exact to", hosted: "1 s", docker: "15 s" },
} as const satisfies Record<string, Difference>;

/** As Markdown. */
export function table(): string {
  const rows = Object.values(differences).map(({ what, hosted, docker }) => `| ${what} | ${hosted} | ${docker} |`);
  return ["| | hosted | Docker |", "| --- | --- | --- |", ...rows].join("\n");
}

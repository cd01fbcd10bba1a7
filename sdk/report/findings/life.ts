import { eachContainer, listed } from "../finding";
import type { Change, PreviewLine } from "../preview";

const lost = "its files, processes and installed packages are lost";

/** Causes that are no argument, by the provider's code, and whether something is left to lose. */
const causes = new Map([
  ["OC2002", { words: "it is gone", loses: false }],
  ["OC2003", { words: "its watchdog does not answer", loses: true }],
  ["OC2004", { words: "it is exposed to its engine's host", loses: true }],
  ["OC2009", { words: "it moves to another account or engine", loses: true }],
]);

/** A container that gives way to a new, empty one, why, and what is lost. One that expired is another finding. */
export const replaced = eachContainer((change) => {
  if (change.operation !== "replace" || isExpired(change)) return [];
  const found = change.lines.flatMap(({ code }) => causes.get(code ?? "") ?? []);
  const args = [...new Set(change.paths.map((path) => path.replace(/[.[].*/, "")))];
  const why = [
    ...(args.length > 0 ? [`${listed(args)} ${args.length > 1 ? "change" : "changes"}`] : []),
    ...found.map(({ words }) => words),
  ];
  const because = why.length > 0 ? ` because ${listed(why)}` : "";
  const losses = found.some(({ loses }) => !loses) ? "" : `: ${lost}`;
  const sentence = `A new, empty container replaces it${because}${losses}.${use(change)}`;
  return [{ id: "replaced", path: args.join(", "), before: ids(change), sentence }];
});

/** A container whose idle time is over. `up` creates a new one, and a refresh drops the old one from state. */
export const expired = eachContainer((change) => {
  const line = change.lines.find(isExpiry);
  if (!line) return [];
  const ago = /expired( \d+ \w+ ago)/.exec(line.text)?.[1] ?? "";
  const then = change.operation === "delete" ? "it is dropped from state" : "a new, empty container replaces it";
  return [{ id: "expired", before: ids(change), sentence: `Expired${ago}: ${then}.` }];
});

export const deleted = eachContainer((change) => {
  if (change.operation !== "delete" || isExpired(change)) return [];
  const sentence = change.retainOnDelete.before
    ? "Removed from the stack, and keeps running (retainOnDelete)."
    : `Deleted: ${lost}.${since(change)}`;
  return [{ id: "deleted", before: ids(change), sentence }];
});

export const imported = eachContainer((change) => {
  if (change.operation !== "import") return [];
  return [
    { id: "imported", after: ids(change), sentence: "An existing container comes under the stack's management." },
  ];
});

export const protection = eachContainer(({ protect, operation }) => {
  if (!protect.before || protect.after || operation === "delete") return [];
  const sentence = "The option protect is removed: a later update may delete or replace it.";
  return [{ id: "protection-removed", path: "protect", before: ["true"], sentence }];
});

function isExpired({ lines }: Change): boolean {
  return lines.some(isExpiry);
}

function isExpiry({ code }: PreviewLine): boolean {
  return code === "OC2001";
}

function ids({ id }: Change): string[] {
  return id === undefined ? [] : [id];
}

/** Whether it is in use, where the preview has read that, and since when it exists. */
function use(change: Change): string {
  const line = change.lines.find(({ code }) => code === "OC2006");
  const active = /last active (.+? ago)/.exec(line?.text ?? "")?.[1];
  return `${active ? ` In use, last active ${active}.` : ""}${since(change)}`;
}

function since({ createdAt }: Change): string {
  if (createdAt === undefined) return "";
  return ` Created ${new Date(createdAt * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC.`;
}

import type { Stack } from "./stack";

/** The warnings of a preview, each with its resource: `short: container cntr_… is gone: …`. */
export function previewWarnings({ diagnostics }: Awaited<ReturnType<Stack["preview"]>>): string[] {
  return diagnostics
    .filter(({ severity }) => severity === "warning")
    .map(({ urn = "no resource", message }) => `${urn.split("::").at(-1)}: ${message.replace("warning: ", "").trim()}`)
    .sort();
}

/** The warnings of an `up`, from its closing summary. */
export function upWarnings(text: string): string[] {
  const summary = /^Diagnostics:\n(.*?)^\S/ms.exec(text)?.[1] ?? "";
  return [...summary.matchAll(/^ {2}\S+ \((\S+)\):\n((?: {4}.*\n)+)/gm)]
    .flatMap(([, name, lines = ""]) =>
      lines
        .trim()
        .split("\n")
        .map((line) => `${name}: ${line.trim().replace("warning: ", "")}`),
    )
    .sort();
}

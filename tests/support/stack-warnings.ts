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

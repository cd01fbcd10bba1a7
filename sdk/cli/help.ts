/** A term and its explanation. */
export type Row = readonly [term: string, text: string];

/** The text of `--help`. */
export interface Help {
  /** The synopsis, without the name of the program. */
  usage: string;
  /** Paragraphs. */
  description: readonly string[];
  commands?: readonly Row[];
  arguments?: readonly Row[];
  options?: readonly Row[];
  /** Command lines, without the name of the program. */
  examples: readonly Row[];
  exitCodes: readonly Row[];
}

const columns = 100;

export function helpText(help: Help): string {
  const options: Row[] = [...(help.options ?? []), ["-h, --help", "Print this help."]];
  const examples = help.examples.map(([line, text]) => `  openai-containers ${line}\n${wrapped(text, 6)}`);
  const sections = [
    `Usage: openai-containers ${help.usage}\n`,
    ...help.description.map((paragraph) => wrapped(paragraph, 0)),
    ...table("Commands", help.commands ?? []),
    ...table("Arguments", help.arguments ?? []),
    ...table("Options", options),
    `Examples:\n${examples.join("")}`,
    ...table("Exit codes", help.exitCodes),
  ];
  return sections.join("\n");
}

function table(title: string, rows: readonly Row[]): string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([term]) => term.length)) + 4;
  const lines = rows.map(([term, text]) => `  ${term}`.padEnd(width) + wrapped(text, width).trimStart());
  return [`${title}:\n${lines.join("")}`];
}

/** Breaks a text into indented lines. */
function wrapped(text: string, indent: number): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && indent + line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${" ".repeat(indent)}${each}\n`).join("");
}

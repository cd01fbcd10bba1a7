/** The containers that a program declares, as far as its text shows them. */
export interface Declared {
  /** The names of the resources that are literals in it. */
  names: ReadonlySet<string>;
  /** Whether it computes names too, so that it may declare others. */
  hasComputed: boolean;
}

/**
 * Looks for `new Container(`, in any layout. A declaration in a comment counts as well: a container that is declared
 * once too rarely is reported by the preview, and one that is declared twice breaks the program.
 */
export function declaredIn(texts: readonly string[]): Declared {
  const literals = texts.flatMap((text) => Array.from(text.matchAll(call), ({ groups }) => groups?.["name"]));
  const names = literals.filter((name) => name !== undefined);
  return { names: new Set(names), hasComputed: names.length < literals.length };
}

/** The call with its name, if that is a literal without escapes, and is the whole argument. */
const call =
  /\bnew\s+(?:[\w$]+\s*\.\s*)*Container\s*\((?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*(?:(?<quote>["'`])(?<name>[^"'`\\$\n]*)\k<quote>(?=\s*[,)]))?/g;

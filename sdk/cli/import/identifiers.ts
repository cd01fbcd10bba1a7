/** Names that no variable of a module can have, or that the generated code and Node give another meaning. */
const reserved = new Set(
  `arguments async await boolean break case catch class config const constructor continue console debugger declare
  default delete do else enum eval export exports extends false finally for function get global globalThis if implements
  import in instanceof interface let module namespace new null of package private process protected public pulumi require
  return set static super switch this throw true try type typeof undefined var void while with yield`.split(/\s+/),
);

const maximumLength = 60;

/**
 * A readable identifier in camelCase. Of ASCII letters and digits alone: an identifier with letters that look like
 * others, or that cannot be seen, would deceive the reader of the code.
 */
export function camelCase(name: string): string {
  const ascii = name.normalize("NFKD").replace(/\p{M}/gu, "");
  const [first = "container", ...more] = ascii.match(/[A-Za-z0-9]+/g) ?? [];
  const start = /^\d/.test(first) ? `container${first}` : lowerCamel(first);
  return more.reduce((text, word) => joined(text, capitalized(word)), start).slice(0, maximumLength);
}

/** An identifier for a name that no other has. Adds it to those that are taken. */
export function identifierFor(name: string, taken: Set<string>): string {
  const word = camelCase(name);
  const base = reserved.has(word) ? `${word}Container` : word;
  let identifier = base;
  for (let count = 2; taken.has(identifier); count += 1) identifier = joined(base, String(count));
  taken.add(identifier);
  return identifier;
}

/** `HTTPServer` gives `httpServer`. */
function lowerCamel(word: string): string {
  return word.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (capitals) => capitals.toLowerCase());
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** Keeps two numbers apart: `box-1-2` gives `box1_2`. */
function joined(text: string, word: string): string {
  return /\d$/.test(text) && /^\d/.test(word) ? `${text}_${word}` : text + word;
}

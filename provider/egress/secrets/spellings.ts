/** The spellings in which services echo a text. */

/** The escape sequence of one character; nothing where it stays as it is. */
type Escape = (character: string) => string | undefined;

const upper = (code: number, digits: number) => code.toString(16).toUpperCase().padStart(digits, "0");
const lower = (code: number, digits: number) => code.toString(16).padStart(digits, "0");

/** `\uXXXX`, of each UTF-16 unit. */
function unicode(character: string, hex: typeof upper): string {
  return [...character.split("")].map((unit) => `\\u${hex(unit.charCodeAt(0), 4)}`).join("");
}

const short: Record<string, string> = { '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\t": "\\t" };

/** JSON; `also` are the characters that it escapes without need. */
function json(also: RegExp, hex = lower, brief = short): Escape {
  return (character) =>
    brief[character] ?? (character < " " || also.test(character) ? unicode(character, hex) : undefined);
}

/** A URL's percent-encoding: `kept` stay as they are. */
function percent(kept: RegExp, hex = upper, space = "%20"): Escape {
  return (character) => {
    if (character === " ") return space;
    if (kept.test(character)) return undefined;
    return [...Buffer.from(character, "utf8")].map((byte) => `%${hex(byte, 2)}`).join("");
  };
}

function html(quote: string, apostrophe: string, also: Record<string, string> = {}): Escape {
  const named = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': quote, "'": apostrophe, ...also };
  const table = new Map(Object.entries(named));
  return (character) => table.get(character);
}

const never = /(?!)/;
const slash: Record<string, string> = { ...short, "/": "\\/" };
const dotNet = { ...short, '"': "\\u0022", "\\": "\\\\" };

const escapes: readonly Escape[] = [
  json(never), // JavaScript, Rust
  json(/[^ -~]/), // Python
  json(/[<>&\u2028\u2029]/), // Go, Rails
  json(/\P{ASCII}/u, lower, slash), // PHP
  json(never, lower, slash), // PHP with JSON_UNESCAPED_UNICODE
  json(/[<>&'+`]|[^ -~]/, upper, dotNet), // .NET
  json(/[^ -~]/, upper), // Java
  json(/[<>&'=]/), // Gson
  ...[upper, lower].flatMap((hex) => [
    percent(/[\w.!~*'()-]/, hex), // JavaScript's encodeURIComponent
    percent(/[\w.~-]/, hex), // RFC 3986: PHP's rawurlencode, Python's quote with nothing safe
    percent(/[\w.~/-]/, hex), // Python's quote
    percent(/[\w.~-]/, hex, "+"), // Go's QueryEscape, Python's quote_plus
    percent(/[\w.-]/, hex, "+"), // PHP's urlencode
    percent(/[\w.*-]/, hex, "+"), // Java's URLEncoder, browsers' forms
    percent(/[\w.~$&+=:@-]/, hex), // Go's PathEscape
    percent(/[\w;,/?:@&=+$#.!~*'()-]/, hex), // JavaScript's encodeURI
  ]),
  html("&quot;", "&#39;"),
  html("&quot;", "&#x27;"), // Python
  html("&quot;", "&#039;"), // PHP
  html("&#34;", "&#39;", { "+": "&#43;" }), // Go
  html("&quot;", "'"),
];

/** A text in each spelling, and as it is. */
export function spellings(text: string): string[] {
  const characters = [...text];
  const written = escapes.map((write) => characters.map((one) => write(one) ?? one).join(""));
  return [...new Set([text, ...written])];
}

/** The base64 of a text at any offset in the encoded bytes. */
export interface Encoded {
  /** Only characters that the text determines alone. */
  readonly text: string;
  /** Characters before and behind that it determines in part. */
  readonly before: number;
  readonly after: number;
}

/** RFC 4648, sections 4 and 5. */
export function base64(bytes: Buffer): Encoded[] {
  return (["base64", "base64url"] as const).flatMap((alphabet) =>
    [0, 1, 2].map((offset) => {
      const bits = 8 * (offset + bytes.length);
      const from = offset === 0 ? 0 : offset + 1; // of 8 or 16 bits before it, 2 or 3 characters hold some
      const text = Buffer.concat([Buffer.alloc(offset), bytes])
        .toString(alphabet)
        .slice(from, Math.floor(bits / 6));
      return { text, before: offset === 0 ? 0 : 1, after: bits % 6 === 0 ? 0 : 1 };
    }),
  );
}

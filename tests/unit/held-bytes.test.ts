import assert from "node:assert/strict";
import fc from "fast-check";
import { HeldBytes } from "../../provider/egress/secrets/held-bytes";
import { type Match, type Needle, PatternSearch } from "../../provider/egress/secrets/pattern-search";
import { SecretPatterns } from "../../provider/egress/secrets/secret-patterns";

/** One of each length that is searched in another way. */
const values = ["aab-aaba", "a-bbab-aab-bbaa-aab", "bbbb-aaaa-bbbb-aaaa-bbbb-aaaa-bbbb-aaaa-abab"];

/** A text with whole and partial secrets, and letters that occur in them. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: fc.constantFrom("a", "b", "-", "\n"), maxLength: 40 }),
      fc
        .tuple(fc.constantFrom(...values), fc.nat(50), fc.nat(50))
        .map(([value, from, to]) => value.slice(from % 3 === 0 ? from : 0, to % 3 === 0 ? to : value.length)),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

const cuts = fc.array(fc.nat(400), { maxLength: 8 });

function pieces(whole: string, at: readonly number[]): Buffer[] {
  const sorted = [0, ...[...at].sort((a, b) => a - b), whole.length];
  return sorted.slice(1).map((end, index) => Buffer.from(whole.slice(sorted[index], end)));
}

describe("PatternSearch", () => {
  const needles = values.map((value, index): Needle => {
    return { bytes: Buffer.from(value), name: value, before: index % 2, after: index };
  });

  function naive(whole: string): string[] {
    return needles.flatMap(({ name, before, after }) => {
      const found: Match[] = [];
      for (let at = whole.indexOf(name); at >= 0; at = whole.indexOf(name, at + 1))
        found.push({ name, start: Math.max(0, at - before), end: at + name.length + after });
      return found.map((match) => JSON.stringify(match));
    });
  }

  it("finds what a search for each needle by itself finds, wherever the text is cut into pieces", () => {
    fc.assert(
      fc.property(text, cuts, (whole, at) => {
        const found = new PatternSearch(needles).find(pieces(whole, at), 0);
        const seen = found.map(({ name, start, end }) => JSON.stringify({ name, start, end }));
        assert.deepEqual([...new Set(seen)].sort(), naive(whole).sort());
      }),
      { numRuns: 500 },
    );
  });
});

describe("HeldBytes", () => {
  const secretsOf = (all: readonly string[]) =>
    new SecretPatterns({
      secrets: all.map((value, index) => ({
        domain: "a.example.com",
        name: `S${index}`,
        placeholder: `p${index}`,
        value,
      })),
    });
  const patterns = secretsOf(values);

  /** The released bytes of each step, with each group of pieces added at once. */
  function released(own: SecretPatterns, groups: readonly Buffer[][]): string[] {
    const held = new HeldBytes(own, new Set());
    const steps = groups.map((group) => {
      held.add(group.map((piece) => Buffer.from(piece)));
      return Buffer.concat(held.release(held.undecided)).toString();
    });
    return [...steps, Buffer.concat(held.release(0)).toString()];
  }

  const groups = fc.tuple(text, cuts, cuts).map(([whole, outer, inner]) => {
    return pieces(whole, outer).map((part) => pieces(part.toString(), inner));
  });

  it("masks the same bytes wherever the text is cut, and leaves no secret", () => {
    fc.assert(
      fc.property(groups, (all) => {
        const whole = released(patterns, [all.flat()]).join("");
        assert.equal(released(patterns, all).join(""), whole);
        for (const value of values) assert.ok(!whole.includes(value));
      }),
      { numRuns: 500 },
    );
  });

  it("releases as many bytes at each step whatever the secrets of equal length are", () => {
    const others = secretsOf(values.map((value) => "Q".repeat(value.length)));
    fc.assert(
      fc.property(groups, (all) => {
        const lengths = (steps: string[]) => steps.map(({ length }) => length);
        assert.deepEqual(lengths(released(patterns, all)), lengths(released(others, all)));
      }),
      { numRuns: 300 },
    );
  });
});

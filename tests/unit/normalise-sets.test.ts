import assert from "node:assert/strict";
import fc from "fast-check";
import { normalise } from "../../provider/model/normalise";
import { at } from "../../provider/model/unknowns";

type Args = Record<string, unknown>;

interface SetOfArguments {
  what: string;
  /** Few different members, so that what is written and what is recorded have some in common. */
  members: fc.Arbitrary<unknown[]>;
  identity(member: unknown): string;
  /** Arguments with these members. */
  args(members: unknown): Args;
  membersOf(args: Args): unknown;
}

const domains = ["a.example.com", "b.example.com", "c.example.com", "d.example.com"];
const domain = fc.constantFrom(...domains);
const secret = fc.record(
  { domain, name: fc.constantFrom("K", "L"), value: fc.constantFrom("1", "2") },
  { noNullPrototype: true },
);
const domainAndName = (member: unknown) => `${at(member, "domain")} ${at(member, "name")}`;

const sets: SetOfArguments[] = [
  {
    what: "allowed domains",
    members: fc.uniqueArray(domain, { minLength: 1 }),
    identity: String,
    args: (allowedDomains) => ({ networkPolicy: { type: "allowlist", allowedDomains } }),
    membersOf: (args) => at(args["networkPolicy"], "allowedDomains"),
  },
  {
    what: "domain secrets",
    members: fc.uniqueArray(secret, { minLength: 1, selector: domainAndName }),
    identity: domainAndName,
    args: (domainSecrets) => ({ networkPolicy: { type: "allowlist", allowedDomains: domains, domainSecrets } }),
    membersOf: (args) => at(args["networkPolicy"], "domainSecrets"),
  },
  {
    what: "file ids",
    members: fc.uniqueArray(fc.constantFrom("file-1", "file-2", "file-3", "file-4"), { minLength: 1 }),
    identity: String,
    args: (fileIds) => ({ fileIds }),
    membersOf: (args) => args["fileIds"],
  },
];

function normalised(written: Args, recorded: Args): Args {
  const result = normalise({ backend: "openai", ...written }, recorded);
  return "problems" in result ? assert.fail(result.problems.join("\n")) : result.value;
}

for (const { what, members, identity, args, membersOf } of sets) {
  describe(`the set of ${what}`, () => {
    it("is the recorded list, in any order in the program", () => {
      const orders = members.chain((list) => fc.tuple(fc.constant(list), permuted(list)));
      fc.assert(
        fc.property(orders, ([before, now]) => {
          const recorded = normalised(args(before), {});
          assert.deepEqual(normalised(args(now), recorded), recorded);
        }),
      );
    });

    it("keeps the position of recorded members, and fills the others with new members and then with the last", () => {
      fc.assert(
        fc.property(members, members, (before, now) => {
          const set = membersOf(normalised(args(now), args(before)));
          const isThere = (list: readonly unknown[], member: unknown) =>
            list.some((other) => identity(other) === identity(member));
          const positions = before.map((old, position) => (position < now.length && isThere(now, old) ? position : -1));
          const kept = before.filter((_, position) => positions.includes(position));
          const fresh = now.filter((member) => !isThere(before, member));
          const last = before.filter((old, position) => isThere(now, old) && position >= now.length);
          const others = [...fresh, ...last].map(identity);
          const expected = now.map((_, position) =>
            positions.includes(position) ? identity(before[position]) : others.shift(),
          );
          assert.deepEqual(Array.isArray(set) && set.map(identity), expected);
          assert.equal(kept.length + fresh.length + last.length, now.length);
        }),
      );
    });

    it("changes nothing the second time", () => {
      fc.assert(
        fc.property(members, members, (before, now) => {
          const once = normalised(args(now), args(before));
          assert.deepEqual(normalised(once, args(before)), once);
          assert.deepEqual(normalised(once, once), once);
        }),
      );
    });

    it("keeps the order of the program where state has no list", () => {
      const junk = fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue()));
      const state = fc.oneof(junk.map(args), fc.record({ networkPolicy: junk, fileIds: junk }));
      fc.assert(
        fc.property(members, state, (now, recorded) => {
          assert.deepEqual(normalised(args(now), recorded), normalised(args(now), {}));
        }),
      );
    });
  });
}

describe("sets", () => {
  it("hold each member once, whatever its spelling", () => {
    const spelled = (name: string) => fc.constantFrom(name, name.toUpperCase(), `${name}.`);
    const twice = domain.chain((name) => fc.tuple(spelled(name), spelled(name)));
    fc.assert(
      fc.property(fc.uniqueArray(domain), twice, fc.stringMatching(/^file-\w+$/), (others, spellings, id) => {
        const allowedDomains = [...others, ...spellings];
        const value = normalised({ networkPolicy: { type: "allowlist", allowedDomains }, fileIds: [id, id] }, {});
        assert.deepEqual(at(value["networkPolicy"], "allowedDomains"), [
          ...new Set(allowedDomains.map((name) => name.toLowerCase().replace(/\.$/, ""))),
        ]);
        assert.deepEqual(value["fileIds"], [id]);
      }),
    );
  });

  it("do not include skills, which keep the order of the program", () => {
    const skill = (skillId: string) => ({ type: "skill_reference", skillId });
    const skills = [skill("b"), skill("a")];
    assert.deepEqual(normalised({ skills }, { skills: [skill("a"), skill("b")] })["skills"], skills);
  });
});

function permuted<T>(list: T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray(list, { minLength: list.length });
}

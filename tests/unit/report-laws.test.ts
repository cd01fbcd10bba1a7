import assert from "node:assert/strict";
import fc from "fast-check";
import { findingsOf, json, markdown, type Preview, plainText, reportOf } from "../../sdk/report";
import { type Planned, plain, previewJson } from "../support/report/planned";
import { previewOf } from "../support/report/preview-of";

const canary = "CANARY";

const domain = fc.constantFrom(..."abcdefgh").map((letter) => `${letter}.example.com`);
const secretName = fc.constantFrom("A", "B", "C");
const secretValue = fc.nat(3).map((number) => `${canary}-${number}`);

interface Policy {
  type: string;
  allowedDomains: string[];
  domainSecrets: { domain: string; name: string; value: string }[];
}

const disabled: fc.Arbitrary<Policy> = fc.constant({ type: "disabled", allowedDomains: [], domainSecrets: [] });
const policy: fc.Arbitrary<Policy> = fc
  .record({
    allowedDomains: fc.uniqueArray(domain, { minLength: 1, maxLength: 5 }),
    values: fc.uniqueArray(fc.tuple(secretName, secretValue), { selector: ([name]) => name }),
  })
  .map(({ allowedDomains, values }) => ({
    type: "allowlist",
    allowedDomains,
    domainSecrets: values.map(([name, value]) => ({ domain: "a.example.com", name, value })),
  }));

const args = fc
  .record({
    memoryLimit: fc.constantFrom("1g", "4g", "16g", "64g"),
    networkPolicy: fc.oneof(disabled, policy),
  })
  .map((some) => ({ ...plain, ...some }));
type Args = typeof args extends fc.Arbitrary<infer Value> ? Value : never;

function read(planned: readonly Planned[]): Promise<Preview> {
  return previewOf(JSON.stringify(previewJson(planned)));
}

/** The members that findings of an id have on one side. */
function named(preview: Preview, id: string, side: "before" | "after"): string[] {
  return findingsOf(preview)
    .filter((finding) => finding.id === id)
    .flatMap((finding) => finding[side])
    .sort();
}

const without = (some: readonly string[], others: readonly string[]) =>
  some.filter((one) => !others.includes(one)).sort();
const valuesOf = ({ networkPolicy }: Args) =>
  new Map(networkPolicy.domainSecrets.map(({ name, value }) => [name, value]));
const label = (name: string) => `${name} for a.example.com`;

describe("laws of reports", () => {
  it("have a finding for each domain, secret and tier that changes, and for no other", () =>
    fc.assert(
      fc.asyncProperty(args, args, async (before, after) => {
        const preview = await read([{ name: "box", op: "replace", before, after }]);
        const [old, now] = [before.networkPolicy.allowedDomains, after.networkPolicy.allowedDomains];
        assert.deepEqual(named(preview, "egress-widened", "after"), without(now, old));
        assert.deepEqual(named(preview, "egress-narrowed", "before"), without(old, now));
        const [was, is] = [valuesOf(before), valuesOf(after)];
        const [wasNames, isNames] = [[...was.keys()], [...is.keys()]];
        assert.deepEqual(named(preview, "secret-added", "after"), without(isNames, wasNames).map(label));
        assert.deepEqual(named(preview, "secret-removed", "before"), without(wasNames, isNames).map(label));
        const rotated = isNames.filter((name) => was.has(name) && was.get(name) !== is.get(name));
        assert.deepEqual(named(preview, "secret-rotated", "after"), rotated.map(label).sort());
        const memory = Number.parseInt(after.memoryLimit, 10) - Number.parseInt(before.memoryLimit, 10);
        assert.deepEqual(named(preview, "memory-raised", "after"), memory > 0 ? [after.memoryLimit] : []);
        assert.deepEqual(named(preview, "memory-lowered", "after"), memory < 0 ? [after.memoryLimit] : []);
      }),
    ));

  it("have no value of a secret, in any format, also where Pulumi shows it", () =>
    fc.assert(
      fc.asyncProperty(args, args, async (before, after) => {
        const shown = { oldState: { inputs: before }, newState: { inputs: after } };
        const preview = await read([{ name: "box", op: "replace", before, after, ...shown }]);
        const reports = [reportOf(preview, findingsOf(preview))];
        const options = { failing: new Set<string>(), isQuietIfUnchanged: false };
        const printed = [
          json(reports),
          markdown(reports, options),
          plainText(reports, options),
          JSON.stringify(preview),
        ];
        for (const text of printed) assert.ok(!text.includes(canary), text);
      }),
    ));

  it("do not depend on the order of resources, of lines or of the members of sets", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(args, args), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (pairs, seed) => {
          const planned = pairs.map(
            ([before, after], at): Planned => ({ name: `box${at}`, op: "replace", before, after }),
          );
          const moved = rotated(planned, seed).map(({ before = {}, after = {}, ...rest }) => ({
            ...rest,
            before: withMoved(before, seed),
            after: withMoved(after, seed),
          }));
          const [one, other] = [await read(planned), await read(moved)];
          const plainly = (preview: Preview) =>
            findingsOf(preview).map((finding) => ({
              ...finding,
              sentence: "",
              before: [...finding.before].sort(),
              after: [...finding.after].sort(),
            }));
          assert.deepEqual(sorted(plainly(one)), sorted(plainly(other)));
          assert.equal(one.fingerprint, other.fingerprint);
        },
      ),
    ));

  it("have another fingerprint for any other change", () =>
    fc.assert(
      fc.asyncProperty(args, args, args, async (before, after, other) => {
        const [one, two] = await Promise.all(
          [after, other].map((side) => read([{ name: "box", op: "replace", before, after: side }])),
        );
        const same = essence(before, after) === essence(before, other);
        assert.equal(one?.fingerprint === two?.fingerprint, same);
      }),
    ));
});

/** A change as a reviewer sees it: sets without order, and of secrets which ones change. */
function essence(before: Args, after: Args): string {
  const { networkPolicy, ...rest } = after;
  const [was, is] = [valuesOf(before), valuesOf(after)];
  const secrets = [...new Set([...was.keys(), ...is.keys()])]
    .sort()
    .map((name) => [name, was.has(name), is.has(name), was.get(name) === is.get(name)]);
  return JSON.stringify([rest, networkPolicy.type, [...networkPolicy.allowedDomains].sort(), secrets]);
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const at = by % Math.max(1, list.length);
  return [...list.slice(at), ...list.slice(0, at)];
}

function withMoved(some: Record<string, unknown>, by: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(some).map(([key, value]) => [key, movedIn(value, by)]));
}

function movedIn(value: unknown, by: number): unknown {
  if (Array.isArray(value)) return rotated(value, by);
  return typeof value === "object" && value !== null ? withMoved({ ...value }, by) : value;
}

function sorted(list: readonly object[]): string[] {
  return list.map((one) => JSON.stringify(one)).sort();
}

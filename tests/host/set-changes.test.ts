import assert from "node:assert/strict";
import { HostStack, type Ran } from "../support/host/host-stack";
import { hostedSets, type SetOf, setChanges } from "../support/set-changes";
import { hostedTestBackend, type TestBackend } from "../support/test-backend";

describe("a preview of sets that change", function () {
  this.timeout(180_000);
  let backend: TestBackend;
  let stack: HostStack;
  let first: Ran;
  let preview: Ran;

  const all = Object.entries(hostedSets).flatMap(([set, of]) =>
    Object.entries(setChanges).map(([what, change]) => ({ name: `${set}-${what}`, of, change })),
  );
  /** A container for each set and change, with the given members. */
  const program = (membersOf: (one: (typeof all)[number]) => readonly string[]) =>
    stack.containers(Object.fromEntries(all.map((one) => [one.name, { ...one.of.args(membersOf(one)) }])));

  before(async () => {
    backend = await hostedTestBackend();
    stack = new HostStack(backend.env);
    first = await program(({ of }) => of.before).up();
    preview = await program(({ of, change }) => change.members(of.before, of.fresh)).preview();
  });
  after(() => stack.end(backend.holder).finally(() => backend.stop()));

  for (const { name, of, change } of all) {
    it(`keeps the positions of the recorded members, and logs the added and removed ones at the container: ${name}`, () => {
      const members = change.planned(of.before, of.fresh);
      assert.deepEqual(setIn(preview.inputs[name], of), setIn(of.args(members), of));
      const [key = ""] = of.path;
      const isChanged = change.shown(of.before, of.fresh).length > 0;
      assert.deepEqual(
        preview.steps[name],
        isChanged ? { op: "replace", reasons: [key], changed: [key] } : { op: "same", reasons: [], changed: [] },
      );
      const logLine = change.logLine(of.words, of.before, of.fresh);
      assert.deepEqual(
        preview.infos.filter((line) => line.startsWith(`${name}: OC3`)),
        logLine ? [`${name}: ${logLine}`] : [],
      );
    });
  }

  it("names the domain secrets of a new container alone", () => {
    assert.deepEqual(
      first.infos.filter((line) => line.startsWith("domainSecrets-reversed: ")),
      [
        'domainSecrets-reversed: OC3002: domain secrets: added "A for api.example.com", "B for api.example.com", "C for api.example.com"',
      ],
    );
    assert.deepEqual(
      first.infos.filter((line) => !line.startsWith("domainSecrets-")),
      [],
    );
  });

  it("logs no secret", () =>
    assert.doesNotMatch(JSON.stringify([first, preview].map((run) => [run.infos, run.warnings])), /CANARY/));
});

/** The members of a set in arguments. */
function setIn(args: object | undefined, { path }: SetOf): unknown {
  return path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), args);
}

import assert from "node:assert/strict";
import type { Candidate } from "../../provider/backends/backend";
import type { Mapping } from "../../sdk/cli/import/mapping";
import { type Plan, planned } from "../../sdk/cli/import/plan";
import { emptyStack, type StackState } from "../../sdk/cli/import/stack";

const candidate = (id: string, name = id, refusals: string[] = []): Candidate => ({
  observed: { id, name, status: "running", createdAt: 0, reportedAt: 0 },
  refusals,
  missing: [],
});
const a = candidate("cntr_a", "a");
const b = candidate("cntr_b", "b");
const expired = candidate("cntr_x", "x", ["it is expired"]);

interface Given {
  mapping?: Mapping;
  stack?: StackState;
  isChosen?: boolean;
}

function plan(candidates: Candidate[], { mapping, stack = emptyStack, isChosen = false }: Given = {}): Plan {
  const present = new Set(candidates.map(({ observed }) => observed.id));
  return planned({ candidates, present, isChosen }, mapping, stack);
}

const namesOf = ({ chosen }: Plan) => chosen.map(({ candidate, name }) => `${candidate.observed.id}=${name}`);

describe("the mapping of the import command", () => {
  it("has every container at first, with the reason of those that are skipped", () => {
    assert.deepEqual(plan([a, expired]).mapping, {
      cntr_a: { name: "a", import: true },
      cntr_x: { name: "x", import: false, reason: "it is expired" },
    });
  });

  it("keeps names and decisions that a person edited, and changes nothing the second time", () => {
    const mapping = { cntr_b: { name: "b", import: false }, cntr_a: { name: "renamed", import: true } };
    const first = plan([a, b], { mapping });
    assert.deepEqual(namesOf(first), ["cntr_a=renamed"]);
    assert.deepEqual(first.skipped, [{ id: "cntr_b", name: "b", reason: "the mapping says so" }]);
    assert.equal(JSON.stringify(first.mapping), JSON.stringify(mapping));
    assert.equal(JSON.stringify(plan([a, b], { mapping: first.mapping }).mapping), JSON.stringify(mapping));
  });

  it("gets containers that are new, which are imported only where somebody selects them", () => {
    const mapping = { cntr_a: { name: "a", import: true } };
    const all = plan([a, b], { mapping });
    assert.deepEqual(namesOf(all), ["cntr_a=a"]);
    assert.deepEqual(all.mapping["cntr_b"], { name: "b", import: false, reason: "new since this mapping was written" });
    assert.deepEqual(namesOf(plan([a, b], { mapping, isChosen: true })), ["cntr_a=a", "cntr_b=b"]);
  });

  it("keeps entries whose containers are gone, and reports them", () => {
    const mapping = { cntr_gone: { name: "gone", import: true } };
    const { mapping: next, skipped } = plan([a], { mapping, isChosen: true });
    assert.deepEqual(next["cntr_gone"], mapping.cntr_gone);
    assert.deepEqual(skipped, [{ id: "cntr_gone", reason: "there is no such container" }]);
  });

  it("does not make a container importable that cannot be imported", () => {
    const mapping = { cntr_x: { name: "x", import: true } };
    assert.deepEqual(plan([expired], { mapping }).skipped, [{ id: "cntr_x", name: "x", reason: "it is expired" }]);
  });

  it("cannot give a container the name of another one in the stack", () => {
    const mapping = { cntr_a: { name: "taken", import: true } };
    const stack = { managed: new Map([["cntr_other", "taken"]]), names: new Set(["taken"]) };
    assert.throws(() => plan([a], { mapping, stack }), /^Error: OC5218: .*"taken".*cntr_a another name/);
  });
});

describe("the plan of the import command", () => {
  const stack = { managed: new Map([["cntr_a", "kept"]]), names: new Set(["kept", "b"]) };

  it("avoids the names that the stack has", () => {
    assert.deepEqual(namesOf(plan([b], { stack })), ["cntr_b=b-2"]);
  });

  it("leaves managed containers alone that belong to a component, as the file cannot declare them", () => {
    const ofComponent = { managed: new Map([["cntr_a", "child"]]), names: new Set(["b"]) };
    const { chosen, managed, skipped } = plan([a], { stack: ofComponent });
    assert.deepEqual([chosen, managed, skipped], [[], [{ id: "cntr_a", name: "child" }], []]);
  });

  it("goes on with containers that the stack manages, under their names", () => {
    const { chosen } = plan([a], { stack });
    assert.deepEqual(chosen, [{ candidate: a, name: "kept", isManaged: true }]);
  });

  it("leaves managed containers alone that expired since", () => {
    const expiredSince = candidate("cntr_a", "a", ["it is expired"]);
    const { chosen, skipped } = plan([expiredSince], { stack });
    assert.deepEqual([chosen, skipped], [[], []]);
  });
});

import assert from "node:assert/strict";
import type { Candidate } from "../../provider/backends/backend";
import { choose, numbersIn } from "../../sdk/cli/import/choose";
import { globPattern, matches, secondsOf } from "../../sdk/cli/import/filter";
import { assertDistinct, optionsFrom } from "../../sdk/cli/import/options";

const candidate = (name: string, { status = "running", memoryLimit = "1g", age = 60 } = {}): Candidate => ({
  observed: { id: `cntr_${name}`, name, status, memoryLimit, createdAt: 1000, reportedAt: 1000 + age },
  refusals: [],
  missing: [],
});

describe("options of the import command", () => {
  const mistakes: [code: string, part: string, ...args: string[]][] = [
    ["OC5201", '--backend: got "azure", expected openai or docker', "--backend", "azure"],
    ["OC5201", '--older-than: got "2 hours"', "--older-than", "2 hours"],
    ["OC5201", '--newer-than: got "1.5h"', "--newer-than", "1.5h"],
    ["OC5201", '--memory: got "2g", expected 1g, 4g, 16g or 64g', "--memory", "2g"],
    ["OC5201", '--program: got "x.py"', "--program", "x.py"],
    ["OC5203", "--id cntr_1 was given twice", "--id", "cntr_1", "--id", "cntr_1"],
    ["OC5204", "--stack has no effect without --run", "--stack", "dev"],
    ["OC5205", "--id cannot be combined with --name", "--id", "cntr_1", "--name", "*"],
    ["OC5003", "Unknown option '--all'", "--all"],
  ];
  for (const [code, part, ...args] of mistakes) {
    it(`are refused with ${code}: ${args.join(" ")}`, () => {
      assert.throws(
        () => optionsFrom(args),
        (error: Error) => error.message.startsWith(code) && error.message.includes(part),
      );
    });
  }

  it("cannot write two files to one path, however it is written", () => {
    assert.throws(() => assertDistinct(["./x.json", undefined, "a/../x.json"]), /^Error: OC5226: .*x\.json$/);
    assertDistinct(["x.json", undefined, undefined, "x.ts"]);
  });

  it("protect by default, and are of the hosted backend", () => {
    const { backends, protect, run, filter } = optionsFrom([]);
    assert.deepEqual([backends, protect, run, filter], [["openai"], true, false, {}]);
    assert.equal(optionsFrom(["--no-protect"]).protect, false);
  });
});

describe("filters of the import command", () => {
  it("match whole names, of which only * and ? are patterns", () => {
    const matchesName = (glob: string, name: string) => globPattern(glob).test(name);
    assert.ok(
      matchesName("web-*", "web-1") && matchesName("*", "") && matchesName("a?c", "a😀c") && matchesName("*", "a\nb"),
    );
    for (const [glob, name] of [
      ["web", "web-1"],
      ["a.c", "abc"],
      ["[ab]", "a"],
      ["a?c", "ac"],
    ] as const)
      assert.ok(!matchesName(glob, name), `${glob} ${name}`);
  });

  it("read durations of seconds, minutes, hours and days", () => {
    assert.deepEqual(["90s", "30m", "2h", "7d", "2", "h", "-1h"].map(secondsOf), [
      90,
      1800,
      7200,
      604_800,
      ...Array(3),
    ]);
  });

  it("select by name, status, memory and age, all of them", () => {
    const old = candidate("old", { age: 7200, memoryLimit: "4g" });
    const young = candidate("young", { status: "active" });
    const selected = (...args: string[]) =>
      [old, young].filter((each) => matches(each, optionsFrom(args).filter)).map(({ observed }) => observed.name);
    assert.deepEqual(selected(), ["old", "young"]);
    assert.deepEqual(selected("--older-than", "1h"), ["old"]);
    assert.deepEqual(selected("--newer-than", "1h"), ["young"]);
    assert.deepEqual(selected("--status", "active"), ["young"]);
    assert.deepEqual(selected("--memory", "4g"), ["old"]);
    assert.deepEqual(selected("--memory", "4g", "--name", "y*"), []);
  });
});

describe("the choice at a terminal", () => {
  it("takes numbers, ranges and all", () => {
    const numbers = (answer: string) => [...(numbersIn(answer, 5) ?? [])];
    assert.deepEqual(numbers("1,3-5"), [1, 3, 4, 5]);
    assert.deepEqual(numbers(" 2 , 2-3 "), [2, 3]);
    assert.deepEqual(numbers("ALL"), [1, 2, 3, 4, 5]);
    for (const wrong of ["", "0", "6", "3-2", "1,", "a", "1-", "-1"])
      assert.equal(numbersIn(wrong, 5), undefined, wrong);
  });

  it("asks again after an answer that is none, and lists the containers with their numbers", async () => {
    const answers = ["7", "2"];
    let printed = "";
    const stderr = (text: string) => {
      printed += text;
    };
    const all = [candidate("first"), candidate("second")];
    const chosen = await choose(all, async () => answers.shift(), { stdout: assert.fail, stderr });
    assert.deepEqual(chosen, [all[1]]);
    assert.match(
      printed,
      /^1 {2}cntr_first {2}"first" {2}running {2}1g {2}created 1 minute ago\n2 {2}cntr_second .*\nType numbers from 1 to 2/,
    );
  });

  it("fails with OC5207 where the input ends", () =>
    assert.rejects(
      choose([candidate("a")], async () => undefined, { stdout: assert.fail, stderr: () => {} }),
      /^Error: OC5207: /,
    ));
});

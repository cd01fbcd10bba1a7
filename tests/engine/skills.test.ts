import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { engine, image, inside } from "../support/docker";
import { Stack } from "../support/stack";

const megabytes = 20;

describe("a skill from a folder in a stack", function () {
  this.timeout(240_000);
  let stack: Stack;

  const write = (path: string, content: string | Buffer) => writeFileSync(join(stack.folder, "report", path), content);

  before(async () => {
    stack = new Stack().init();
    mkdirSync(join(stack.folder, "report"));
    write("SKILL.md", "---\nname: report\ndescription: Writes reports\n---\n");
    write("style.md", "Be brief.");
    write("data.bin", randomBytes(megabytes * 1e6));
    stack.program(`
      const { skillFromFolder } = require("pulumi-openai-containers");
      new Container("${stack.prefix}-box", {
        backend: "docker", docker: { image: "${image}" },
        skills: [skillFromFolder("report")],
      });`);
    await stack.up();
  });
  after(async () => {
    await stack.destroy();
    await stack.end((await engine()).client);
  });

  it(`takes less than 5 kB of state for ${megabytes} MB, and no path of this machine`, () => {
    const state = JSON.stringify(stack.state().deployment.resources.filter(({ urn }) => urn.endsWith("-box")));
    assert.ok(state.length < 5_000, `${state.length} bytes`);
    assert.ok(!state.includes(stack.folder));
  });

  it("is replaced with its container by one line of a preview where one of its files changed", async () => {
    write("style.md", "Be brief. Be kind.");
    const { steps, diagnostics } = await stack.preview();
    const changed = steps.filter(({ op }) => op !== "same");
    assert.deepEqual(
      changed.map(({ op, detailedDiff }) => [op, Object.keys(detailedDiff ?? {})]),
      [["replace", ["skills[0].source.sha256"]]],
    );
    assert.deepEqual(
      diagnostics.map(({ message }) => message.trim()),
      ['OC3005: skills: changed "report"'],
    );

    const before = stack.container().id;
    assert.match(await stack.up(), /\+-1 replaced/);
    const { id = "" } = stack.container();
    assert.notEqual(id, before);
    const { text } = await inside((await engine()).client, id, "cat /home/oai/skills/*/style.md");
    assert.equal(text, "Be brief. Be kind.");
  });
});

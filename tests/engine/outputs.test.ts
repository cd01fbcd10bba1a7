import assert from "node:assert/strict";
import { Stack } from "../support/stack";
import { dockerTestBackend, hostedTestBackend, type TestBackend } from "../support/test-backend";

/** The outputs that a container of each backend does not have. */
const absent = {
  openai: ["docker", "fileIds", "imageId", "project", "skills"],
  docker: ["fileIds", "project", "skills"],
};
const optional = ["project", "imageId", "fileIds", "skills", "docker"];

describe("outputs that do not apply", function () {
  this.timeout(300_000);
  let hosted: TestBackend;
  let docker: TestBackend;
  let stack: Stack;

  before(async () => {
    [hosted, docker] = await Promise.all([hostedTestBackend(), dockerTestBackend()]);
    stack = new Stack({ ...hosted.env, ...docker.env });
    // Each output is exported, and those that can be are arguments of another container.
    const pair = (of: string, args: string) => `
      const ${of} = new Container("${stack.prefix}-${of}", { ${args} });
      for (const key of ${JSON.stringify(optional)}) exports["${of}-" + key] = ${of}[key];
      second("${stack.prefix}-${of}-two", ${of});`;
    stack
      .program(`
      function second(name, { memoryLimit, networkPolicy, expiresAfter, fileIds, skills, docker, backend, project }) {
        new Container(name, {
          memoryLimit, networkPolicy, expiresAfter, fileIds, skills, docker, backend,
          name: pulumi.interpolate\`${stack.prefix} \${project} \${fileIds}\`,
        });
      }
      ${pair("onApi", hosted.args)}
      ${pair("onEngine", docker.args)}`)
      .init();
  });
  after(async () => {
    await stack.end(docker.holder);
    await Promise.all([hosted.stop(), docker.stop()]);
  });

  function assertNulls(expected: typeof absent): void {
    const containers = stack.containers();
    assert.equal(containers.length, 4);
    for (const { outputs } of containers) {
      const nulls = Object.keys(outputs).filter((key) => outputs[key] === null);
      assert.deepEqual(nulls.sort(), outputs["backend"] === "docker" ? expected.docker : expected.openai);
    }
  }
  const isQuiet = (text: string) => assert.doesNotMatch(text, /unknown|warning|undefined/i);

  /** Without what a refresh does not record. */
  const recorded = () => stack.containers().map(({ dependencies, propertyDependencies, ...rest }) => rest);

  it("are null in state, and cause no warning where they are exported", async () => {
    isQuiet(await stack.up());
    assertNulls(absent);
  });

  it("are known in a preview of a state that lacks them, and a refresh adds them without a change", async () => {
    const before = recorded();
    stack.edit(({ outputs }) => {
      for (const key of outputs["backend"] === "docker" ? absent.docker : absent.openai) delete outputs[key];
    });
    assertNulls({ openai: [], docker: [] });

    for (const command of [["preview"], ["refresh", "--yes", "--skip-preview"]]) {
      const text = await stack.ok(...command, "--diff", "--expect-no-changes");
      isQuiet(text);
      assert.match(text, /5 unchanged/);
    }
    assert.deepEqual(recorded(), before);
  });
});

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { dockerPlace, hostedPlace, type Place } from "../support/place";
import { Stack } from "../support/stack";

/** What each kind of container has not. */
const absent = {
  hosted: ["docker", "fileIds", "imageId", "project", "skills"],
  docker: ["fileIds", "project", "skills"],
};

for (const [where, open] of [
  ["hosted", hostedPlace],
  ["docker", dockerPlace],
] as const) {
  describe(`outputs that do not apply, ${where}`, function () {
    this.timeout(240_000);
    let place: Place;
    let stack: Stack;

    before(async () => {
      place = await open();
      stack = new Stack(place.env);
      // Each output is exported, and those that can be are arguments of another container.
      await stack
        .program(`
        const one = new Container("${stack.prefix}-one", { ${place.args} });
        for (const key of ["project", "imageId", "fileIds", "skills", "docker"]) exports[key] = one[key];
        const { memoryLimit, networkPolicy, expiresAfter, fileIds, skills, docker, backend } = one;
        new Container("${stack.prefix}-two", {
          memoryLimit, networkPolicy, expiresAfter, fileIds, skills, docker, backend,
          name: pulumi.interpolate\`${stack.prefix} \${one.project} \${one.fileIds}\`,
        });`)
        .init();
    });
    after(async () => {
      await stack.end(place.holder).finally(() => place.stop());
    });

    async function nulls(): Promise<string[][]> {
      const { deployment } = await stack.state();
      return deployment.resources
        .filter(({ type }) => type.endsWith(":Container"))
        .map(({ outputs }) =>
          Object.keys(outputs)
            .filter((key) => outputs[key] === null)
            .sort(),
        );
    }
    const isQuiet = (text: string) => assert.doesNotMatch(text, /unknown|warning|undefined/i);

    it("are null in state, and quiet where they are exported", async () => {
      isQuiet(await stack.up());
      assert.deepEqual(await nulls(), [absent[where], absent[where]]);
      const text = await stack.ok("preview", "--diff", "--expect-no-changes");
      isQuiet(text);
      assert.match(text, /3 unchanged/);
    });

    it("are known of a state that does not have them, which heals without a change", async () => {
      const whole = JSON.parse(await stack.ok("stack", "export"));
      for (const { outputs = {} } of whole.deployment.resources) for (const key of absent[where]) delete outputs[key];
      const file = join(stack.folder, "older.json");
      writeFileSync(file, JSON.stringify(whole));
      await stack.ok("stack", "import", "--file", file);
      assert.deepEqual(await nulls(), [[], []]);

      for (const command of [["preview"], ["up", "--yes", "--skip-preview"], ["refresh", "--yes"], ["preview"]]) {
        const text = await stack.ok(...command, "--diff", "--expect-no-changes");
        isQuiet(text);
        assert.match(text, /3 unchanged/);
      }
      assert.deepEqual(await nulls(), [absent[where], absent[where]]);
    });
  });
}

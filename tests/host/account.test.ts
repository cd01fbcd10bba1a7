import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { HostStack } from "../support/host/host-stack";
import { key } from "../support/hosted";
import { assertLines } from "../support/lines";

const other = "sk-test-of-another-project";

for (const [what, env, says] of [
  [
    "the API key of another project, without a configured project",
    { OPENAI_API_KEY: other },
    (id: string) =>
      new RegExp(
        `OC2132: Container ${id} belongs to project proj_1, but the API key of this run belongs to project proj_2`,
      ),
  ],
  [
    "another project id",
    { OPENAI_PROJECT_ID: "proj_2" },
    (id: string) =>
      new RegExp(`OC2010: Container ${id} is at openai:http://\\S+/v1, and this run uses openai:\\S+ proj_2`),
  ],
] as const) {
  describe(`a run with ${what}`, function () {
    this.timeout(180_000);
    let emulator: Emulator;
    let stack: HostStack;
    const mine = () => emulator.containers("-/proj_1");

    before(async () => {
      emulator = await startEmulator({ projects: { [key]: "proj_1", [other]: "proj_2" } });
      stack = new HostStack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl }).containers({ box: {} });
      await stack.up();
      stack.env = { ...stack.env, ...env };
    });
    after(() => stack.end({ containers: mine }).finally(() => emulator.stop()));

    for (const command of ["preview", "up", "refresh", "destroy"] as const) {
      it(`fails in ${command} with both projects in the message, and creates and forgets no container`, async () => {
        const id = stack.idOf("box");
        const { problems } = await stack[command]();
        assertLines(problems["box"] ?? [], [says(id)]);
        assert.deepEqual([mine().map((one) => one.id), emulator.containers("-/proj_2")], [[id], []]);
        assert.equal(stack.idOf("box"), id);
      });
    }
  });
}

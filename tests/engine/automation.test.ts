import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Stack as AutomationStack, type InlineProgramArgs, LocalWorkspace } from "@pulumi/pulumi/automation";
import { Container } from "../../sdk";
import { Stack } from "../support/stack";
import { hostedTestBackend } from "../support/test-backend";

describe("the Automation API", function () {
  this.timeout(300_000);
  let backend: Awaited<ReturnType<typeof hostedTestBackend>>;
  let stack: Stack;
  const folders: string[] = [];

  before(async () => {
    backend = await hostedTestBackend();
    stack = new Stack(backend.env).program('new Container("local");');
    folders.push(stack.folder);
  });
  after(async () => {
    await backend.stop();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** The options of a workspace with state of its own. */
  function options() {
    const folder = mkdtempSync(join(tmpdir(), "openai-containers-automation-"));
    folders.push(folder);
    const envVars = {
      ...backend.env,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    };
    return { envVars };
  }

  /** An inline stack whose program creates the given number of containers. */
  function inline(projectName: string, count: number): Promise<AutomationStack> {
    const args: InlineProgramArgs = {
      stackName: "dev",
      projectName,
      program: async () => ({
        ids: Array.from({ length: count }, (_, at) => new Container(`${projectName}-${at}`).id),
      }),
    };
    return LocalWorkspace.createStack(args, options());
  }

  const named = (prefix: string) =>
    backend.emulator
      .containers()
      .filter(({ name }) => name.startsWith(prefix))
      .map(({ id }) => id)
      .sort();

  it("runs inline programs of several stacks at once, in one process", async () => {
    const stacks = await Promise.all([inline("red", 2), inline("blue", 3)]);
    const ups = await Promise.all(stacks.map((one) => one.up()));
    for (const [at, prefix] of ["red", "blue"].entries()) {
      const ids: unknown = ups[at]?.outputs["ids"]?.value;
      assert.deepEqual(Array.isArray(ids) && ids.toSorted(), named(prefix));
      assert.equal(named(prefix).length, at + 2);
    }
    const [red, blue] = stacks;
    const [{ changeSummary }] = await Promise.all([blue?.preview() ?? assert.fail(), red?.destroy()]);
    assert.deepEqual(Object.keys(changeSummary), ["same"]);
    assert.deepEqual([named("red").length, named("blue").length], [0, 3]);
  });

  it("runs a local program from another working directory", async () => {
    const { envVars } = options();
    const local = await LocalWorkspace.createStack({ stackName: "other", workDir: stack.folder }, { envVars });
    assert.deepEqual((await local.preview()).changeSummary, { create: 2 });
    assert.deepEqual(named("local"), []);
  });

  it("fails with the folder that lacks the package, for an inline program in another working directory", async () => {
    const before = process.cwd();
    const { envVars } = options();
    const elsewhere = mkdtempSync(join(tmpdir(), "openai-containers-elsewhere-"));
    folders.push(elsewhere);
    process.chdir(elsewhere);
    try {
      const program = async () => {
        new Container("elsewhere");
      };
      const args = { stackName: "dev", projectName: "elsewhere", program };
      const other = await LocalWorkspace.createStack(args, { envVars });
      await assert.rejects(other.preview(), (error) => {
        const folder = join(process.cwd(), "package.json");
        const sentence = `Pulumi loads the provider from the program's folder, where pulumi-openai-containers cannot be resolved. Add it to ${folder}`;
        assert.ok(String(error).includes(sentence), String(error));
        return true;
      });
    } finally {
      process.chdir(before);
    }
    assert.deepEqual(named("elsewhere"), []);
  });
});

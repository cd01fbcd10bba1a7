import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Stack as AutomationStack, type InlineProgramArgs, LocalWorkspace } from "@pulumi/pulumi/automation";
import { Container } from "../../sdk";
import { hostedPlace } from "../support/place";
import { Stack } from "../support/stack";

describe("the Automation API", function () {
  this.timeout(240_000);
  let place: Awaited<ReturnType<typeof hostedPlace>>;
  let stack: Stack;
  const folders: string[] = [];

  before(async () => {
    place = await hostedPlace();
    stack = new Stack(place.env);
    stack.program('exports.id = new Container("local").id;').init();
  });
  after(async () => {
    await stack.end(place.holder).finally(() => place.stop());
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** What a workspace needs, with state of its own. */
  function options() {
    const folder = mkdtempSync(join(tmpdir(), "openai-containers-automation-"));
    folders.push(folder);
    const envVars = {
      ...place.env,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
      PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    };
    return { envVars };
  }

  /** An inline stack whose program makes so many containers. */
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
    place.emulator
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
    for (const { changeSummary } of await Promise.all(stacks.map((one) => one.preview()))) {
      assert.deepEqual(Object.keys(changeSummary), ["same"]);
    }
    await Promise.all(stacks.map((one) => one.destroy()));
    assert.deepEqual([...named("red"), ...named("blue")], []);
  });

  it("runs the program of a folder from another working directory", async () => {
    const { envVars } = options();
    const local = await LocalWorkspace.createStack({ stackName: "other", workDir: stack.folder }, { envVars });
    const { outputs } = await local.up();
    assert.deepEqual([outputs["id"]?.value], named("local"));
    await local.destroy();
    assert.deepEqual(named("local"), []);
  });

  it("names the folder that lacks the package, where an inline program runs in another working directory", async () => {
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

import assert from "node:assert/strict";
import { readFileSync, rmSync, watch } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { engine } from "../support/docker";
import { key } from "../support/hosted";
import { importInto, startImport } from "../support/import-command";
import { createByHttp, RawContainers } from "../support/raw-containers";
import type { RunningCommand } from "../support/running-command";
import { Stack } from "../support/stack";

describe("openai-containers import --run", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let client: Docker;
  let stack: Stack;
  beforeEach(async () => {
    emulator = await startEmulator({ requestsPerMinute: 1_000_000 });
    ({ client } = await engine());
    stack = new Stack({ OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl });
    stack.program('require("./sandboxes");').init();
  });
  afterEach(async () => {
    await stack.end(emulator);
    await emulator.stop();
  });

  const program = () => readFileSync(join(stack.folder, "sandboxes.js"), "utf8");
  const managed = () => stack.containers().map(({ id, urn, protect }) => [urn.split("::").at(-1), id, protect]);

  it("takes containers of both backends, which no program created, into one stack, unchanged, and once", async () => {
    const raw = new RawContainers(client, stack.prefix);
    try {
      const sandbox = await raw.run("docker");
      const plain = await createByHttp(emulator, { name: "analysis", memory_limit: "4g" });
      const allowlist = { type: "allowlist", allowed_domains: ["api.github.com"] };
      const odd = await createByHttp(emulator, { name: 'class "x" */', network_policy: allowlist });

      const hosted = await importInto(stack, "--run", "--name", "*");
      assert.deepEqual([hosted.code, /\n2 imported, 2 unchanged\n$/.test(hosted.text)], [0, true], hosted.text);
      const docker = await importInto(stack, "--run", "--backend", "docker", "--id", `${stack.prefix}-docker`);
      assert.deepEqual([docker.code, /\n1 imported, 1 unchanged\n$/.test(docker.text)], [0, true], docker.text);
      assert.match(docker.text, /^OC5219: Container .*-docker is imported as it is, without /m);
      const state = [
        ["analysis", plain, true],
        ["classX", odd, true],
        [`${stack.prefix}-docker`, sandbox, true],
      ];
      assert.deepEqual(managed().sort(), state.sort());
      assert.match(await stack.ok("preview", "--expect-no-changes"), /4 unchanged/);

      const before = program();
      const again = await importInto(stack, "--run", "--name", "*", "--json");
      const { imported, unchanged } = JSON.parse(again.text.split("\n").find((line) => line.startsWith("{")) ?? "");
      assert.deepEqual([again.code, imported, unchanged], [0, [], 2], again.text);
      assert.equal(program(), before);

      rmSync(join(stack.folder, "sandboxes.js"));
      const partly = await importInto(stack, "--run", "--name", "*");
      const protectedOne = new RegExp(`^OC5223: [\\s\\S]*${stack.prefix}-docker[\\s\\S]*pulumi state unprotect`, "m");
      assert.deepEqual([partly.code, protectedOne.test(partly.text)], [1, true], partly.text);
      const wholly = await importInto(stack, "--run", "--backend", "docker", "--id", sandbox);
      assert.deepEqual([wholly.code, /\n0 imported, 1 unchanged\n$/.test(wholly.text)], [0, true], wholly.text);
      assert.deepEqual(program().split("\n").sort(), before.split("\n").sort());
      const gets = emulator.requests.filter(({ method, path }) => method === "GET" && path !== "/v1/containers");
      assert.deepEqual(gets, []);
    } finally {
      await raw.removeAll();
    }
  });

  it("completes with the same command what Ctrl-C and a kill interrupted", async () => {
    const count = 40;
    for (let at = 0; at < count; at += 1) await createByHttp(emulator, { name: `box ${at}` });
    const run = ["--run", "--name", "box *", "--no-protect"];

    const interrupted = startImport(stack, ...run);
    await stateHolds(1, interrupted);
    interrupted.signal("SIGINT");
    const { code, text } = await interrupted.ended;
    assert.deepEqual([code, /^OC5220: pulumi import was interrupted\./m.test(text)], [1, true], text);
    const few = managed().length;
    assert.ok(few > 0 && few < count, `${few} imported before the interruption`);

    const killed = startImport(stack, ...run);
    await stateHolds(few + 1, killed);
    killed.killTree();
    await killed.ended;
    stack.release();

    const completed = await importInto(stack, ...run);
    assert.equal(completed.code, 0, completed.text);
    assert.match(completed.text, new RegExp(`\\n\\d+ imported, ${count} unchanged\\n$`));
    assert.deepEqual(new Set(managed().map(([, id]) => id)), new Set(emulator.containers().map(({ id }) => id)));
  });

  /** Settles when the state has so many containers. @throws AssertionError where the command ends before */
  async function stateHolds(count: number, { ended }: Pick<RunningCommand, "ended">): Promise<void> {
    const watcher = watch(join(stack.folder, "state"), { recursive: true });
    const held = new Promise<undefined>((resolve) => {
      watcher.on("change", () => containersInState() >= count && resolve(undefined));
    });
    const ran = await Promise.race([held, ended]);
    watcher.close();
    assert.equal(ran, undefined);
  }

  function containersInState(): number {
    try {
      return stack.containers().length;
    } catch {
      return 0; // Pulumi is writing it
    }
  }
});

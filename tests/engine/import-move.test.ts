import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { engine, image } from "../support/docker";
import { key } from "../support/hosted";
import { Stack } from "../support/stack";

describe("a container that moves between stacks as docs/import.md says", function () {
  this.timeout(240_000);
  let emulator: Emulator;
  let from: Stack;
  let to: Stack;

  before(async () => {
    emulator = await startEmulator();
    const env = { OPENAI_API_KEY: key, OPENAI_BASE_URL: emulator.baseUrl };
    from = new Stack(env).init();
    to = new Stack(env).init();
  });
  after(async () => {
    await from.end((await engine()).client);
    await to.end(emulator);
    await emulator.stop();
  });

  /** Both containers with their names, as the old stack declares them and the new one imports them. */
  const program = (options: (name: "hosted" | "docker") => string) => `
    new Container("hosted", { name: "${from.prefix}-hosted", memoryLimit: "4g" }, ${options("hosted")});
    new Container("docker", { name: "${from.prefix}-docker", backend: "docker", docker: { image: "${image}" } }, ${options("docker")});`;

  it("is let go by retainOnDelete and imported, on both backends, and deleted by the new stack alone", async () => {
    await from.program(program(() => "{ retainOnDelete: true }")).up();
    const ids = new Map(from.containers().map(({ id = "", urn }) => [urn.split("::").at(-1), id]));
    await from.program("").up();
    assert.deepEqual(from.containers(), []);

    const imported = (name: string) => `{ import: ${JSON.stringify(ids.get(name))} }`;
    assert.match(await to.program(program(imported)).up(), /\+ 3 created/);
    assert.deepEqual(
      to
        .containers()
        .map(({ id }) => id)
        .sort(),
      [...ids.values()].sort(),
    );
    assert.deepEqual(
      emulator.containers().map(({ id }) => id),
      [ids.get("hosted")],
    );

    await to.destroy();
    assert.deepEqual(emulator.containers(), []);
  });
});

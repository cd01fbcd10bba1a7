import assert from "node:assert/strict";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { named } from "../support/create-context";
import { engine, sandboxArgs } from "../support/docker";
import { type ExpiringBackend, expiringDockerBackend, expiringHostedBackend } from "../support/expiring-backend";
import { HostStack } from "../support/host/host-stack";
import { assertLines } from "../support/lines";
import { createByHttp } from "../support/raw-containers";
import { silent } from "../support/silent";

interface Importing extends ExpiringBackend {
  /** Creates a container outside of the stack. @returns its id */
  made(name: string, minutes?: number): Promise<string>;
}

const backends: Record<string, () => Promise<Importing>> = {
  hosted: async () => {
    const backend = await expiringHostedBackend();
    const made = (name: string, minutes = 20) => {
      const expires_after = { anchor: "last_active_at", minutes };
      return createByHttp(backend.emulator, { name, memory_limit: "4g", expires_after });
    };
    return { ...backend, made };
  },
  docker: async () => {
    const backend = await expiringDockerBackend();
    const made = async (name: string, minutes = 20) => {
      const expiresAfter = { anchor: "last_active_at", minutes } as const;
      const docker = new DockerBackend(await engine(), { minute: 5 });
      return (await docker.create(sandboxArgs(name, { memoryLimit: "4g", expiresAfter }), silent, named)).id;
    };
    return { ...backend, made };
  },
};

const same = { op: "same", reasons: [], changed: [] };

for (const [name, open] of Object.entries(backends)) {
  describe(`the import option (${name})`, function () {
    this.timeout(120_000);
    let backend: Importing;
    let stack: HostStack;

    const box = (changes: Record<string, unknown> = {}) => ({
      box: { ...backend.arguments, memoryLimit: "4g", ...changes },
    });

    beforeEach(async () => {
      backend = await open();
      stack = new HostStack(backend.env);
    });
    afterEach(() => stack.end(backend.holder).finally(() => backend.stop()));

    it("is verified in a preview, adopts the container, and is quiet afterwards, left, removed or put back", async () => {
      const id = await backend.made(`${stack.prefix}-box`);
      stack.containers(box({ __import: id }));
      const preview = await stack.preview();
      assert.deepEqual(preview.steps["box"]?.op, "create");
      assertLines(preview.infos, [new RegExp(`^box: imports ${id} \\(running, 4g\\)$`)]);
      assert.deepEqual((await stack.up()).problems, {});
      assert.equal(stack.idOf("box"), id);
      for (const option of [{ __import: id }, {}, { __import: id }]) {
        const { steps, warnings, infos } = await stack.containers(box(option)).up();
        assert.deepEqual([steps["box"], warnings, infos], [same, [], []]);
      }
      assert.deepEqual((await stack.refresh()).steps["box"], same);
      assert.deepEqual((await stack.up()).steps["box"], same);
      assert.deepEqual(await backend.inventory(stack.prefix), [id]);
    });

    it("takes the container's name where the program gives none, without a change", async () => {
      const id = await backend.made(`${stack.prefix}-other`);
      const program = box({ __import: id, name: undefined });
      await stack.containers(program).up();
      assert.equal(stack.resources.get("box")?.outputs["name"], `${stack.prefix}-other`);
      assert.deepEqual((await stack.refresh()).steps["box"], same);
      assert.deepEqual((await stack.up()).steps["box"], same);
    });

    it("has no effect once a change has replaced the container, and says so", async () => {
      const id = await backend.made(`${stack.prefix}-box`);
      await stack.containers(box({ __import: id })).up();
      const { steps, warnings } = await stack.containers(box({ __import: id, memoryLimit: "1g" })).up();
      assert.deepEqual(steps["box"], { op: "replace", reasons: ["memoryLimit"], changed: ["memoryLimit"] });
      const advice = /^box: OC2407: a new container replaces \S+: the import option has no effect any more/;
      assertLines(
        warnings.filter((line) => !line.includes("OC2006")),
        [advice],
      );
      assert.notEqual(stack.idOf("box"), id);
      assert.deepEqual(await backend.inventory(stack.prefix), [stack.idOf("box")]);
      assert.deepEqual((await stack.refresh()).steps["box"], same);
      assert.deepEqual((await stack.up()).steps["box"], same);
    });

    it("creates a new container once the imported one has expired", async () => {
      const expiresAfter = { anchor: "last_active_at", minutes: 1 };
      const id = await backend.made(`${stack.prefix}-box`, 1);
      const program = box({ __import: id, expiresAfter });
      await stack.containers(program).up();
      await backend.expired(id);
      const { steps, warnings } = await stack.up();
      assert.deepEqual(steps["box"], { op: "replace", reasons: ["expired"], changed: [] });
      assertLines(warnings, [/OC2001: container \S+ expired/, /OC2407: a new container replaces/]);
      assert.notEqual(stack.idOf("box"), id);
    });

    it("fails where it names another container than the resource has", async () => {
      const [id, other] = [await backend.made(`${stack.prefix}-box`), await backend.made(`${stack.prefix}-box`)];
      await stack.containers(box({ __import: id })).up();
      const { problems } = await stack.containers(box({ __import: other })).preview();
      assertLines(problems["box"] ?? [], [
        new RegExp(`OC2406: The import option names ${other}, and the resource already has container ${id}`),
      ]);
      await backend.remove(other);
    });

    it("fails for the second of two resources that import one container, new or managed", async () => {
      const id = await backend.made(`${stack.prefix}-box`);
      const both = { ...box({ __import: id }), twin: { ...box()["box"], name: undefined, __import: id } };
      const { problems } = await stack.containers(both).preview();
      const [reasons = [], ...more] = Object.values(problems);
      assert.deepEqual(more, []);
      assertLines(reasons, [new RegExp(`OC2404: Container ${id} would belong to two resources: \\w+ and \\w+`)]);
      await stack.containers(box({ __import: id })).up();
      const managed = Object.values((await stack.containers(both).preview()).problems);
      assertLines(managed.flat(), [/OC2404: /]);
    });
  });
}

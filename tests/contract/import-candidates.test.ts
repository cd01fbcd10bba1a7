import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Backend } from "../../provider/backends/backend";
import { DockerBackend } from "../../provider/backends/docker/docker-backend";
import { type Emulator, startEmulator } from "../../sdk/emulator";
import { contractPlaces } from "../support/contract-places";
import { named } from "../support/create-context";
import { assertNothingLeft, engine, sandboxArgs } from "../support/docker";
import { hosted } from "../support/hosted";
import { gatewayImage } from "../support/live/images";
import { createByHttp, RawContainers } from "../support/raw-containers";
import { silent } from "../support/silent";

for (const place of contractPlaces()) {
  describe(`the Backend contract for candidates on ${place.name}`, function () {
    this.timeout(60_000);
    const prefix = `t${randomBytes(4).toString("hex")}`;
    const made: string[] = [];
    let backend: Backend;

    const create = async (name: string, minutes = 20) => {
      const expiresAfter = { anchor: "last_active_at", minutes } as const;
      const { id } = await backend.create(place.args(`${prefix}-${name}`, { expiresAfter }), silent, named);
      made.push(id);
      return id;
    };

    before(async () => {
      backend = await place.open();
    });
    after(async () => {
      for (const id of made) await backend.delete(id, {}, silent);
      await place.end(prefix);
    });

    it("are all containers, the newest first, each as it is listed and can be imported", async () => {
      const [one, two] = [await create("one"), await create("two")];
      const run = await place.open();
      const ours = (await run.candidates(silent)).filter(({ observed }) => made.includes(observed.id));
      assert.deepEqual(new Set(ours.map(({ observed }) => observed.id)), new Set([one, two]));
      for (const { observed, refusals, missing } of ours) {
        const [listed] = await run.list(observed.name, silent);
        assert.deepEqual(Object.keys(observed).sort(), Object.keys(listed ?? {}).sort());
        assert.deepEqual([observed.status, observed.memoryLimit, refusals, missing], ["running", "1g", [], []]);
      }
      const times = (await run.candidates(silent)).map(({ observed }) => observed.createdAt);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => b - a),
      );
    });

    it("are found by their id, and not once they are gone", async () => {
      const id = await create("found");
      const candidate = await (await place.open()).candidate(id, silent);
      assert.deepEqual([candidate?.observed.id, candidate?.observed.name], [id, `${prefix}-found`]);
      await backend.delete(id, {}, silent);
      assert.equal(await (await place.open()).candidate(id, silent), undefined);
    });

    it("cannot be imported once they have expired", async () => {
      const id = await create("expired", 1);
      await place.beIdle(id);
      const { refusals = [] } = (await (await place.open()).candidate(id, silent)) ?? {};
      assert.equal(refusals.length, 1);
      assert.match(refusals[0] ?? "", /expired/);
    });
  });
}

describe("candidates of the hosted API", () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator({ requestsPerMinute: 100_000 });
  });
  after(() => emulator.stop());

  it("take one list request for a hundred containers, and no GET, which would prolong their lives", async () => {
    for (let count = 0; count < 100; count += 1) await createByHttp(emulator, { name: `box-${count}` });
    const backend = await hosted(emulator.baseUrl);
    const before = emulator.requests.length;
    const ids = (await backend.candidates(silent)).map(({ observed }) => observed.id);
    assert.equal(new Set(ids).size, 100);
    const reads = emulator.requests.slice(before).map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual(reads, ["GET /v1/containers"]);
  });
});

describe("candidates of a Docker engine", function () {
  this.timeout(120_000);
  const prefix = `t${randomBytes(4).toString("hex")}`;
  let backend: DockerBackend;
  let raw: RawContainers;

  before(async () => {
    const host = await engine();
    backend = new DockerBackend(host, { gatewayImage });
    raw = new RawContainers(host.client, prefix);
  });
  afterEach(() => raw.removeAll());

  it("have containers of docker run among them, which keep running, and lists do not have", async () => {
    const { client } = await engine();
    const id = await raw.run("box", { HostConfig: { Init: true } });
    const candidate = (await backend.candidates()).find(({ observed }) => observed.id === id);
    assert.deepEqual([candidate?.refusals, candidate?.observed.name], [[], `${prefix}-box`]);
    assert.ok(candidate?.missing.includes("idle expiry"));
    assert.equal(
      (await backend.list(undefined)).some((observed) => observed.id === id),
      false,
    );
    assert.equal(await backend.observe(id), undefined);
    const known = { createdAt: candidate?.observed.createdAt };
    assert.deepEqual(Object.keys((await backend.activity(id, known)) ?? {}), ["reportedAt"]);
    assert.equal((await client.getContainer(id).inspect()).State.Running, true);
  });

  it("are found by name, by id and by the beginning of an id, and by nothing else", async () => {
    const id = await raw.run("box");
    for (const reference of [id, id.slice(0, 12), `${prefix}-box`]) {
      assert.equal((await backend.candidate(reference))?.observed.id, id);
    }
    for (const reference of ["", `${prefix}-none`, `../${prefix}-box`, `${id}/json?`, "a b", "é"]) {
      assert.equal(await backend.candidate(reference), undefined, reference);
    }
  });

  it("are refused on an engine that reports their memory limit and ignores it", async () => {
    const host = await engine();
    const rootless = new DockerBackend({ ...host, limits: { memory: false, swap: false, pids: false } });
    const { refusals } = (await rootless.candidate(await raw.run("box"))) ?? {};
    assert.deepEqual(refusals, ["its engine ignores limits of memory and swap"]);
  });

  it("are refused with a volume that is a folder of the host", async () => {
    const { client } = await engine();
    const name = `${prefix}-host`;
    await client.createVolume({ Name: name, Driver: "local", DriverOpts: { type: "none", o: "bind", device: "/" } });
    try {
      const { id } = await raw.create("box", {
        HostConfig: { Mounts: [{ Type: "volume", Source: name, Target: "/host" }] },
      });
      const { refusals = [] } = (await backend.candidate(id)) ?? {};
      assert.ok(refusals.includes("its volume at /host is not on the engine's own storage"), refusals.join("\n"));
    } finally {
      await raw.removeAll();
      await client.getVolume(name).remove();
    }
  });

  it("know the names of the secrets of a sandbox with an allow list, and leave its gateway out", async () => {
    const { client } = await engine();
    const networkPolicy = {
      type: "allowlist" as const,
      allowedDomains: ["a.example.com"],
      domainSecrets: [{ domain: "a.example.com", name: "TOKEN", value: "sk-0123456789" }],
    };
    const { id } = await backend.create(sandboxArgs(`${prefix}-allowing`, { networkPolicy }), silent, named);
    try {
      const all = await backend.candidates();
      const candidate = all.find(({ observed }) => observed.id === id);
      assert.deepEqual([candidate?.secretNames, candidate?.refusals], [["TOKEN"], []]);
      assert.deepEqual(
        all.filter(({ observed }) => observed.name.includes(id)),
        [],
      );
    } finally {
      await backend.delete(id);
      await assertNothingLeft(client, prefix);
    }
  });
});

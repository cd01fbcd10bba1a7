import assert from "node:assert/strict";
import type { ContainerCreateOptions } from "dockerode";
import { image, stopped } from "../support/docker";
import { HostStack, type Step } from "../support/host/host-stack";
import type { Properties } from "../support/host/provider-process";
import { assertLines } from "../support/lines";
import { RawContainers } from "../support/raw-containers";
import { dockerTestBackend } from "../support/test-backend";

const same: Step = { op: "same", reasons: [], changed: [] };
const gib = 2 ** 30;

describe("containers on Docker that this package did not create", function () {
  this.timeout(120_000);
  let backend: Awaited<ReturnType<typeof dockerTestBackend>>;
  let stack: HostStack;
  let raw: RawContainers;

  const programOf = (__import: string | undefined, changes: Properties = {}) =>
    stack.containers({ box: { ...backend.arguments, ...(__import && { __import }), ...changes } });
  /** A signal to the first process reaches its child, as a process without a handler would ignore it. */
  const run = (changes: ContainerCreateOptions = {}) =>
    raw.run("box", { ...changes, HostConfig: { Init: true, ...changes.HostConfig } });
  const imported = async (changes: ContainerCreateOptions = {}, args: Properties = {}) => {
    const id = await run(changes);
    const { problems } = await programOf(`${stack.prefix}-box`, args).up();
    assert.deepEqual(problems, {});
    assert.equal(stack.idOf("box"), id);
    return backend.client.getContainer(id);
  };

  before(async () => {
    backend = await dockerTestBackend();
  });
  after(() => backend.stop());
  beforeEach(() => {
    stack = new HostStack(backend.env);
    raw = new RawContainers(backend.client, stack.prefix);
  });
  afterEach(async () => {
    await raw.removeAll();
    await stack.end(backend.holder);
  });

  it("are imported as they are, with one warning of what they lack", async () => {
    const id = await run({ HostConfig: { CapDrop: ["ALL"], SecurityOpt: ["no-new-privileges"] } });
    const { warnings, infos } = await programOf(`${stack.prefix}-box`).preview();
    assertLines(infos, [new RegExp(`^box: imports ${id} \\(running, 1g\\)$`)]);
    assertLines(warnings, [
      new RegExp(
        `^box: OC2409: container ${id} is imported as it is, without idle expiry, a read-only root, an unprivileged user, /mnt/data, a limit of processes: the next change of an argument replaces it`,
      ),
    ]);
  });

  it("show no change afterwards, in an update and a refresh, by another name of their image, and keep running", async () => {
    const { Id } = await backend.client.getImage(image).inspect();
    const named = { docker: { image: Id } };
    const container = await imported({}, named);
    const { StartedAt } = (await container.inspect()).State;
    for (const ran of [await programOf(undefined, named).up(), await stack.refresh(), await stack.up()]) {
      assert.deepEqual([ran.steps["box"], ran.warnings], [same, []]);
    }
    const { State } = await container.inspect();
    assert.deepEqual([State.Running, State.StartedAt], [true, StartedAt]);
  });

  it("are started again when they stopped, whatever their exit code, and replaced when they are gone", async () => {
    const container = await imported({ Cmd: ["sh", "-c", "trap 'exit 86' TERM; sleep infinity & wait"] });
    await container.stop();
    await stopped(backend.client, container.id);
    const { steps, warnings } = await programOf(undefined).up();
    assert.equal(steps["box"]?.op, "update");
    assertLines(warnings, [/^box: OC2005: container \S+ is stopped: up starts it again/]);
    assert.equal((await container.inspect()).State.Running, true);
    assert.deepEqual((await stack.up()).steps["box"], same);
    await container.remove({ force: true, v: true });
    assert.deepEqual((await stack.up()).steps["box"]?.reasons, ["gone"]);
    assert.match(stack.idOf("box"), /^cntr_/);
  });

  it("fail to start again where their command ends at once", async () => {
    const script = "test -e /began && exit 3; touch /began; exec sleep infinity";
    const container = await imported({ Cmd: ["sh", "-c", script] });
    await container.kill();
    await stopped(backend.client, container.id);
    const { problems } = await programOf(undefined).up();
    assertLines(problems["box"] ?? [], [/OC2410: Container \S+ ended at once with exit code 3/]);
  });

  it("become containers of this package by the next change, and their volumes are removed", async () => {
    const container = await imported({ Volumes: { "/anonymous": {} } });
    const [volume] = (await container.inspect()).Mounts;
    const { steps } = await programOf(undefined, { memoryLimit: "4g" }).up();
    assert.deepEqual(steps["box"], { op: "replace", reasons: ["memoryLimit"], changed: ["memoryLimit"] });
    assert.match(stack.idOf("box"), /^cntr_/);
    assert.deepEqual(await raw.ids(), []);
    await assert.rejects(backend.client.getVolume(volume?.Name ?? "").inspect(), /no such volume/);
  });

  it("are removed with the stack", async () => {
    await imported();
    await stack.destroy();
    assert.deepEqual(await raw.ids(), []);
  });

  it("are refused with all reasons at once", async () => {
    // Not started, as this needs privileges that not every engine has.
    await raw.create("exposed", {
      HostConfig: {
        Privileged: true,
        NetworkMode: "bridge",
        MemorySwap: 2 * gib,
        Binds: ["/var/run/docker.sock:/run/engine"],
        PidMode: "host",
        IpcMode: "host",
        UTSMode: "host",
        CapAdd: ["SYS_ADMIN"],
        SecurityOpt: ["seccomp=unconfined"],
        Devices: [{ PathOnHost: "/dev/fuse", PathInContainer: "/dev/fuse", CgroupPermissions: "rwm" }],
      },
    });
    const { problems } = await programOf(`${stack.prefix}-exposed`).preview();
    const reasons = [
      "its memory is limited to 1073741824 bytes, 2147483648 with swap, and not to 1g, 4g, 16g, 64g with swap included " +
        `(docker update --memory 1g --memory-swap 1g ${stack.prefix}-exposed)`,
      `it is stopped (docker start ${stack.prefix}-exposed)`,
      "it is privileged",
      "it is on the networks bridge",
      "it has /var/run/docker.sock of its host at /run/engine",
      ...["PID", "IPC", "UTS"].map((name) => `it shares the ${name} namespace of its host or of another container`),
      "it has the added capabilities SYS_ADMIN",
      "it has the devices /dev/fuse",
    ];
    const [reason = ""] = problems["box"] ?? [];
    for (const one of reasons) assert.ok(reason.includes(one), `${one}\nis not in\n${reason}`);
    assert.match(reason, /^OC2402: Cannot import t\w+-exposed: /);
  });

  it("are refused where they are paused, with the command that helps", async () => {
    const id = await run();
    await backend.client.getContainer(id).pause();
    const { problems } = await programOf(id.slice(0, 12)).preview();
    assertLines(problems["box"] ?? [], [/: it is paused \(docker unpause t\w+-box\)\. /]);
    await backend.client.getContainer(id).unpause();
  });

  it("are refused where the program names another image, and not for the id of their own", async () => {
    await run();
    const { Id } = await backend.client.getImage(image).inspect();
    const reasonsFor = async (name: string) =>
      (await programOf(`${stack.prefix}-box`, { docker: { image: name } }).preview()).problems["box"];
    assert.equal(await reasonsFor(Id.slice(0, "sha256:".length + 12)), undefined);
    assertLines((await reasonsFor("debian:12")) ?? [], [/OC2403: .*docker\.image: the program has "debian:12"/]);
  });
});

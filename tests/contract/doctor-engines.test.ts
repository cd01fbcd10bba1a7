import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import type { Server } from "node:http";
import { join } from "node:path";
import { engine } from "../support/docker";
import { Doctor } from "../support/doctor";
import { startResponses } from "../support/engine-responses";

describe("openai-containers doctor, on Docker engines", () => {
  let doctor: Doctor;
  let servers: Server[];
  beforeEach(async () => {
    doctor = await Doctor.open();
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) server.close();
    await doctor.end();
  });

  /** Serves a second engine at the socket of rootless Podman. */
  async function secondEngine(changes: object): Promise<NodeJS.ProcessEnv> {
    const folder = join(doctor.state, "run");
    servers.push(await startResponses(join(folder, "podman/podman.sock"), changes));
    return { XDG_RUNTIME_DIR: folder };
  }

  it("prints each place in order with its outcome, the engine that is used and why, and each engine that responds", async () => {
    const host = await engine();
    const second = await secondEngine({ Name: "second" });
    const [exitCode, out, err] = await doctor.run([], { ...second, DOCKER_HOST: host.address });
    assert.deepEqual([exitCode, err], [0, ""]);
    const { product } = host.description;
    const places = out.split("\n").filter((line) => /^ {2}\S.* {2,}(\w+:\/\/.*: |none$|OC)/.test(line));
    assert.match(places[0] ?? "", /^ {2}DOCKER_HOST /);
    assert.ok(places[0]?.endsWith(`${host.address}: ${product}`), out);
    assert.match(out, /\n {2}DOCKER_CONTEXT +none\n {2}current context +none\n {2}Docker /);
    assert.match(out, /\n {2}rootless Docker +unix:\S+\/run\/docker\.sock: no socket\n/);
    assert.match(out, /\n {2}rootless Podman +unix:\S+\/podman\.sock: Docker Engine 28\.5\.2\n/);
    assert.ok(out.includes(`\nThe engine at ${host.address} is used: DOCKER_HOST names it. `), out);
    assert.ok(out.includes(`\n\n${product} (used)\n`), out);
    assert.ok(out.includes("\n\nDocker Engine 28.5.2\n"), out);
  });

  it("prints what an engine enforces, and what it does not with the code of the error that follows from it", async () => {
    const env = await secondEngine({
      MemoryLimit: false,
      SwapLimit: false,
      CgroupVersion: "1",
      SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless"],
      DefaultRuntime: "runsc",
      Runtimes: { runc: { path: "runc" }, runsc: { path: "/usr/local/bin/runsc" } },
    });
    const [, out] = await doctor.run([], { ...env, DOCKER_HOST: undefined, HOME: doctor.state });
    const block = `
Docker Engine 28.5.2
  address         unix://${doctor.state}/run/podman/podman.sock
  location        docker:engine
  API             1.51
  platform        linux/x86_64
  cgroups         version 1
  rootless        yes
  storage driver  overlay2
  runtimes        runc, runsc (default)
  memory limit    not enforced, so the engine is rejected (OC2219)
  swap limit      not enforced, so the engine is rejected (OC2219)
  process limit   enforced
  read-only root  enforced
  no network      enforced: a sandbox has loopback only, also with an allow list
  allow lists     not supported: OC2301: `;
    assert.ok(out.replace(" (used)", "").includes(block), out);
    assert.match(out, /\n {2}AF_VSOCK +denied to sandboxes\n/);
  });

  it("prints why what a setting names cannot be used, and that no other engine is used", async () => {
    const [exitCode, out, err] = await doctor.run([], { DOCKER_HOST: undefined, DOCKER_CONTEXT: "missing" });
    assert.deepEqual([exitCode, err], [0, ""]);
    assert.match(out, /\n {2}DOCKER_CONTEXT +OC2212: There is no Docker context "missing" \(from DOCKER_CONTEXT\)\. /);
    assert.match(out, /\nNo engine is used: DOCKER_CONTEXT decides, and what it names cannot be used\. /);
    assert.doesNotMatch(out, /\(used\)/);
  });

  it("prints what is wrong with an address that no client can use, as the outcome of its place", async () => {
    for (const address of ["tcp://127.0.0.1:99999", "tcp://127.0.0.1:abc", "http://", "tcp://exa mple:22"]) {
      const [exitCode, out, err] = await doctor.run([], { DOCKER_HOST: address });
      assert.deepEqual([exitCode, err], [0, ""]);
      const row = out.split("\n").find((line) => line.startsWith("  DOCKER_HOST "));
      assert.ok(row?.includes(`  OC2209: Unsupported Docker engine address "${address}" (from DOCKER_HOST): it`), out);
      assert.match(out, /\nNo engine is used: DOCKER_HOST decides, /);
    }
  });

  it("prints one block for an engine that responds at two addresses", async () => {
    const env = await secondEngine({});
    const [one, other] = [join(doctor.state, "run/podman/podman.sock"), join(doctor.state, "link.sock")];
    symlinkSync(one, other);
    const [, out] = await doctor.run([], { ...env, DOCKER_HOST: `unix://${other}` });
    assert.equal(out.match(/^Docker Engine 28\.5\.2 \(used\)$/gm)?.length, 1, out);
    assert.ok(out.includes(`  address         unix://${other}, unix://${one}\n`), out);
  });
});

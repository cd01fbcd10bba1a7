import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnreachableError } from "../../provider/backends/backend";
import { noEngine } from "../../provider/backends/docker/engine/discovery/no-engine";
import { survey } from "../../provider/backends/docker/engine/engine";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { startResponses } from "../support/engine-responses";
import { assertMatchesEntry } from "../support/matches-entry";

describe("survey", () => {
  const folder = mkdtempSync(join(tmpdir(), "survey-test-"));
  const socket = join(folder, "docker.sock");
  let server: Server;
  before(async () => {
    server = await startResponses(socket);
    writeFileSync(join(folder, "plain.sock"), "");
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function outcomes(env: NodeJS.ProcessEnv) {
    const sources = settingSources({ DOCKER_CONFIG: folder, XDG_RUNTIME_DIR: folder, ...env });
    const { attempts, decisive } = await survey(dockerSettings(sources));
    const texts = attempts.map(({ strategy, result }): [name: string, outcome: string] => [
      strategy.name,
      result instanceof UnreachableError ? result.code : (result?.description.product ?? "none"),
    ]);
    return { outcomes: new Map(texts), decisive: decisive?.strategy.name };
  }

  it("tries every place, and the one that a setting names decides", async () => {
    const found = await outcomes({ DOCKER_HOST: `unix://${socket}` });
    assert.equal(found.decisive, "DOCKER_HOST");
    assert.equal(found.outcomes.get("DOCKER_HOST"), "Docker Engine 28.5.2");
    assert.equal(found.outcomes.get("DOCKER_CONTEXT"), "none");
    assert.equal(found.outcomes.get("rootless Docker"), "Docker Engine 28.5.2");
    assert.equal(found.outcomes.get("rootless Podman"), "OC2202");
  });

  it("lets a setting decide that cannot be used, as the Docker client tries no other engine", async () => {
    for (const [env, name, code] of [
      [{ DOCKER_HOST: `unix://${folder}/plain.sock` }, "DOCKER_HOST", "OC2222"],
      [{ DOCKER_CONTEXT: "missing" }, "DOCKER_CONTEXT", "OC2212"],
    ] as const) {
      const found = await outcomes(env);
      assert.deepEqual([found.decisive, found.outcomes.get(name)], [name, code]);
      assert.equal(found.outcomes.get("rootless Docker"), "Docker Engine 28.5.2");
    }
  });

  it("returns no character of an engine that a terminal interprets, or that turns text around", async () => {
    const evil = "a\u001b[31m\u202eb";
    const changes = {
      ID: evil,
      Driver: evil,
      Architecture: evil,
      DefaultRuntime: evil,
      Runtimes: { [evil]: { path: evil } },
    };
    const hostile = await startResponses(join(folder, "hostile.sock"), changes);
    try {
      const env = { DOCKER_CONFIG: folder, DOCKER_HOST: `unix://${folder}/hostile.sock` };
      const { decisive } = await survey(dockerSettings(settingSources(env)));
      const engine = decisive?.result;
      assert.ok(engine && !(engine instanceof UnreachableError));
      const { location, runtime, runtimes, description } = engine;
      const texts = [location, runtime, ...runtimes.keys(), ...runtimes.values(), ...Object.values(description)];
      assert.doesNotMatch(texts.join(), /\p{C}/u);
      assert.equal(location, "docker:a [31m b");
    } finally {
      hostile.close();
    }
  });

  it("lets the first engine at a usual socket decide without a setting", async () => {
    const { decisive, outcomes: found } = await outcomes({});
    const first = [...found].find(([, outcome]) => /^(Docker Engine|Podman) /.test(outcome));
    assert.equal(decisive, first?.[0]);
  });
});

describe("noEngine", () => {
  const missing = (address: string) => ({
    address,
    error: new UnreachableError("OC2202", `There is no Docker engine at ${address}`, "Start the engine"),
  });

  it("lists the usual sockets where none exists", () => {
    const { message } = noEngine([missing("unix:///a.sock"), missing("unix:///b.sock")]);
    assertMatchesEntry(message, "OC2201");
    assert.ok(message.includes("(unix:///a.sock, unix:///b.sock)"), message);
  });

  it("has the reason for each socket that exists, with the code and the advice of the first", () => {
    const denied = new UnreachableError("OC2204", "Permission denied at unix:///b.sock", "Join the docker group");
    const refused = new UnreachableError("OC2203", "Connection refused at unix:///c.sock", "Start the engine");
    const failures = [
      missing("unix:///a.sock"),
      { address: "unix:///b.sock", error: denied },
      { address: "unix:///c.sock", error: refused },
    ];
    assert.equal(
      noEngine(failures).message,
      "OC2204: Permission denied at unix:///b.sock; Connection refused at unix:///c.sock. Join the docker group.",
    );
  });
});

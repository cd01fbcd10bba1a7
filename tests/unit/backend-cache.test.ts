import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { BackendError } from "../../provider/backends/backend";
import { readSettings, type Settings } from "../../provider/backends/settings";
import type { SettingSources } from "../../provider/config";
import { BackendCache } from "../../provider/data-sources/backend-cache";
import { backendFailure } from "../support/backend-failure";
import { rejectingBackend } from "../support/rejecting-backend";

describe("the backends of data sources", () => {
  let opened: string[];
  let failures: number;
  beforeEach(() => {
    opened = [];
    failures = 0;
  });
  const open = async (name: string) => {
    opened.push(name);
    if (failures-- > 0) throw new BackendError("OC2010", "It is down", "Wait");
    return { ...rejectingBackend };
  };
  class Configured {
    constructor(
      readonly name: string,
      readonly host: string | undefined,
    ) {}
    connectionWarnings() {
      return [];
    }
    open() {
      return open(this.name);
    }
  }
  const kind = (name: string) => ({
    configured: ({ env }: SettingSources) => new Configured(name, env["DOCKER_HOST"]),
  });
  const kinds = { docker: kind("docker"), openai: kind("openai") };
  const cache = (ttlMs: number) => new BackendCache(ttlMs);
  const settings = (env: NodeJS.ProcessEnv = {}): Settings => readSettings(env, () => undefined, kinds);

  it("are opened once for all calls within the time to live", async () => {
    const backends = cache(60_000);
    const [first, second] = await Promise.all([
      backends.get("docker", settings()),
      backends.get("docker", settings()),
      backends.get("openai", settings()),
    ]);
    assert.equal(first, second);
    assert.deepEqual(opened, ["docker", "openai"]);
  });

  it("are opened anew by a later call, which returns the live state", async () => {
    const backends = cache(20);
    const first = await backends.get("docker", settings());
    await sleep(30);
    assert.notEqual(await backends.get("docker", settings()), first);
  });

  it("are opened anew with other settings", async () => {
    const backends = cache(60_000);
    await backends.get("docker", settings({ DOCKER_HOST: "unix:///a" }));
    await backends.get("docker", settings({ DOCKER_HOST: "unix:///b" }));
    assert.deepEqual(opened, ["docker", "docker"]);
  });

  it("are opened anew after a failure", async () => {
    const backends = cache(60_000);
    failures = 1;
    assert.equal(await backendFailure(() => backends.get("docker", settings())), "OC2010: It is down. Wait.");
    await backends.get("docker", settings());
    assert.deepEqual(opened, ["docker", "docker"]);
  });

  it("fail to open for an unknown name, and name the argument or the setting that it came from", async () => {
    const unknown = /^OC1007: There is no backend "podman"\. It must be docker or openai\. Correct /;
    const byArgument = await backendFailure(() => cache(1).get("podman", settings()));
    assert.match(byArgument, unknown);
    assert.match(byArgument, /Correct the argument backend; or, if a newer release created the container, upgrade/);
    const source = "openai-containers:backend";
    const bySetting = await backendFailure(() =>
      cache(1).get("podman", { ...settings(), backend: { value: "podman", source } }),
    );
    assert.match(bySetting, unknown);
    assert.match(bySetting, /Correct the setting openai-containers:backend; or/);
  });
});

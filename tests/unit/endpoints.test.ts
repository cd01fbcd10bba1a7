import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { UnreachableError } from "../../provider/backends/backend";
import type { Endpoint } from "../../provider/backends/docker/engine/discovery/endpoint";
import { endpoints } from "../../provider/backends/docker/engine/discovery/strategies";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { assertMatchesEntry } from "../support/matches-entry";

let folder: string;

/** Stores a context as the Docker client does; returns the folder of its certificates. */
function writeContext(name: string, endpoint: { Host: string; SkipTLSVerify?: boolean }, files: string[] = []): string {
  const hash = createHash("sha256").update(name).digest("hex");
  const meta = join(folder, "contexts/meta", hash);
  const tls = join(folder, "contexts/tls", hash, "docker");
  for (const path of [meta, tls]) mkdirSync(path, { recursive: true });
  writeFileSync(join(meta, "meta.json"), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker: endpoint } }));
  for (const file of files) writeFileSync(join(tls, file), "");
  return tls;
}

function found(env: NodeJS.ProcessEnv, config: Record<string, string> = {}): Endpoint[] {
  return endpoints(dockerSettings(settingSources({ DOCKER_CONFIG: folder, ...env }, (key) => config[key])));
}

describe("endpoints", () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "endpoints-test-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("prefers the environment to the stack's configuration, that to the Docker client's, and that to the default sockets", () => {
    for (const name of ["env", "config", "current"]) writeContext(name, { Host: `unix:///${name}.sock` });
    writeFileSync(join(folder, "config.json"), JSON.stringify({ auths: {}, currentContext: "current" }));
    const env: NodeJS.ProcessEnv = { DOCKER_HOST: "tcp://env:2375", DOCKER_CONTEXT: "env" };
    const config: Record<string, string> = {
      "openai-containers:dockerHost": "tcp://config:2375",
      "openai-containers:dockerContext": "config",
    };

    assert.deepEqual(found(env, config), [{ address: "tcp://env:2375", source: "DOCKER_HOST" }]);
    delete env["DOCKER_HOST"];
    assert.deepEqual(found(env, config), [{ address: "unix:///env.sock", source: "context env" }]);
    delete env["DOCKER_CONTEXT"];
    assert.deepEqual(found(env, config), [{ address: "tcp://config:2375", source: "openai-containers:dockerHost" }]);
    delete config["openai-containers:dockerHost"];
    assert.deepEqual(found(env, config), [{ address: "unix:///config.sock", source: "context config" }]);
    delete config["openai-containers:dockerContext"];
    assert.deepEqual(found(env, config), [{ address: "unix:///current.sock", source: "context current" }]);
    rmSync(join(folder, "config.json"));
    for (const { source } of found(env, config)) assert.equal(source, undefined);
  });

  it("ignores an empty variable", () => {
    const config = { "openai-containers:dockerHost": "tcp://config:2375" };
    assert.equal(found({ DOCKER_HOST: "", DOCKER_CONTEXT: "" }, config)[0]?.address, "tcp://config:2375");
  });

  it("returns the default sockets of the common engines, the system's Docker first", () => {
    const home = homedir();
    assert.deepEqual(
      found({ XDG_RUNTIME_DIR: "/run/user/7" }).map(({ address }) => address),
      [
        "unix:///var/run/docker.sock",
        "unix:///run/user/7/docker.sock",
        `unix://${home}/.docker/run/docker.sock`,
        `unix://${home}/.docker/desktop/docker.sock`,
        `unix://${home}/.colima/default/docker.sock`,
        `unix://${home}/.config/colima/default/docker.sock`,
        `unix://${home}/.rd/docker.sock`,
        `unix://${home}/.orbstack/run/docker.sock`,
        "unix:///run/user/7/podman/podman.sock",
        "unix:///run/podman/podman.sock",
        `unix://${home}/.local/share/containers/podman/machine/podman.sock`,
      ],
    );
    const colima = found({ COLIMA_HOME: "/colima" }).filter(({ address }) => address.includes("colima"));
    assert.deepEqual(colima, [{ address: "unix:///colima/default/docker.sock" }]);
  });

  it("returns the default sockets for the context default, from any setting", () => {
    const defaults = found({});
    assert.deepEqual(
      found({ DOCKER_CONTEXT: "default" }, { "openai-containers:dockerHost": "tcp://config" }),
      defaults,
    );
    assert.deepEqual(found({}, { "openai-containers:dockerContext": "default" }), defaults);
    writeFileSync(join(folder, "config.json"), JSON.stringify({ currentContext: "default" }));
    assert.deepEqual(found({}), defaults);
  });

  it("throws for a Docker configuration that it cannot parse, without quoting it", () => {
    const file = join(folder, "config.json");
    for (const [content, reason] of [
      ["{", "it is not valid JSON"],
      ['{ "auth": hunter2 }', "it is not valid JSON"],
      ['{ "currentContext": 1 }', "currentContext must be a string"],
    ] as const) {
      writeFileSync(file, content);
      assert.throws(
        () => found({}),
        (error: Error) => {
          assert.ok(error instanceof UnreachableError);
          assertMatchesEntry(error.message, "OC2211");
          assert.ok(error.message.includes(`from ${file}: ${reason}. `), error.message);
          assert.match(error.message, /Repair that file, or set DOCKER_HOST or DOCKER_CONTEXT\.$/);
          assert.ok(!`${error.message} ${error.cause}`.includes("hunter2"));
          return true;
        },
      );
      assert.equal(found({ DOCKER_HOST: "tcp://127.0.0.1:2375" })[0]?.address, "tcp://127.0.0.1:2375");
    }
  });

  it("finds a context in Docker Desktop's folder", () => {
    const meta = join(folder, "contexts/meta/fe9c6bd7a66301f49ca9b6a70b217107cd1284598bfc254700c989b916da791e");
    mkdirSync(meta, { recursive: true });
    const endpoint = { Host: "unix:///home/me/.docker/desktop/docker.sock", SkipTLSVerify: false };
    writeFileSync(join(meta, "meta.json"), JSON.stringify({ Name: "desktop-linux", Endpoints: { docker: endpoint } }));
    assert.equal(found({ DOCKER_CONTEXT: "desktop-linux" })[0]?.address, endpoint.Host);
  });

  it("returns the certificates of a context", () => {
    const address = "tcp://10.1.2.3:2376";
    const source = "context remote";
    const tls = writeContext("remote", { Host: address, SkipTLSVerify: false }, ["ca.pem", "cert.pem", "key.pem"]);
    const env = { DOCKER_CONTEXT: "remote" };
    assert.deepEqual(found(env), [{ address, source, tls: { folder: tls, verify: true } }]);
    writeContext("remote", { Host: address, SkipTLSVerify: true });
    assert.deepEqual(found(env), [{ address, source, tls: { folder: tls, verify: false } }]);
    writeContext("trusting", { Host: address, SkipTLSVerify: true });
    const bare = found({ DOCKER_CONTEXT: "trusting" })[0]?.tls;
    assert.equal(bare?.verify, false);
    writeContext("bare", { Host: address });
    assert.deepEqual(found({ DOCKER_CONTEXT: "bare" }), [{ address, source: "context bare" }]);
    // A missing file is an error later: without TLS, the connection would be another than the configured one.
    writeContext("incomplete", { Host: address }, ["cert.pem"]);
    assert.equal(found({ DOCKER_CONTEXT: "incomplete" })[0]?.tls?.verify, true);
  });

  it("names the setting of a context that does not exist", () => {
    const config = { "openai-containers:dockerContext": "nope" };
    writeFileSync(join(folder, "config.json"), JSON.stringify({ currentContext: "nope" }));
    const current = `the current context in ${join(folder, "config.json")}`;
    const calls: [call: () => unknown, source: string][] = [
      [() => found({ DOCKER_CONTEXT: "nope" }), "DOCKER_CONTEXT"],
      [() => found({}, config), "openai-containers:dockerContext"],
      [() => found({}), current],
    ];
    for (const [call, source] of calls) {
      assert.throws(call, (error) => {
        assert.ok(error instanceof UnreachableError);
        assert.ok(
          error.message.startsWith(`OC2212: There is no Docker context "nope" (from ${source}). `),
          error.message,
        );
        return true;
      });
    }
  });

  it("throws for a context whose meta.json it cannot use, and names the file", () => {
    for (const [content, reason] of [
      ["{", "it is not valid JSON"],
      ['{ "Endpoints": { "kubernetes": {} } }', "it has no Docker endpoint"],
    ] as const) {
      writeContext("broken", { Host: "unix:///x.sock" });
      const file = join(folder, "contexts/meta", createHash("sha256").update("broken").digest("hex"), "meta.json");
      writeFileSync(file, content);
      assert.throws(
        () => found({ DOCKER_CONTEXT: "broken" }),
        (error: Error) => {
          assertMatchesEntry(error.message, "OC2501");
          assert.ok(error.message.includes(`"broken" (from DOCKER_CONTEXT) from ${file}: ${reason}. `), error.message);
          return error instanceof UnreachableError;
        },
      );
    }
  });

  it("refuses an address with a user name or a password, without quoting it", () => {
    writeContext("leaky", { Host: "tcp://u:hunter2@10.1.2.3:2376" });
    const config = { "openai-containers:dockerHost": "https://hunter2@10.1.2.3" };
    const calls: [call: () => unknown, source: string][] = [
      [() => found({ DOCKER_HOST: "tcp://u:hunter2@127.0.0.1:1" }), "DOCKER_HOST"],
      [() => found({ DOCKER_HOST: "u:hunter2@127.0.0.1:1" }), "DOCKER_HOST"],
      [() => found({ DOCKER_HOST: "tcp://u:hunter2/@x@127.0.0.1:1" }), "DOCKER_HOST"],
      [() => found({ DOCKER_HOST: "ssh://u:hunter2@127.0.0.1" }), "DOCKER_HOST"],
      [() => found({}, config), "openai-containers:dockerHost"],
      [() => found({ DOCKER_CONTEXT: "leaky" }), "context leaky"],
    ];
    for (const [call, source] of calls) {
      assert.throws(call, (error: Error) => {
        assert.ok(error instanceof UnreachableError);
        assertMatchesEntry(error.message, "OC2223");
        assert.ok(error.message.includes(`(from ${source})`), error.message);
        assert.ok(!inspect(error).includes("hunter2"));
        return true;
      });
    }
    for (const address of ["unix:///home/me@work/docker.sock", "ssh://me@10.1.2.3"])
      assert.equal(found({ DOCKER_HOST: address })[0]?.address, address);
  });

  it("uses TLS with DOCKER_HOST where DOCKER_TLS_VERIFY is set", () => {
    const env = { DOCKER_HOST: "tcp://10.1.2.3:2376", DOCKER_CERT_PATH: "/certs" };
    assert.deepEqual(found(env)[0]?.tls, undefined);
    assert.deepEqual(found({ ...env, DOCKER_TLS_VERIFY: "1" })[0]?.tls, { folder: "/certs", verify: true });
    const { DOCKER_CERT_PATH: _, ...withoutPath } = env;
    assert.deepEqual(found({ ...withoutPath, DOCKER_TLS_VERIFY: "1" })[0]?.tls, { folder, verify: true });
  });
});

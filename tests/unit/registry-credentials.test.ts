import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findCredentials } from "../../provider/backends/docker/images/credentials";
import { DockerConfig, storedLogin } from "../support/docker-config";
import { assertMatchesEntry } from "../support/matches-entry";

const registry = "registry.example.com:5000";
const hub = "https://index.docker.io/v1/";
const canary = "canary-password";
const auth = storedLogin("user", canary);
const login = { serveraddress: registry, username: "user", password: canary };

describe("findCredentials", () => {
  let config: DockerConfig;
  beforeEach(() => {
    config = new DockerConfig();
  });
  afterEach(() => config.remove());

  const find = (of = registry, authConfig?: string, timeoutMs = 60_000) =>
    findCredentials(of, { configFolder: config.folder, authConfig }, timeoutMs);
  const failure = (timeoutMs?: number) =>
    find(registry, undefined, timeoutMs).then(
      () => assert.fail("did not fail"),
      (error: Error) => error.message,
    );

  it("finds none without a configuration, and where it has none for the registry", async () => {
    assert.equal(await find(), undefined);
    for (const written of [{}, { auths: null }, { auths: { "registry.example.com": auth }, credHelpers: {} }]) {
      config.write(written);
      assert.equal(await find(), undefined);
    }
  });

  it("reads a login from the file, whose password may have colons", async () => {
    config.write({ auths: { [registry]: storedLogin("user", "a:b") } });
    assert.deepEqual(await find(), { auth: { ...login, password: "a:b" }, source: config.file });
  });

  it("reads the tokens that a registry gave, and a name and password in clear", async () => {
    for (const stored of [{ identitytoken: "t" }, { registrytoken: "t" }, { username: "user", password: canary }]) {
      config.write({ auths: { [registry]: stored } });
      assert.deepEqual((await find())?.auth, { serveraddress: registry, ...stored });
    }
  });

  it("finds a login that an older client stored by an address, after one by the registry's name", async () => {
    const stored = { [`https://${registry}/v1/`]: auth };
    config.write({ auths: stored });
    assert.deepEqual((await find())?.auth, login);
    config.write({ auths: { ...stored, [registry]: storedLogin("user", "newer") } });
    assert.deepEqual((await find())?.auth, { ...login, password: "newer" });
  });

  it("reads Docker Hub's login by Docker Hub's old address", async () => {
    config.write({ auths: { [hub]: auth } });
    assert.deepEqual((await find("docker.io"))?.auth, { ...login, serveraddress: hub });
  });

  it("takes a login in DOCKER_AUTH_CONFIG before the file's", async () => {
    config.write({ auths: { [registry]: storedLogin("user", "of the file") } });
    const variable = JSON.stringify({ auths: { [registry]: auth } });
    assert.deepEqual(await find(registry, variable), { auth: login, source: "DOCKER_AUTH_CONFIG" });
    assert.equal((await find(registry, "{}"))?.source, config.file);
    await assert.rejects(find(registry, `{"auths": "${canary}`), (error: Error) => {
      assertMatchesEntry(error.message, "OC2610");
      return error.message.includes("from DOCKER_AUTH_CONFIG: it is not valid JSON") && !error.message.includes(canary);
    });
  });

  const prints = (username: string, secret: string) =>
    `read key; test "$1" = get && printf '{"ServerURL":"%s","Username":"${username}","Secret":"${secret}"}' "$key"`;

  it("asks the helper of the registry, or else the store of all, by the registry's name", async () => {
    config.helper("one", prints("user", canary));
    config.helper("all", `read key; printf '{"Username":"user","Secret":"%s"}' "$key"`);
    config.write({ auths: { [registry]: {} }, credHelpers: { [registry]: "one" }, credsStore: "all" });
    assert.deepEqual(await find(), { auth: login, source: "docker-credential-one" });
    assert.deepEqual(await find("docker.io"), {
      auth: { serveraddress: hub, username: "user", password: hub },
      source: "docker-credential-all",
    });
  });

  it("reads the file for a registry whose helper is empty", async () => {
    config.write({ auths: { [registry]: auth }, credHelpers: { [registry]: "" }, credsStore: "all" });
    assert.equal((await find())?.source, config.file);
  });

  it("takes the secret of a helper for an identity token where it says so", async () => {
    config.helper("all", prints("<token>", canary));
    config.write({ credsStore: "all" });
    assert.deepEqual((await find())?.auth, { serveraddress: registry, identitytoken: canary });
  });

  it("finds none where the helper has none", async () => {
    config.write({ auths: { [registry]: auth }, credsStore: "all" });
    for (const script of ["echo credentials not found in native keychain; exit 1", prints("", "")]) {
      config.helper("all", script);
      assert.equal(await find(), undefined);
    }
  });

  const broken: [what: string, script: string, reason: string][] = [
    ["fails", `echo ${canary}; echo ${canary} >&2; exit 3`, "it failed with exit code 3"],
    ["is killed", `echo ${canary}; kill -9 $$`, "it was ended by SIGKILL"],
    ["prints no JSON", `echo ${canary}`, "its output is not the JSON of a credential helper"],
    ["prints other JSON", `echo '{"Username":"user","Password":"${canary}"}'`, "its output is not the JSON"],
    ["prints without end", `yes ${canary}`, "its output is too long"],
  ];
  for (const [what, script, reason] of broken) {
    it(`names a helper that ${what}, without its output`, async () => {
      config.helper("all", script);
      config.write({ credsStore: "all" });
      const message = await failure();
      assertMatchesEntry(message, "OC2611");
      assert.ok(
        message.includes(
          `docker-credential-all (from ${config.file}) has no answer for the registry ${registry}: ${reason}`,
        ),
        message,
      );
      assert.match(
        message,
        /\. Check it with `docker-credential-all list`, .*`docker login registry\.example\.com:5000`/,
      );
      assert.ok(!message.includes(canary), message);
    });
  }

  it("names a helper that is missing", async () => {
    config.write({ credsStore: "openai-containers-test" });
    assert.match(await failure(), /^OC2611: .*docker-credential-openai-containers-test .* no such program in PATH\./);
  });

  it("names a helper that is not executable", async () => {
    config.helper("all", "");
    chmodSync(`${config.folder}/programs/docker-credential-all`, 0o644);
    config.write({ credsStore: "all" });
    assert.match(await failure(), /^OC2611: .* it is not executable\./);
  });

  it("names a helper that hangs, and waits no longer for what it has started", async () => {
    const started = join(config.folder, "pid");
    config.helper("all", `sleep 600 & echo $! > "${started}"; wait`);
    config.write({ credsStore: "all" });
    assert.match(await failure(1_000), /^OC2611: .* it did not respond in 1 s\./);
    process.kill(Number(readFileSync(started, "utf8")));
  });

  const unreadable: [what: string, written: object | string, reason: string][] = [
    ["is no JSON", `{"auths": ${canary}`, "it is not valid JSON"],
    ["is a list", [canary], "its content: "],
    ["has a number for a login", { auths: { [registry]: { auth: 5 } } }, `auths.${registry}.auth: `],
    [
      "has a path for a helper",
      { credsStore: `../${canary}` },
      "credsStore: it is not the name of a credential helper. ",
    ],
  ];
  for (const [what, written, reason] of unreadable) {
    it(`names a file that ${what}, without its content`, async () => {
      config.write(written);
      const message = await failure();
      assertMatchesEntry(message, "OC2610");
      assert.ok(message.includes(`from ${config.file}: ${reason}`), message);
      assert.ok(!message.includes(canary), message);
    });
  }

  it("names the registry whose login in the file is not in base64", async () => {
    config.write({ auths: { [registry]: { auth: canary } } });
    const message = await failure();
    assertMatchesEntry(message, "OC2610");
    assert.ok(message.includes(`${config.file} (auths, "${registry}"): its auth is not the base64 of user:password`));
    assert.ok(!message.includes(canary), message);
  });
});

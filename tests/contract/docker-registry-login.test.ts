import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Report } from "../../provider/backends/backend";
import { connect, type Engine } from "../../provider/backends/docker/engine/engine";
import { ensureImage } from "../../provider/backends/docker/images/ensure";
import { dockerSettings } from "../../provider/backends/docker/settings";
import { settingSources } from "../../provider/config";
import { debugLinesOf } from "../support/debug-lines";
import { image } from "../support/docker";
import { DockerConfig, storedLogin } from "../support/docker-config";
import { assertMatchesEntry } from "../support/matches-entry";
import { type Registry, startRegistry } from "../support/registry";
import { silent } from "../support/silent";

for (const scheme of ["Basic", "Bearer"] as const) {
  describe(`a pull from a registry with a login (${scheme})`, () => {
    const login = { scheme, username: "user", password: `canary-${randomBytes(8).toString("hex")}` };
    let config: DockerConfig;
    let host: Engine;
    let registry: Registry;
    let warnings: string[];
    const report: Report = { ...silent, warning: (code, text) => void warnings.push(`${code}: ${text}`) };

    beforeEach(async () => {
      warnings = [];
      config = new DockerConfig();
      // The engine of the environment, whatever its Docker client is configured for.
      const { address } = await connect(dockerSettings(settingSources(process.env)));
      host = await connect(dockerSettings(settingSources({ DOCKER_CONFIG: config.folder, DOCKER_HOST: address })));
      registry = await startRegistry({ login });
    });
    afterEach(async () => {
      registry.stop();
      const pulled = await host.client.listImages({ filters: { reference: [registry.image] } });
      for (const { Id } of pulled) await host.client.getImage(Id).remove({ force: true });
      config.remove();
    });

    const failure = async () => {
      const error: Error = await ensureImage(host, registry.image, report).then(
        () => assert.fail("did not fail"),
        (thrown: Error) => thrown,
      );
      assert.ok(!error.message.includes(login.password), error.message);
      return error.message;
    };
    const stored = (password: string) => ({ [registry.host]: storedLogin(login.username, password) });

    it("takes the login from the Docker client's file, and writes none of it to the debug log", async () => {
      config.write({ auths: stored(login.password) });
      const lines = await debugLinesOf(() => ensureImage(host, registry.image, report));
      await host.client.getImage(registry.image).inspect();
      assert.ok(lines.some((line) => / POST \/images\/create/.test(line)));
      const { auth } = storedLogin(login.username, login.password);
      for (const secret of [login.password, auth]) assert.ok(!lines.join("\n").includes(secret));
    });

    it("takes the login from a credential helper", async () => {
      config.helper(
        "test",
        `read key; test "$key" = ${registry.host} && echo '{"Username":"${login.username}","Secret":"${login.password}"}'`,
      );
      config.write({ auths: { [registry.host]: {} }, credsStore: "test" });
      await ensureImage(host, registry.image, report);
      await host.client.getImage(registry.image).inspect();
      assert.deepEqual(warnings, []);
    });

    it("is denied without a login, and says where one was looked for and how to log in", async () => {
      const message = await failure();
      assertMatchesEntry(message, "OC2601");
      assert.ok(message.includes(`without credentials (none for it are in ${config.file}): `), message);
      assert.ok(message.includes(`Run \`docker login ${registry.host}\` `), message);
    });

    it("is denied with a wrong login, and says where that is from", async () => {
      config.write({ auths: stored("canary-wrong") });
      const message = await failure();
      assertMatchesEntry(message, "OC2602");
      assert.ok(message.includes(` with the credentials from ${config.file}: `), message);
      assert.doesNotMatch(message, /canary/);
    });

    const unusable: [what: string, written: () => object, code: "OC2610" | "OC2611"][] = [
      ["the helper is missing", () => ({ credsStore: "openai-containers-test" }), "OC2611"],
      ["its entry is broken", () => ({ auths: { [registry.host]: { auth: "canary" } } }), "OC2610"],
    ];
    for (const [what, written, code] of unusable) {
      it(`goes on without a login where ${what}, and a denial refers to the warning that says so`, async () => {
        config.write(written());
        const message = await failure();
        assertMatchesEntry(message, "OC2601");
        assert.match(message, / without credentials \(those for it cannot be used, as a warning says\): /);
        assert.equal(warnings.length, 1);
        assertMatchesEntry(warnings[0] ?? "", code);
      });
    }

    it("looks for no login where the engine has the image", async () => {
      config.helper("test", "exit 1");
      config.write({ credsStore: "test" });
      await ensureImage(host, image, report);
      assert.deepEqual(warnings, []);
      await failure();
      assert.match(warnings[0] ?? "", /docker-credential-test .* failed with exit code 1/);
    });
  });
}

describe("a pull from a registry without a login", () => {
  it("works where the Docker client's file is broken, which a warning names", async () => {
    const config = new DockerConfig();
    const registry = await startRegistry();
    const warnings: string[] = [];
    const { address } = await connect(dockerSettings(settingSources(process.env)));
    const host = await connect(dockerSettings(settingSources({ DOCKER_CONFIG: config.folder, DOCKER_HOST: address })));
    try {
      config.write("{");
      await ensureImage(host, registry.image, { ...silent, warning: (code) => void warnings.push(code) });
      assert.deepEqual(warnings, ["OC2610"]);
      assert.deepEqual(registry.authorizations, []);
      await host.client.getImage(registry.image).remove();
    } finally {
      registry.stop();
      config.remove();
    }
  });
});

import assert from "node:assert/strict";
import { backendKinds } from "../../provider/backends";
import { isUnencrypted } from "../../provider/backends/unencrypted-address";
import { readSettings } from "../../provider/config";

describe("isUnencrypted", () => {
  it("is true without TLS to another host only", () => {
    for (const address of ["http://api.example/v1", "http://10.0.0.1:8080", "tcp://docker:2375", "http://[fd00::1]/"])
      assert.equal(isUnencrypted(address), true, address);
    for (const address of [
      ...[
        "https://api.example/v1",
        "http://localhost:8080/v1",
        "http://127.0.0.2",
        "http://[::1]:1",
        "http://a.localhost",
      ],
      ...["tcp://127.0.0.1:2375", "unix:///var/run/docker.sock", "npipe:////./pipe/docker", "ssh://host", "nonsense"],
    ])
      assert.equal(isUnencrypted(address), false, address);
    for (const address of ["http://localhost.example", "http://127.0.0.1.example", "http://127.example"])
      assert.equal(isUnencrypted(address), true, address);
  });
});

describe("connectionWarnings", () => {
  const warningsOf = (env: NodeJS.ProcessEnv, backend: "docker" | "openai") =>
    backendKinds[backend].connectionWarnings(readSettings({ DOCKER_CONFIG: "/nowhere", ...env }, () => undefined));

  it("warn of an unencrypted connection, what it exposes and what to do", () => {
    assert.deepEqual(warningsOf({ OPENAI_BASE_URL: "http://gateway.example/v1" }, "openai"), [
      "what is sent to the API at http://gateway.example (OPENAI_BASE_URL) is not encrypted: whoever is on the way can read the API key and domain secrets. Use https://",
    ]);
    assert.deepEqual(warningsOf({ DOCKER_HOST: "tcp://docker:2375" }, "docker"), [
      "what is sent to the Docker engine at tcp://docker:2375 (DOCKER_HOST) is not encrypted: whoever is on the way can read domain secrets, and use the engine. Set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or forward its socket by ssh",
    ]);
  });

  it("are empty for encrypted and local connections", () => {
    assert.deepEqual(warningsOf({}, "openai"), []);
    assert.deepEqual(warningsOf({ OPENAI_BASE_URL: "http://127.0.0.1:1/v1" }, "openai"), []);
    assert.deepEqual(warningsOf({}, "docker"), []);
    assert.deepEqual(warningsOf({ DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1" }, "docker"), []);
  });
});

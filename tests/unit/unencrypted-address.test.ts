import assert from "node:assert/strict";
import { backendKinds } from "../../provider/backends";
import { isUnencrypted } from "../../provider/backends/unencrypted-address";
import { coded } from "../../provider/codes";
import { settingSources } from "../../provider/config";

describe("isUnencrypted", () => {
  it("is true without TLS to another host", () => {
    for (const address of [
      "http://api.example.com/v1",
      "http://10.0.0.1:8080",
      "tcp://docker:2375",
      "http://[fd00::1]/",
    ])
      assert.equal(isUnencrypted(address), true, address);
    for (const address of [
      ...[
        "https://api.example.com/v1",
        "http://localhost:8080/v1",
        "http://127.0.0.2",
        "http://[::1]:1",
        "http://a.localhost",
      ],
      ...["tcp://127.0.0.1:2375", "unix:///var/run/docker.sock", "npipe:////./pipe/docker", "ssh://host", "nonsense"],
    ])
      assert.equal(isUnencrypted(address), false, address);
    for (const address of ["http://localhost.example.com", "http://127.0.0.1.example.com", "http://127.example.com"])
      assert.equal(isUnencrypted(address), true, address);
  });
});

describe("the warning about an unencrypted connection", () => {
  const warnings = (env: NodeJS.ProcessEnv, backend: "docker" | "openai") =>
    backendKinds[backend]
      .configured(settingSources({ DOCKER_CONFIG: "/nowhere", ...env }))
      .connectionWarnings()
      .map(({ code, text }) => coded(code, text));

  it("names the address, what can be read there and what to do", () => {
    assert.deepEqual(warnings({ OPENAI_BASE_URL: "http://gateway.example.com/v1" }, "openai"), [
      "OC1010: the connection to the API at http://gateway.example.com (OPENAI_BASE_URL) is not encrypted: anyone on the network path can read the API key and domain secrets. Use an https:// address",
    ]);
    assert.deepEqual(warnings({ DOCKER_HOST: "tcp://docker:2375" }, "docker"), [
      "OC1011: the connection to the Docker engine at tcp://docker:2375 (DOCKER_HOST) is not encrypted: anyone on the network path can read domain secrets and control the engine. Set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or use an ssh:// address",
    ]);
  });

  it("is not given for TLS, this host and sockets", () => {
    assert.deepEqual(warnings({}, "openai"), []);
    assert.deepEqual(warnings({ OPENAI_BASE_URL: "http://127.0.0.1:1/v1" }, "openai"), []);
    assert.deepEqual(warnings({}, "docker"), []);
    assert.deepEqual(warnings({ DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS_VERIFY: "1" }, "docker"), []);
  });
});

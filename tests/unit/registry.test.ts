import assert from "node:assert/strict";
import { credentialsKey, loginCommand, registryOf } from "../../provider/backends/docker/images/registry";

describe("registryOf", () => {
  const references: [reference: string, registry: string][] = [
    ["python", "docker.io"],
    ["python:3.12", "docker.io"],
    ["team/image", "docker.io"],
    ["docker.io/library/python", "docker.io"],
    ["index.docker.io/library/python", "docker.io"],
    ["registry.example.com/image", "registry.example.com"],
    ["registry.example.com:5000/team/image:1", "registry.example.com:5000"],
    ["localhost/image", "localhost"],
    ["localhost:5000/image", "localhost:5000"],
    ["host:5000/image", "host:5000"],
    ["[::1]:5000/image", "[::1]:5000"],
    ["Registry/image", "Registry"],
    [`registry.example.com/image@sha256:${"0".repeat(64)}`, "registry.example.com"],
  ];
  for (const [reference, registry] of references) {
    it(`finds ${registry} for ${reference.slice(0, 50)}`, () => assert.equal(registryOf(reference), registry));
  }
});

describe("the name of a registry", () => {
  it("is Docker Hub's old address where its credentials are stored, and none where a user logs in", () => {
    assert.equal(credentialsKey("docker.io"), "https://index.docker.io/v1/");
    assert.equal(loginCommand("docker.io"), "docker login");
  });

  it("is its host and port otherwise", () => {
    assert.equal(credentialsKey("localhost:5000"), "localhost:5000");
    assert.equal(loginCommand("localhost:5000"), "docker login localhost:5000");
  });
});

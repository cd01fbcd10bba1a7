import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { backendKinds } from "../../provider/backends";
import type { Warning } from "../../provider/backends/backend";
import { wideningsOf } from "../../provider/backends/docker/allowlist/rules/warnings";
import { readSettings } from "../../provider/backends/settings";
import { coded } from "../../provider/codes";
import type { Setting } from "../../provider/config";
import { type Checked, check } from "../../provider/lifecycle/check";
import { at, unknownValue } from "../../provider/model/unknowns";

const docker = { value: "docker", source: "openai-containers:backend" };

interface Options {
  recorded?: Record<string, unknown>;
  setting?: Setting;
}

function checked(written: Record<string, unknown>, { recorded = {}, setting = docker }: Options = {}): Checked {
  return check(recorded, written, {
    order: recorded,
    secretArguments: [],
    defaultBackend: setting,
    kinds: backendKinds,
  });
}

describe("check", () => {
  it("fills in every default", () => {
    assert.deepEqual(checked({ __urn: "urn:a" }), {
      inputs: {
        memoryLimit: "1g",
        networkPolicy: { type: "disabled" },
        expiresAfter: { anchor: "last_active_at", minutes: 20 },
        backend: "docker",
        docker: { image: "python:3.11-slim-bookworm" },
        __urn: "urn:a",
      },
      problems: [],
      warnings: [],
    });
  });

  it("takes the backend of the setting where the program sets none", () => {
    const setting = { value: "openai", source: "the default" };
    const { inputs, problems } = checked({}, { setting });
    assert.equal(inputs["backend"], "openai");
    assert.deepEqual(problems, []);
  });

  it("takes the backend of the stack's configuration, and else openai", () => {
    const config: Record<string, string> = { "openai-containers:backend": "docker" };
    assert.deepEqual(readSettings({}, (key) => config[key], backendKinds).backend, docker);
    assert.deepEqual(readSettings({}, () => undefined, backendKinds).backend, {
      value: "openai",
      source: "the default",
    });
  });

  it("takes the program's backend over the setting's, even where the setting is invalid", () => {
    const setting = { value: "podman", source: "openai-containers:backend" };
    const { inputs, problems } = checked({ backend: "docker" }, { setting });
    assert.equal(inputs["backend"], "docker");
    assert.deepEqual(problems, []);
  });

  it("reports an invalid backend setting, and nothing else", () => {
    const setting = { value: "podman", source: "openai-containers:backend" };
    const written = { memoryLimit: "2g" };
    assert.deepEqual(checked(written, { setting }), {
      inputs: written,
      problems: ['OC1006: openai-containers:backend must be "openai" or "docker"'],
      warnings: [],
    });
  });

  it("keeps the image that the program sets", () => {
    assert.deepEqual(checked({ docker: { image: "alpine" } }).inputs["docker"], { image: "alpine" });
  });

  it("adds no docker options for another backend", () => {
    assert.equal("docker" in checked({ backend: "openai" }).inputs, false);
  });

  it("accepts docker options on the docker backend only", () => {
    const [problem = "", ...more] = checked({ backend: "openai", docker: { image: "alpine" } }).problems;
    assert.match(problem, /^OC1005: docker: got a value, which the openai backend does not support/);
    assert.deepEqual(more, []);
  });

  it("accepts file ids and skills on both backends, and takes empty lists for none", () => {
    const written = { fileIds: ["file-1"], skills: [{ type: "skill_reference", skillId: "skill_1", version: "1" }] };
    for (const backend of ["openai", "docker"]) {
      const { problems, inputs } = checked({ backend, ...written });
      assert.deepEqual(problems, []);
      assert.deepEqual({ fileIds: inputs["fileIds"], skills: inputs["skills"] }, written);
    }
    assert.deepEqual(checked({ fileIds: [], skills: [] }), checked({}));
  });

  for (const id of [".", "..", "../files", "a\\b", "a?b", "a#b", "%2e%2e", "a b", "a\u001b"]) {
    it(`refuses the id ${JSON.stringify(id)} of a file and of a skill, which is not one segment of a path`, () => {
      const { problems } = checked({ fileIds: ["file-1", id], skills: [{ type: "skill_reference", skillId: id }] });
      const text = "an id, which is neither . nor .. and has no white space and none of / \\ ? # %";
      assert.deepEqual(
        problems.map((problem) => problem.replace(/got text of \d+ characters?/, "got text")),
        ["fileIds[1]", "skills[0].skillId"].map((path) => `OC1003: ${path}: got text, expected ${text}`),
      );
    });
  }

  it("refuses domain secrets on docker with reserved names, or too large for a header", () => {
    const secret = (name: string, value = "8 bytes.") => ({ domain: "a.example.com", name, value });
    const policyOf = (...domainSecrets: unknown[]) => ({
      networkPolicy: { type: "allowlist", allowedDomains: ["a.example.com"], domainSecrets },
    });
    const taken = "which a sandbox on Docker sets itself, expected another name";
    assert.deepEqual(
      checked(policyOf(secret("TOKEN"), secret("PATH"), secret("https_proxy"), secret("SSL_CERT_FILE"))).problems,
      ["PATH", "https_proxy", "SSL_CERT_FILE"].map(
        (name, index) => `OC1005: networkPolicy.domainSecrets[${index + 1}].name: got "${name}", ${taken}`,
      ),
    );
    assert.deepEqual(checked(policyOf(secret("A".repeat(257)), secret("B", "v".repeat(16_385)))).problems, [
      "OC1005: networkPolicy.domainSecrets[0].name: got text of 257 characters, expected at most 256 on Docker",
      "OC1005: networkPolicy.domainSecrets[1].value: got text of 16385 bytes, expected at most 16384 on Docker, where it becomes part of a header",
    ]);
    assert.deepEqual(checked(policyOf(secret(unknownValue, unknownValue), unknownValue)).problems, []);
    assert.deepEqual(checked({ backend: "openai", ...policyOf(secret("PATH", "v".repeat(65_537))) }).problems, []);
  });

  it("refuses domain secrets on docker that are too short to mask or too large in total, without quoting them", () => {
    const policyOf = (...values: unknown[]) => ({
      networkPolicy: {
        type: "allowlist",
        allowedDomains: ["a.example.com"],
        domainSecrets: values.map((value, index) => ({ domain: "a.example.com", name: `TOKEN_${index}`, value })),
      },
    });
    assert.deepEqual(checked(policyOf("8 bytes.", "7 bytes", "\u20ac\u20ac\u20ac")).problems, [
      "OC1005: networkPolicy.domainSecrets[1].value: got fewer than 8 bytes, expected at least 8 on Docker, where a shorter secret could not be masked in responses",
    ]);
    assert.deepEqual(checked(policyOf(...Array.from({ length: 9 }, () => "v".repeat(16_384)))).problems, [
      "OC1005: networkPolicy.domainSecrets: got values of 147456 bytes in total, expected at most 131072 on Docker, where responses are searched for them",
    ]);
    assert.deepEqual(checked({ backend: "openai", ...policyOf("7 bytes") }).problems, []);
  });

  describe("of docker.egress", () => {
    const networkPolicy = { type: "allowlist", allowedDomains: ["a.example.com"] };
    const egress = (settings: unknown, recorded = {}) =>
      checked({ networkPolicy, docker: { egress: settings } }, { recorded });
    const pem = readFileSync(join(__dirname, "../support/egress/authority.pem"), "utf8");

    it("normalises equal ranges and certificates to one form", () => {
      const ranges = ["192.168.7.9/16", "10.1.2.3/16", "192.168.0.0/16"];
      const { inputs, problems } = egress({
        privateRanges: ranges,
        certificateAuthorities: [`the company's\n${pem}`, pem],
      });
      assert.deepEqual(problems, []);
      const settled = at(inputs["docker"], "egress");
      assert.deepEqual(settled, { privateRanges: ["192.168.0.0/16", "10.1.0.0/16"], certificateAuthorities: [pem] });
      const recorded = { ...inputs, docker: { egress: { privateRanges: ["10.1.0.0/16", "192.168.0.0/16"] } } };
      assert.deepEqual(
        at(at(egress({ privateRanges: ranges }, recorded).inputs["docker"], "egress"), "privateRanges"),
        ["10.1.0.0/16", "192.168.0.0/16"],
      );
      assert.deepEqual(egress({ privateRanges: [], certificateAuthorities: [] }), egress(undefined));
    });

    it("refuses ranges that are not private and texts without a certificate, without quoting them", () => {
      const bad = [
        "8.8.8.0/24",
        "0.0.0.0/0",
        "10.0.0.0/7",
        "10.1.0.0",
        "10.1.0.0/33",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "::1/128",
        "",
      ];
      const within = "within 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12, 192.168.0.0/16, 198.18.0.0/15";
      const { problems } = egress({ privateRanges: bad, certificateAuthorities: ["none", pem.slice(0, 80)] });
      assert.deepEqual(
        problems.map((problem) => problem.replace(/got .*?, expected/, "")),
        [
          ...[0, 1].map((index) => `OC1003: docker.egress.certificateAuthorities[${index}]:  certificates in PEM`),
          ...bad.map(
            (_, index) =>
              `OC1003: docker.egress.privateRanges[${index}]:  a private IPv4 network such as "10.1.0.0/16", ${within}`,
          ),
        ],
      );
    });

    it("is refused without an allow list", () => {
      assert.deepEqual(checked({ docker: { egress: { privateRanges: ["10.0.0.0/8"] } } }).problems, [
        'OC1005: docker.egress: got settings of an allow list, expected none, as networkPolicy.type is "disabled"',
      ]);
      assert.deepEqual(checked({ docker: { egress: {} } }).problems, []);
    });

    it("gives warnings about the wider access, for a container that is to be created", () => {
      const settings = { privateRanges: ["10.1.0.0/16"], certificateAuthorities: [pem] };
      const text = (warnings: Warning[]) => warnings.map((warning) => coded(warning.code, warning.text));
      assert.deepEqual(text(egress(settings).warnings), [
        "OC1008: docker.egress.privateRanges: allowed domains may resolve to the private networks 10.1.0.0/16",
        "OC1009: docker.egress.certificateAuthorities: CN=tests (SHA-256 57:77:F2:53:90:E7:66:70…) can issue a certificate for any allowed domain, and so receive its secrets",
      ]);
      assert.deepEqual(egress(settings, { backend: "docker" }).warnings, []);
      assert.deepEqual(text(wideningsOf(settings, true)), [
        "OC1008: docker.egress.privateRanges: allowed domains may resolve to the private networks (secret)",
        "OC1009: docker.egress.certificateAuthorities: (secret) can issue a certificate for any allowed domain, and so receive its secrets",
      ]);
      assert.deepEqual(egress(undefined).warnings, []);
    });
  });

  it("returns invalid arguments as they were written", () => {
    const written = { memoryLimit: "2g", __urn: "urn:a" };
    assert.deepEqual(checked(written), {
      inputs: written,
      problems: ['OC1003: memoryLimit: got text of 2 characters, expected "1g", "4g", "16g" or "64g"'],
      warnings: [],
    });
  });

  it("keeps the recorded URN over the written one", () => {
    const recorded = { __urn: "urn:first" };
    assert.equal(checked({ __urn: "urn:now" }, { recorded }).inputs["__urn"], "urn:first");
    assert.equal(checked({ __urn: "urn:now" }).inputs["__urn"], "urn:now");
  });

  it("keeps the recorded order of sets", () => {
    const policy = (...allowedDomains: string[]) => ({ networkPolicy: { type: "allowlist", allowedDomains } });
    const recorded = { backend: "openai", fileIds: ["a", "b"], ...policy("a.example.com", "b.example.com") };
    const written = { backend: "openai", fileIds: ["c", "b", "a"], ...policy("B.example.com", "A.example.com") };
    const { inputs } = checked(written, { recorded });
    assert.deepEqual(inputs["fileIds"], ["a", "b", "c"]);
    assert.deepEqual(inputs["networkPolicy"], recorded.networkPolicy);
  });

  it("takes nothing but the order of sets and the URN from recorded inputs", () => {
    const recorded = { name: "old", memoryLimit: "4g", fileIds: ["file-1"], __urn: "urn:first" };
    assert.deepEqual(checked({}, { recorded }).inputs, checked({ __urn: "urn:first" }).inputs);
  });

  it("ignores properties that begin with two underscores", () => {
    const { inputs, problems } = checked({ __provider: 5, __defaults: ["name"], __urn: "urn:a" });
    assert.deepEqual(problems, []);
    assert.equal("__provider" in inputs, false);
    assert.equal("__defaults" in inputs, false);
  });

  it("accepts a backend that is not known yet", () => {
    const { inputs, problems } = checked({ backend: unknownValue, networkPolicy: { type: "allowlist" } });
    assert.deepEqual(problems, ["OC1001: networkPolicy.allowedDomains: missing, expected a list"]);
    assert.equal(inputs["backend"], unknownValue);
    assert.deepEqual(checked({ backend: unknownValue }).problems, []);
  });

  it("accepts unknown values of arguments that the backend does not support, as they may be undefined", () => {
    assert.deepEqual(checked({ backend: "openai", docker: unknownValue }).problems, []);
    assert.deepEqual(checked({ fileIds: unknownValue, skills: unknownValue }).problems, []);
  });

  it("accepts a network policy that is not known yet", () => {
    assert.deepEqual(checked({ networkPolicy: unknownValue }).problems, []);
    assert.deepEqual(checked({ networkPolicy: { type: unknownValue } }).problems, []);
  });

  for (const [minutes, problem] of [
    [Number.NaN, "got NaN, expected a number"],
    [Infinity, "got Infinity, expected a finite number"],
    [-Infinity, "got -Infinity, expected a finite number"],
    [1.5, "got a fraction, expected a whole number"],
    [0, "got a number below 1, expected at least 1"],
    [-7, "got a number below 1, expected at least 1"],
    [0.5, "got a fraction, expected a whole number"],
    [525_601, "got a number above 525600, expected at most 525600"],
  ] as const) {
    it(`names the kind of a wrong number, and does not quote it: ${minutes}`, () => {
      assert.deepEqual(checked({ expiresAfter: { anchor: "last_active_at", minutes } }).problems, [
        `OC1003: expiresAfter.minutes: ${problem}`,
      ]);
    });
  }

  it("refuses a backend that does not exist", () => {
    assert.deepEqual(checked({ backend: "podman" }).problems, [
      'OC1003: backend: got text of 6 characters, expected "openai" or "docker"',
    ]);
  });
});

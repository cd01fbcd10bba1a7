import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withPlaceholders } from "../../examples/ci/scripts/emulated/placeholders.mjs";
import { ExampleStack } from "../support/ci/example-stack";
import { marker } from "../support/ci/report-folder";
import { runScript } from "../support/ci/run-script";

describe("examples/ci: preview.sh", () => {
  it("keeps what Pulumi wrote, fails as Pulumi does, and never asks for the form that has secrets in clear", async () => {
    const folder = mkdtempSync(join(tmpdir(), "preview-"));
    try {
      const pulumi = '#!/bin/sh\necho "$*"\nenv | grep STREAMING\nexit 255\n';
      writeFileSync(join(folder, "pulumi"), pulumi, { mode: 0o755 });
      const env = { PATH: `${folder}:${process.env["PATH"]}`, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" };
      const preview = join(folder, "preview.json");
      assert.deepEqual(await runScript("preview.sh", [preview], env), { code: 255, out: "", err: "" });
      assert.equal(readFileSync(preview, "utf8"), "preview --json --non-interactive\n");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("examples/ci: report.sh", () => {
  const urn = "urn:pulumi:dev::ci::pulumi:pulumi:Stack::ci-dev";
  let project: ExampleStack;

  before(() => {
    project = new ExampleStack("http://127.0.0.1:9/v1");
  });
  after(() => project.remove());

  it("reports a preview without changes in one line below the marker, with a fingerprint for reviewed.mjs", async () => {
    project.write("preview.json", JSON.stringify({ steps: [{ op: "same", urn }], changeSummary: { same: 1 } }));
    assert.deepEqual(await project.script("report.sh", ["preview.json", "report"]), { code: 0, out: "", err: "" });
    assert.equal(project.read("report/report.md"), `${marker}\nPreview of \`ci/dev\`: no changes.\n`);
    assert.match(project.read("report/report.json"), /"fingerprint": "[\da-f]{64}"/);
  });

  it("reports a preview that failed, without a fingerprint, and exits with 1 and one message", async () => {
    const diagnostics = [{ urn, severity: "error", message: "error: nothing is not defined" }];
    project.write("preview.json", JSON.stringify({ steps: [{ op: "same", urn }], diagnostics }));
    const { code, err } = await project.script("report.sh", ["preview.json", "report"]);
    assert.equal(code, 1);
    assert.match(err, /^OC5110: .*\n$/);
    assert.match(project.read("report/report.md"), /: failed, 1 error\n(.*\n)*nothing is not defined\n/);
    assert.doesNotMatch(project.read("report/report.json"), /"fingerprint"/);
  });
});

describe("examples/ci: the configuration of an emulated preview", () => {
  it("has placeholders for secrets at any depth, no key to decrypt them, and all else as it was", () => {
    const configuration = `encryptionsalt: v1:salt
secretsprovider: awskms://alias/key
encryptedkey: AAAA
config:
  ci:githubToken:
    secure: v1:one
  ci:servers:
    list:
      - secure: v1:two
      - plain
    inner:
      secure: v1:three
  ci:note: "- secure: this is text"
  ci:insecure: "true"
`;
    assert.equal(
      withPlaceholders(configuration),
      `config:
  ci:githubToken: placeholder
  ci:servers:
    list:
      - placeholder
      - plain
    inner: placeholder
  ci:note: "- secure: this is text"
  ci:insecure: "true"
`,
    );
  });
});

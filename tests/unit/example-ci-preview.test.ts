import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withPlaceholders } from "../../examples/ci/scripts/emulated/placeholders.mjs";
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

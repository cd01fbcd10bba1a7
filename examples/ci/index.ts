import * as pulumi from "@pulumi/pulumi";
import { Container } from "pulumi-openai-containers";

// First run `pulumi config set --secret githubToken …`. docs/ci-report.md shows the report on a change of this program.
const config = new pulumi.Config();

const analysis = new Container("analysis", {
  memoryLimit: "1g",
  networkPolicy: {
    type: "allowlist",
    allowedDomains: ["api.github.com"],
    domainSecrets: [{ domain: "api.github.com", name: "GITHUB_TOKEN", value: config.requireSecret("githubToken") }],
  },
  expiresAfter: { anchor: "last_active_at", minutes: 20 },
});

export const containerId = analysis.id;

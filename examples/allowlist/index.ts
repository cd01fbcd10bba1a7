import * as pulumi from "@pulumi/pulumi";
import { Container } from "pulumi-openai-containers";

// First run `pulumi config set --secret githubToken …`. docs/allow-lists.md has commands to try in the sandbox.
const config = new pulumi.Config();

const fetcher = new Container("fetcher", {
  backend: "docker",
  networkPolicy: {
    type: "allowlist",
    allowedDomains: ["api.github.com"],
    domainSecrets: [
      // In the sandbox $GITHUB_TOKEN is a placeholder: the gateway injects the value into requests to this domain only.
      { domain: "api.github.com", name: "GITHUB_TOKEN", value: config.getSecret("githubToken") ?? "not-a-token" },
    ],
  },
  expiresAfter: { anchor: "last_active_at", minutes: 60 },
  // `pulumi config set image …` selects another image than the default.
  docker: { image: config.get("image") },
});

export const containerId = fetcher.id;
export const status = fetcher.status;

import * as pulumi from "@pulumi/pulumi";
import { Container } from "pulumi-openai-containers";

// `pulumi config set --secret githubToken …`; then docs/allow-lists.md has commands to try in the sandbox.
const config = new pulumi.Config();

const fetcher = new Container("fetcher", {
  backend: "docker",
  networkPolicy: {
    type: "allowlist",
    allowedDomains: ["api.github.com"],
    domainSecrets: [
      // Code inside sees $GITHUB_TOKEN, a placeholder; the gateway puts the value into requests to that domain only.
      { domain: "api.github.com", name: "GITHUB_TOKEN", value: config.getSecret("githubToken") ?? "not-a-token" },
    ],
  },
  expiresAfter: { anchor: "last_active_at", minutes: 60 },
  // `pulumi config set image …` chooses another image than the default one.
  docker: { image: config.get("image") },
});

export const containerId = fetcher.id;
export const status = fetcher.status;

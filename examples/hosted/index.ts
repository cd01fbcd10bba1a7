import * as pulumi from "@pulumi/pulumi";
import { Container, type MemoryLimit } from "pulumi-openai-containers";

// Runs on the hosted API, or without an account against `npx openai-containers emulator`: docs/hosted.md.
const config = new pulumi.Config();

const fetcher = new Container("fetcher", {
  memoryLimit: config.get<MemoryLimit>("memoryLimit") ?? "1g",
  networkPolicy: {
    type: "allowlist",
    allowedDomains: ["api.github.com"],
    domainSecrets: [
      // In the container $GITHUB_TOKEN is a placeholder: the API injects the value into requests to this domain only.
      { domain: "api.github.com", name: "GITHUB_TOKEN", value: config.getSecret("githubToken") ?? "not-a-token" },
    ],
  },
  expiresAfter: { anchor: "last_active_at", minutes: 20 },
});

// All defaults: 1 GiB of memory, no network, terminated after 20 idle minutes.
const scratch = new Container("scratch");

export const fetcherId = fetcher.id;
export const scratchId = scratch.id;

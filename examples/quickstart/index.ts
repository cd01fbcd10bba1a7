import * as pulumi from "@pulumi/pulumi";
import { Container } from "pulumi-openai-containers";

const config = new pulumi.Config();

const sandbox = new Container("sandbox", {
  backend: "docker",
  memoryLimit: "1g",
  networkPolicy: { type: "disabled" },
  expiresAfter: { anchor: "last_active_at", minutes: 20 },
  // `pulumi config set image …` selects another image than the default.
  docker: { image: config.get("image") },
});

export const containerId = sandbox.id;
export const status = sandbox.status;

import * as pulumi from "@pulumi/pulumi";
import { Container } from "pulumi-openai-containers";
import { SandboxImage } from "pulumi-openai-containers/docker";

const config = new pulumi.Config();

// A sandbox without a network cannot install anything, so its tools come with its image.
const image = new SandboxImage("tools", {
  build: {
    base: config.get("base") ?? "python:3.12-slim-bookworm",
    // `pulumi config set --path 'pip[0]' pandas==2.3.3` adds a package; apt and npm work likewise.
    pip: config.getObject<string[]>("pip") ?? [],
    files: { "/usr/local/bin/word-count": "./tools/word-count.py" },
  },
});

const counter = new Container("counter", {
  backend: "docker",
  networkPolicy: { type: "disabled" },
  docker: { image: image.imageId },
});

export const containerId = counter.id;
export const imageId = image.imageId;
export const reference = image.reference;

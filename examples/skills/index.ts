import * as pulumi from "@pulumi/pulumi";
import { type Backend, Container, skillFromFolder } from "pulumi-openai-containers";

// `pulumi config set backend openai` creates it on the hosted API, or on the emulator: docs/skills.md.
const config = new pulumi.Config();
const backend = config.get<Backend>("backend") ?? "docker";

const reporter = new Container("reporter", {
  backend,
  // Inside it is /home/oai/skills/house-style-<32 hex digits>/. Change a file of it, and a preview shows the replacement.
  skills: [skillFromFolder("./skills/house-style")],
  // `pulumi config set image …` selects another image than the default.
  ...(backend === "docker" && { docker: { image: config.get("image") } }),
});

export const containerId = reporter.id;

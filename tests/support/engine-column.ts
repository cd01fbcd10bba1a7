import type Docker from "dockerode";
import { z } from "zod";
import type { EngineColumn } from "../contract/engines";

const versionAnswer = z.object({
  ApiVersion: z.string(),
  Components: z.array(z.object({ Name: z.string() })).default([]),
});
const infoAnswer = z.object({
  SecurityOptions: z.array(z.string()).nullable(),
  CgroupVersion: z.string().default("1"),
});

/** The column of the table of engines that an engine belongs to: the nearest one for a version without its own. */
export async function engineColumn(client: Docker): Promise<EngineColumn> {
  const { ApiVersion, Components } = versionAnswer.parse(await client.version());
  const { SecurityOptions, CgroupVersion } = infoAnswer.parse(await client.info());
  if (Components.some(({ Name }) => Name.startsWith("Podman"))) return "podman";
  if (SecurityOptions?.includes("name=rootless") && CgroupVersion === "1") return "rootless";
  return Number(ApiVersion.split(".")[1]) < 42 ? "docker20" : "docker28"; // 1.42 is the API of Docker 23
}

import type Docker from "dockerode";
import { z } from "zod";

interface Limits {
  memory: boolean;
  swap: boolean;
  pids: boolean;
}

const infoAnswer = z.object({
  host: z.object({ cgroupVersion: z.string(), cgroupControllers: z.array(z.string()).nullable() }),
});

/** Whether an engine is Podman, by the parts that it says it has. */
export function isPodman(components: readonly { Name: string }[] = []): boolean {
  return components.some(({ Name }) => Name.startsWith("Podman"));
}

/**
 * Which limits Podman can set: those whose controllers it was given. In its Docker-compatible answer memory and processes are
 * what the host's kernel can, also where a rootless engine was given no controllers and ignores limits; and swap is never on
 * cgroup v2 (containers/common, pkg/sysinfo), where it belongs to the controller of memory.
 */
export async function podmanLimits({ modem }: Docker, swapOfCgroup1: boolean): Promise<Limits> {
  const asked = { path: "/libpod/info", method: "GET", statusCodes: { 200: true, 500: "server error" } };
  const answer = await new Promise<unknown>((resolve, reject) => {
    modem.dial(asked, (error, told) => (error ? reject(error) : resolve(told)));
  });
  const { cgroupVersion, cgroupControllers } = infoAnswer.parse(answer).host;
  const has = (name: string) => cgroupControllers?.includes(name) ?? false;
  const memory = has("memory");
  return { memory, swap: memory && (cgroupVersion === "v2" || swapOfCgroup1), pids: has("pids") };
}

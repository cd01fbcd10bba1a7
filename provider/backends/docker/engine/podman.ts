import type Docker from "dockerode";
import { z } from "zod";
import { failureText } from "./failure";

interface Limits {
  memory: boolean;
  swap: boolean;
  pids: boolean;
}

const infoAnswer = z.object({
  host: z.object({ cgroupVersion: z.string(), cgroupControllers: z.array(z.string()).nullable() }),
});

/** Whether an engine is Podman, by the components in its version. */
export function isPodman(components: readonly { Name: string }[] = []): boolean {
  return components.some(({ Name }) => Name.startsWith("Podman"));
}

/** Whether Podman refused a request, with 500, as the container has just ended or been removed (libpod, ErrCtrStateInvalid). */
export function isImproperState(error: unknown): boolean {
  return /container state improper/.test(failureText(error));
}

/**
 * The limits that Podman can set: those whose cgroup controllers are delegated to it. In its Docker-compatible response memory
 * and processes are the kernel's features, also for a rootless engine without controllers, which ignores limits; and swap is
 * never reported on cgroup v2 (containers/common, pkg/sysinfo), where it belongs to the memory controller.
 * @throws the client's error
 */
export async function podmanLimits({ modem }: Docker, swapOfCgroup1: boolean): Promise<Limits> {
  const request = { path: "/libpod/info", method: "GET", statusCodes: { 200: true, 500: "server error" } };
  const response = await new Promise<unknown>((resolve, reject) => {
    modem.dial(request, (error, result) => (error ? reject(error) : resolve(result)));
  });
  const { cgroupVersion, cgroupControllers } = infoAnswer.parse(response).host;
  const has = (name: string) => cgroupControllers?.includes(name) ?? false;
  const memory = has("memory");
  return { memory, swap: memory && (cgroupVersion === "v2" || swapOfCgroup1), pids: has("pids") };
}

import type { ContainerInspectInfo } from "dockerode";
import type { Observed } from "../../../model/record";
import { idOf, memoryLimitFrom, policyFrom, secondsOf } from "../sandbox/container-spec";

/**
 * The observed state of a container that this package did not create. Its id is the engine's, as its name may change. It
 * has no watchdog: its idle time is not reported, and it never expires.
 */
export function foreignFrom(inspected: ContainerInspectInfo): Observed {
  const { Id, Created, Config, HostConfig, Image, State } = inspected;
  const ended = ["exited", "dead", "created"].includes(State.Status);
  return {
    id: Id,
    name: idOf(inspected),
    status: ended ? "stopped" : State.Status,
    createdAt: secondsOf(Created),
    memoryLimit: memoryLimitFrom(HostConfig.Memory ?? 0, HostConfig.MemorySwap ?? 0),
    networkPolicy: policyFrom(Id, inspected),
    docker: { image: Config.Image },
    imageId: Image,
  };
}

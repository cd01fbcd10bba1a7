import type { ContainerRecord } from "../model/record";

/**
 * Whether a record comes from state. `Container.get` hands over inputs alone, and every release has recorded the output
 * `createdAt`.
 */
export function isFromState({ createdAt }: ContainerRecord): boolean {
  return createdAt !== undefined;
}

import { BackendError, type Orphan, type Report } from "../backend";
import type { ContainersApi } from "./containers-api";
import { type FindOptions, findCreatedSince } from "./find-created-since";
import type { ContainerResponse } from "./wire";

export interface CleanUpOptions extends FindOptions {
  api: Pick<ContainersApi, "list" | "delete">;
  /** Receives the containers that may exist besides the one that is returned. */
  orphaned(what: Orphan): void;
}

/**
 * Adopts one of the containers that were found after lost responses, and deletes the others.
 * @param requests how many were sent, each of which may have created one
 */
export async function adoptOne(
  one: ContainerResponse,
  others: ContainerResponse[],
  requests: number,
  options: CleanUpOptions,
  report: Report,
): Promise<ContainerResponse> {
  // The others may still appear, as lists lag.
  if (1 + others.length < requests) options.orphaned({ besides: one.id });
  await deleteDuplicates(others, one, options, report);
  return one;
}

/**
 * Deletes the containers of earlier requests whose responses were lost, once a later request got its response.
 * @param kept the container of that response: lists lag, and one that has it has those requested before it, too
 */
export async function deleteEarlier(
  kept: ContainerResponse,
  name: string,
  began: number,
  options: CleanUpOptions,
  report: Report,
): Promise<void> {
  const { nameIsDrawn, orphaned } = options;
  const isKept = ({ id }: ContainerResponse) => id === kept.id;
  const hasKept = (found: ContainerResponse[]) => found.some(isKept);
  // A failed search must not fail the create, whose container exists.
  const found = await findCreatedSince(began, hasKept, name, options, report).catch(() => []);
  const others = found.filter((one) => !isKept(one));
  const isSettled = hasKept(found) && (nameIsDrawn || others.length === 0);
  if (!isSettled) orphaned({ besides: kept.id });
  if (nameIsDrawn) return deleteDuplicates(others, kept, options, report);
  if (others.length === 0) return;
  const ids = others.map(({ id }) => id).join(" or ");
  report.warning(
    "OC2127",
    `a response to creating ${JSON.stringify(name)} was lost, and ${ids} with that name was created since, by this run or by someone else. Delete the containers that are not in use`,
  );
}

/** As far as it can: a container that stays is reported, and does not fail the create. */
async function deleteDuplicates(
  duplicates: ContainerResponse[],
  { id: kept }: ContainerResponse,
  { api, orphaned }: CleanUpOptions,
  report: Report,
): Promise<void> {
  for (const { id } of duplicates) {
    try {
      await api.delete(id, report);
    } catch (error) {
      orphaned({ id });
      const reason = error instanceof BackendError ? error.what : String(error);
      report.warning(
        "OC2126",
        `container ${id} was created in addition to ${kept}, because a response was lost, and could not be deleted: ${reason}. The next replacement of this resource deletes it, and so does openai-containers doctor --clear`,
      );
    }
  }
}

import { BackendError, type Orphan, type Report } from "../backend";
import type { ContainersApi } from "./containers-api";
import { type Looking, madeSince } from "./made-since";
import type { ContainerAnswer } from "./wire";

/** With what lost containers are found and removed. */
export interface Settling extends Looking {
  api: Pick<ContainersApi, "list" | "delete">;
  /** Is told of what may exist besides the container that is returned. */
  orphaned(what: Orphan): void;
}

/**
 * Takes one of those that lost answers were about for the container, and removes the others.
 * @param requested how many requests were sent, each of which may have made one
 */
export async function keepOne(
  one: ContainerAnswer,
  others: ContainerAnswer[],
  requested: number,
  settling: Settling,
  report: Report,
): Promise<ContainerAnswer> {
  // Each may still come, as lists lag.
  if (1 + others.length < requested) settling.orphaned({ besides: one.id });
  await remove(others, one, settling, report);
  return one;
}

/**
 * Removes what requests made whose answers were lost before one came.
 * @param answer what that one is about: lists lag, and one that has it has what was requested before it, too
 */
export async function settleEarlier(
  answer: ContainerAnswer,
  name: string,
  began: number,
  settling: Settling,
  report: Report,
): Promise<void> {
  const { nameIsDrawn, orphaned } = settling;
  const isAnswered = ({ id }: ContainerAnswer) => id === answer.id;
  const hasIt = (found: ContainerAnswer[]) => found.some(isAnswered);
  // What trouble a look had is no trouble of the container that is there.
  const found = await madeSince(began, hasIt, name, settling, report).catch(() => []);
  const others = found.filter((one) => !isAnswered(one));
  const isSettled = hasIt(found) && (nameIsDrawn || others.length === 0);
  if (!isSettled) orphaned({ besides: answer.id });
  if (nameIsDrawn) return remove(others, answer, settling, report);
  if (others.length === 0) return;
  const ids = others.map(({ id }) => id).join(" or ");
  report.warning(
    "OC0000",
    `an answer to creating ${JSON.stringify(name)} was lost, and ${ids} of that name was created since, by it or by somebody else: delete what nobody uses`,
  );
}

/** As well as can be: what stays is told, and does not fail the container that is there. */
async function remove(
  others: ContainerAnswer[],
  { id: kept }: ContainerAnswer,
  { api, orphaned }: Settling,
  report: Report,
): Promise<void> {
  for (const { id } of others) {
    try {
      await api.delete(id, report);
    } catch (error) {
      orphaned({ id });
      const reason = error instanceof BackendError ? error.what : String(error);
      report.warning(
        "OC0000",
        `container ${id} was created as well as ${kept}, as an answer was lost, and could not be removed: ${reason}. The next replacement of this resource removes it, and so does openai-containers doctor --clear`,
      );
    }
  }
}

import type { ContainerCreateParams } from "openai/resources/containers";
import { BackendError, type Report, UnknownOutcomeError } from "../backend";
import { LostAnswerError } from "./api-errors";
import type { ContainersApi } from "./containers-api";
import { type Looking, madeSince } from "./made-since";
import type { ContainerAnswer } from "./wire";

const attempts = 3;

interface Circumstances extends Looking {
  api: Pick<ContainersApi, "create" | "list" | "delete">;
  /** Whether nothing else in the account has the body's name. */
  nameIsDrawn: boolean;
}

/**
 * Makes one container and never two. The API takes no key of idempotency, so a request whose answer was lost is not
 * simply sent again: what it made is looked for by its name first.
 */
export async function createOnce(
  body: ContainerCreateParams,
  circumstances: Circumstances,
  report: Report,
): Promise<ContainerAnswer> {
  const began = Date.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await circumstances.api.create(body, report);
    } catch (error) {
      if (!(error instanceof LostAnswerError)) throw error;
      report.progress("the answer was lost: looking for what was made");
      const found = await madeSince(began, attempt, body.name, circumstances, report).catch((trouble: Error) => {
        throw neverKnown(body.name, error, trouble);
      });
      const adopted = await adopt(found, body.name, error, circumstances, report);
      if (adopted) return adopted;
      if (attempt === attempts) throw neverFound(body.name, error);
    }
  }
}

/** Takes what a lost answer must have been about for the container, where that is certain. */
async function adopt(
  [one, ...others]: ContainerAnswer[],
  name: string,
  lost: LostAnswerError,
  { api, nameIsDrawn }: Circumstances,
  report: Report,
): Promise<ContainerAnswer | undefined> {
  if (!one) return undefined;
  if (!nameIsDrawn) {
    const ids = [one, ...others].map(({ id }) => id).join(", ");
    throw new BackendError(
      `The answer to creating ${JSON.stringify(name)} was lost, and ${ids} of that name was made since, by it or by somebody else. ${lost.what}`,
      "Delete what nobody uses, and run the same command again. A container whose name is left out is recognised by the one drawn for it",
    );
  }
  // What else has a name that was drawn for this container alone was made by an attempt before.
  for (const other of others) await api.delete(other.id, report);
  return one;
}

function neverKnown(name: string, lost: LostAnswerError, trouble: Error): UnknownOutcomeError {
  const what = trouble instanceof BackendError ? trouble.what : trouble.message;
  return new UnknownOutcomeError(
    `Whether the container ${JSON.stringify(name)} was made is not known. ${lost.what}. Looking for it failed too: ${what}. If it was made, it ends by itself when it has been idle`,
    "Run the same command again",
    { cause: trouble },
  );
}

function neverFound(name: string, lost: LostAnswerError): UnknownOutcomeError {
  const asked = `Creating ${JSON.stringify(name)} was asked for ${attempts} times, and no list tells of it`;
  return new UnknownOutcomeError(`${lost.what}. ${asked}`, lost.advice, { cause: lost });
}

import type { ContainerCreateParams } from "openai/resources/containers";
import { BackendError, type Report, UnknownOutcomeError } from "../backend";
import { LostAnswerError } from "./api-errors";
import type { ContainersApi } from "./containers-api";
import { keepOne, type Settling, settleEarlier } from "./lost-creates";
import { madeSince } from "./made-since";
import type { ContainerAnswer } from "./wire";

const attempts = 3;

interface Circumstances extends Settling {
  api: Pick<ContainersApi, "create" | "list" | "delete">;
}

/**
 * Makes one container and never two. The API takes no key of idempotency, so a request whose answer was lost is not
 * simply sent again: what it made is looked for by its name first.
 * @throws UnknownOutcomeError once an answer was lost, whatever failed then, as what it was about may exist
 */
export async function createOnce(
  body: ContainerCreateParams,
  circumstances: Circumstances,
  report: Report,
): Promise<ContainerAnswer> {
  const { name } = body;
  const began = Date.now();
  let lost: LostAnswerError | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await asked(body, lost, circumstances, report);
    if (!(answer instanceof LostAnswerError)) {
      if (lost) await settleEarlier(answer, name, began, circumstances, report);
      return answer;
    }
    lost = answer;
    report.progress("the answer was lost: looking for what was made");
    const isEnough = (found: unknown[]) => found.length >= attempt;
    const found = await madeSince(began, isEnough, name, circumstances, report).catch((trouble: Error) => {
      throw neverKnown(name, answer, trouble);
    });
    const [one, ...others] = found;
    if (one && !circumstances.nameIsDrawn) throw nobodyKnowsWhose(name, found, lost);
    if (one) return keepOne(one, others, attempt, circumstances, report);
    if (attempt === attempts) throw neverFound(name, lost);
  }
}

async function asked(
  body: ContainerCreateParams,
  lost: LostAnswerError | undefined,
  { api }: Circumstances,
  report: Report,
): Promise<ContainerAnswer | LostAnswerError> {
  try {
    return await api.create(body, report);
  } catch (error) {
    if (error instanceof LostAnswerError) return error;
    // Refused, or given up while it waited: that says nothing of the request before it.
    throw lost && error instanceof Error ? stillUnknown(body.name, lost, error) : error;
  }
}

function nobodyKnowsWhose(name: string, found: ContainerAnswer[], lost: LostAnswerError): UnknownOutcomeError {
  const ids = found.map(({ id }) => id).join(", ");
  return new UnknownOutcomeError(
    "OC0000",
    `The answer to creating ${JSON.stringify(name)} was lost, and ${ids} of that name was made since, by it or by somebody else. ${lost.what}`,
    "Delete what nobody uses, and run the same command again. A container whose name is left out is recognised by its auto-generated one",
  );
}

function neverKnown(name: string, lost: LostAnswerError, trouble: Error): UnknownOutcomeError {
  return new UnknownOutcomeError(
    "OC0000",
    `Whether the container ${JSON.stringify(name)} was made is not known. ${lost.what}. Looking for it failed too: ${whatOf(trouble)}. If it was made, it ends by itself when it has been idle`,
    "Run the same command again",
    { cause: trouble },
  );
}

function stillUnknown(name: string, lost: LostAnswerError, trouble: Error): UnknownOutcomeError {
  return new UnknownOutcomeError(
    "OC0000",
    `${whatOf(trouble)}. Whether an earlier request created the container ${JSON.stringify(name)} is not known: ${lost.what}`,
    trouble instanceof BackendError ? trouble.advice : "Run the same command again",
    { cause: trouble },
  );
}

function whatOf(trouble: Error): string {
  return trouble instanceof BackendError ? trouble.what : trouble.message;
}

function neverFound(name: string, lost: LostAnswerError): UnknownOutcomeError {
  const requested = `Creating ${JSON.stringify(name)} was asked for ${attempts} times, and no list tells of it`;
  return new UnknownOutcomeError("OC0000", `${lost.what}. ${requested}`, lost.advice, { cause: lost });
}

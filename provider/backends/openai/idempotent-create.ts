import type { ContainerCreateParams } from "openai/resources/containers";
import { BackendError, type Report, UnknownOutcomeError } from "../backend";
import { LostResponseError } from "./api-error";
import type { ContainersApi } from "./containers-api";
import { adoptOne, type CleanUpOptions, deleteEarlier } from "./duplicate-cleanup";
import { findCreatedSince } from "./find-created-since";
import type { ContainerResponse } from "./wire";

const maxAttempts = 3;

interface IdempotentCreateOptions extends CleanUpOptions {
  api: Pick<ContainersApi, "create" | "list" | "delete">;
}

/**
 * Creates one container and never two. The API takes no idempotency key, so a request whose response was lost is not
 * simply sent again: its container is searched for by name first.
 * @throws UnknownOutcomeError once a response was lost, whatever failed then, as its container may exist
 * @throws BackendError where the first request was rejected, cancelled or never sent
 */
export async function createIdempotently(
  body: ContainerCreateParams,
  options: IdempotentCreateOptions,
  report: Report,
): Promise<ContainerResponse> {
  const { name } = body;
  const began = Date.now();
  let lost: LostResponseError | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const response = await send(body, lost, options, report);
    if (!(response instanceof LostResponseError)) {
      if (lost) await deleteEarlier(response, name, began, options, report);
      return response;
    }
    lost = response;
    report.progress("the response was lost: searching for the container by its name");
    const isEnough = (found: unknown[]) => found.length >= attempt;
    const found = await findCreatedSince(began, isEnough, name, options, report).catch((failure: Error) => {
      throw searchFailed(name, response, failure);
    });
    const [one, ...others] = found;
    if (one && !options.nameIsDrawn) throw ambiguousOwner(name, found, lost);
    if (one) return adoptOne(one, others, attempt, options, report);
    if (attempt === maxAttempts) throw neverFound(name, lost);
  }
}

async function send(
  body: ContainerCreateParams,
  lost: LostResponseError | undefined,
  { api }: IdempotentCreateOptions,
  report: Report,
): Promise<ContainerResponse | LostResponseError> {
  try {
    return await api.create(body, report);
  } catch (error) {
    if (error instanceof LostResponseError) return error;
    // Rejected, or cancelled while it waited: that says nothing of the request before it.
    throw lost && error instanceof Error ? retryFailed(body.name, lost, error) : error;
  }
}

function ambiguousOwner(name: string, found: ContainerResponse[], lost: LostResponseError): UnknownOutcomeError {
  const ids = found.map(({ id }) => id).join(", ");
  return new UnknownOutcomeError(
    "OC2122",
    `It is unknown whether this run or someone else created ${ids}, named ${JSON.stringify(name)}: ${lost.what}`,
    "Delete the containers that are not in use, and run the same command again. If the program omits the name, a container is recognized by its auto-generated one",
  );
}

function searchFailed(name: string, lost: LostResponseError, failure: Error): UnknownOutcomeError {
  return new UnknownOutcomeError(
    "OC2123",
    `It is unknown whether the container ${JSON.stringify(name)} was created: ${lost.what}. Searching for it failed: ${textOf(failure)}`,
    "Run the same command again. If the container was created, it expires when it has been idle",
    { cause: failure },
  );
}

function retryFailed(name: string, lost: LostResponseError, failure: Error): UnknownOutcomeError {
  return new UnknownOutcomeError(
    "OC2124",
    `It is unknown whether an earlier request created the container ${JSON.stringify(name)}: ${lost.what}. The next request failed: ${textOf(failure)}`,
    failure instanceof BackendError ? failure.advice : "Run the same command again",
    { cause: failure },
  );
}

function neverFound(name: string, lost: LostResponseError): UnknownOutcomeError {
  return new UnknownOutcomeError(
    "OC2125",
    `The container ${JSON.stringify(name)} was requested ${maxAttempts} times and is in no list: ${lost.what}`,
    lost.advice,
    { cause: lost },
  );
}

function textOf(failure: Error): string {
  return failure instanceof BackendError ? failure.what : failure.message;
}

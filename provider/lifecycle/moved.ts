import { type Backend, UnreachableError } from "../backends/backend";
import type { ContainerRecord } from "../model/record";

interface Destination {
  /** The name of this process's explicit provider; none for the default one. */
  provider: string | undefined;
  /** Opens the backend of the container's kind, as this provider is set. */
  open(): Promise<Backend>;
}

/**
 * Says that a container went from one explicit provider of the program to another, at another place; undefined where it
 * did not. Pulumi itself keeps such a container and asks the new provider about it, which could neither see nor delete
 * it. Replaced, it is deleted by the provider that made it.
 */
export async function moved(
  id: string,
  { __providerName: before, location }: ContainerRecord,
  { provider, open }: Destination,
): Promise<string | undefined> {
  if (before === provider || location === undefined) return undefined;
  try {
    if ((await open()).location === location) return undefined;
  } catch (error) {
    if (error instanceof UnreachableError) return undefined;
    throw error;
  }
  const from = nameOf(before);
  return `container ${id} moves from ${from} to ${nameOf(provider)}, which is another place: a new, empty container is made there, and ${from} deletes this one at ${location}`;
}

function nameOf(provider: string | undefined): string {
  return provider === undefined ? "the default provider" : `provider ${JSON.stringify(provider)}`;
}

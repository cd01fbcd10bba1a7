import { type Backend, UnreachableError } from "../backends/backend";
import type { ContainerRecord } from "../model/record";

interface Destination {
  /** The URN of this process's explicit provider; none for the default one. */
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
  { __providerUrn: before, location }: ContainerRecord,
  { provider, open }: Destination,
): Promise<string | undefined> {
  if (before === provider || location === undefined) return undefined;
  try {
    if ((await open()).location === location) return undefined;
  } catch (error) {
    if (error instanceof UnreachableError) return undefined;
    throw error;
  }
  return `container ${id} moves to ${nameOf(provider)}, which is another place: a new, empty container is made there, and this one, at ${location}, is its former provider's to delete`;
}

function nameOf(urn: string | undefined): string {
  return urn === undefined ? "the default provider" : `provider ${JSON.stringify(urn.split("::").at(-1))}`;
}

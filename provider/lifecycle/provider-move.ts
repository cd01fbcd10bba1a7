import { type Backend, UnreachableError } from "../backends/backend";
import type { ContainerRecord } from "../model/record";

interface Destination {
  /** The URN of this process's explicit provider; none for the default one. */
  provider: string | undefined;
  /** Opens the backend of the container's kind, with this provider's settings. */
  open(): Promise<Backend>;
}

/**
 * The warning that a container went from one explicit provider of the program to another, which uses another account or
 * engine; undefined where it did not. Pulumi itself keeps such a container and asks the new provider about it, which
 * could neither see nor delete it. Replaced, it is deleted by the provider that created it.
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
  return `container ${id} moves to ${nameOf(provider)}, which uses another account or engine: it is replaced there by a new, empty container, and its previous provider deletes the one at ${location}`;
}

function nameOf(urn: string | undefined): string {
  return urn === undefined ? "the default provider" : `provider ${JSON.stringify(urn.split("::").at(-1))}`;
}

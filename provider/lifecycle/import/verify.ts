import { type Backend, BackendError, type Candidate, type Report } from "../../backends/backend";
import { differences, inWords } from "./differences";

/** The program that imports a container by the resource option. */
export interface ImportingProgram {
  /** The id in the option. */
  id: string;
  /** As `check` left them. */
  inputs: Record<string, unknown>;
  /** The arguments that the program made secret. */
  secretArguments: readonly string[];
}

/**
 * The container that a program imports: it exists, and is what the program describes.
 * @throws BackendError where it is not there, cannot be imported, or differs, with all reasons
 */
export async function verifyImport(program: ImportingProgram, backend: Backend, report: Report): Promise<Candidate> {
  const { id, inputs, secretArguments } = program;
  const candidate = await importable(id, backend, report);
  const found = differences(inputs, candidate);
  if (found.length === 0) return candidate;
  const isSecret = (path: string) => secretArguments.includes(path.split(".")[0] ?? "");
  throw new BackendError(
    "OC2403",
    `Cannot import ${id}, which differs from the program: ${found.map((one) => inWords(one, isSecret(one.path))).join("; ")}`,
    "Give the program the container's values. A change after the import replaces the container",
  );
}

/**
 * The container of an id, which can be imported.
 * @throws BackendError where it is not there, or cannot be imported, with all reasons
 */
export async function importable(id: string, backend: Backend, report: Report): Promise<Candidate> {
  const candidate = await backend.candidate(id, report);
  if (!candidate)
    throw new BackendError(
      "OC2401",
      `Cannot import ${id}: there is no such container at ${backend.location}`,
      "Correct the id, the backend, or the account or engine that this run uses; to create a new container, import none",
    );
  if (candidate.refusals.length === 0) return candidate;
  throw new BackendError(
    "OC2402",
    `Cannot import ${id}: ${candidate.refusals.join("; ")}`,
    "Change the container as far as that is possible, or create a new one instead of importing it",
  );
}

/**
 * Asserts that the import option of a container in state still means what it meant: it stays in the program, or is removed.
 * @param recorded the option's id when the resource was created
 * @throws BackendError where it names another container
 */
export function assertSameImport(id: string, recorded: unknown, written: string | undefined): void {
  if (written === undefined || written === recorded || written === id) return;
  throw new BackendError(
    "OC2406",
    `The import option names ${written}, and the resource already has container ${id}`,
    `Remove the option to keep ${id}, or import ${written} as another resource. To let ${id} go without deleting it, run \`pulumi state delete\` with the resource's URN first`,
  );
}

/** The warning about a container that this package did not create. */
export function importedAsItIs(id: string, missing: readonly string[]): string {
  return `container ${id} is imported as it is, without ${missing.join(", ")}: the next change of an argument replaces it with a container that has all of it`;
}

/** The warning about a replacement, after which the option names a container that is not the resource's. */
export function importEnds(id: string): string {
  return `a new container replaces ${id}: the import option has no effect any more and can be removed`;
}

import { basename } from "node:path";
import type { AccountFile } from "../../account-content";
import type { StreamedEntry } from "../engine/archive";
import { nobody } from "../engine/hardening";
import { dataFolder } from "../sandbox/container-spec";
import { fileName } from "./placed-names";

/**
 * The data folder, owned by the sandbox's user: a new volume is root's, and nothing inside may change that. It is a folder in the
 * volume, as engines keep the owner of the folder that an archive is extracted to (`./`).
 */
export const dataFolderEntry = { name: basename(dataFolder), type: "directory", mode: 0o755, ...nobody } as const;

/**
 * The data folder with the account's files, each of which is read when its turn comes.
 * @param until aborts the download of a file
 */
export async function* dataEntries(files: readonly AccountFile[], until: AbortSignal): AsyncGenerator<StreamedEntry> {
  yield dataFolderEntry;
  for (const { id, name, bytes, content } of files) {
    const path = `${dataFolderEntry.name}/${fileName(id, name)}`;
    yield { name: path, mode: 0o644, ...nobody, size: bytes, content: await content(until) };
  }
}

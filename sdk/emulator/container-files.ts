import { createHash } from "node:crypto";
import { unknownCursor } from "./api-error";
import type { Entry } from "./entry";
import type { FileListQuery } from "./list-query";

/** A file of a container, as the published `ContainerFileResource` has it. */
interface ContainerFileResource {
  /** `cfile_` and 32 hex digits. */
  id: string;
  object: "container.file";
  /** Unix seconds. */
  created_at: number;
  bytes: number;
  container_id: string;
  path: string;
  source: string;
}

/** The published `ContainerFileListResource`, in which both ends are text, also of an empty page. */
interface ContainerFileList {
  object: "list";
  data: ContainerFileResource[];
  first_id: string;
  last_id: string;
  has_more: boolean;
}

/** @throws ApiError 400 for a cursor that is no file of the container */
export function filePage(entry: Entry, { limit, order, after }: FileListQuery): ContainerFileList {
  const files = order === "asc" ? filesOf(entry) : filesOf(entry).reverse();
  const before = after === undefined ? -1 : files.findIndex(({ id }) => id === after);
  if (after !== undefined && before === -1) throw unknownCursor("file", after);
  const data = files.slice(before + 1, before + 1 + limit);
  const [first_id, last_id] = [data.at(0)?.id ?? "", data.at(-1)?.id ?? ""];
  return { object: "list", data, first_id, last_id, has_more: before + 1 + limit < files.length };
}

/** Those that it was made with. Nothing is known of a file but its id: so it is empty, and named by that. */
function filesOf({ settings, createdAt, body }: Entry): ContainerFileResource[] {
  return (body?.file_ids ?? []).map((fileId, index) => {
    const digits = createHash("sha256").update(`${settings.id} ${index} ${fileId}`).digest("hex").slice(0, 32);
    return {
      id: `cfile_${digits}`,
      object: "container.file",
      created_at: createdAt,
      bytes: 0,
      container_id: settings.id,
      path: `/mnt/data/${digits}-${fileId}`,
      source: "user",
    };
  });
}

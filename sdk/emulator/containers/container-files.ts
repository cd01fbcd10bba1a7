import { createHash } from "node:crypto";
import { unknownCursor } from "../http/api-error";
import type { FileListQuery } from "./list-query";
import type { StoredContainer } from "./stored-container";

/** A file of a container: the published `ContainerFileResource`. */
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

/** The published `ContainerFileListResource`, whose `first_id` and `last_id` are strings, also of an empty page. */
interface ContainerFileList {
  object: "list";
  data: ContainerFileResource[];
  first_id: string;
  last_id: string;
  has_more: boolean;
}

/** @throws ApiError 400 for a cursor that is not a file of the container */
export function filePage(entry: StoredContainer, { limit, order, after }: FileListQuery): ContainerFileList {
  const files = order === "asc" ? filesOf(entry) : filesOf(entry).reverse();
  const before = after === undefined ? -1 : files.findIndex(({ id }) => id === after);
  if (after !== undefined && before === -1) throw unknownCursor("file", after);
  const data = files.slice(before + 1, before + 1 + limit);
  const [first_id, last_id] = [data.at(0)?.id ?? "", data.at(-1)?.id ?? ""];
  return { object: "list", data, first_id, last_id, has_more: before + 1 + limit < files.length };
}

/** The files of its create request. Only their ids are known, so each file is empty and named by its id. */
function filesOf({ settings, createdAt, body }: StoredContainer): ContainerFileResource[] {
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

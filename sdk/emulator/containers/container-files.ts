import { createHash } from "node:crypto";
import { basename } from "node:path/posix";
import { ApiError } from "../http/api-error";
import { type ListPage, listPage } from "../http/list-page";
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

/**
 * The published `ContainerFileListResource`, whose `first_id` and `last_id` are strings, also of an empty page.
 * @throws ApiError 400 for a cursor that is not a file of the container
 */
export function filePage(container: StoredContainer, query: FileListQuery): ListPage<ContainerFileResource, ""> {
  return listPage(filesOf(container), query, "file", "");
}

/** @throws ApiError 404, whose wording is a guess */
export function fileOf(container: StoredContainer, id: string): { resource: ContainerFileResource; content: Buffer } {
  const resources = filesOf(container);
  const index = resources.findIndex((file) => file.id === id);
  const [resource, file] = [resources[index], container.files[index]];
  if (!resource || !file) throw new ApiError(404, `Container file with id '${id}' not found.`);
  return { resource, content: file.content };
}

/** The files of its create request, which it keeps if they are deleted in the account. */
function filesOf({ settings, createdAt, files }: StoredContainer): ContainerFileResource[] {
  return files.map(({ id, name, content }, index) => {
    const digits = createHash("sha256").update(`${settings.id} ${index} ${id}`).digest("hex").slice(0, 32);
    return {
      id: `cfile_${digits}`,
      object: "container.file",
      created_at: createdAt,
      bytes: content.length,
      container_id: settings.id,
      path: `/mnt/data/${digits}-${basename(name)}`,
      source: "user",
    };
  });
}

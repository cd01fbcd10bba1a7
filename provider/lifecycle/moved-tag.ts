import type { Backend, Report } from "../backends/backend";
import type { ContainerRecord } from "../model/record";

/**
 * Warns of a container whose image's name stands for another image by now. The container keeps its own: a tag that moves
 * must not replace it.
 * @param isSecret whether the program made the name secret
 */
export async function warnOfMovedTag(
  id: string,
  { docker: { image: name } = {}, imageId }: ContainerRecord,
  backend: Pick<Backend, "imageId">,
  isSecret: boolean,
  report: Report,
): Promise<void> {
  if (name === undefined || imageId === undefined || isPinned(name)) return;
  const present = await backend.imageId?.(name);
  if (present === undefined || present === imageId) return;
  report.warning(
    "OC2616",
    `container ${id} keeps its image ${short(imageId)}: ${isSecret ? "its name (secret)" : JSON.stringify(name)} is now ${short(present)} on its engine. Run \`pulumi up --replace\` with its URN to take that one, or pin the image by its digest or id`,
  );
}

/** By a digest, or as an image's id, which may be shortened. */
function isPinned(image: string): boolean {
  return /@|^sha256:|^[\da-f]{12}(?:[\da-f]{52})?$/.test(image);
}

function short(id: string): string {
  return id.slice(0, "sha256:".length + 12);
}

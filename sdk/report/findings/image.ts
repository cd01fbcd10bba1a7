import { eachContainer, type FindingId, type ResourceFinding } from "../finding";
import { changes, hides, text } from "../property";

const path = "docker.image";

/** Another image, and one whose content may change under its name. */
export const image = eachContainer((change) => {
  const { before, after } = change;
  const [was, is] = [text(before, path), text(after, path)];
  if (!changes(change, path)) return [];
  if (hides(after, path)) {
    const sentence = "The image is a secret, or is not known before the update.";
    return [{ id: "image-changed", path, sentence }];
  }
  if (is === undefined || was === is) return [];
  const sides = { path, before: was === undefined ? [] : [was], after: [is] };
  const findings: ResourceFinding<FindingId>[] = [];
  if (was !== undefined)
    findings.push({
      ...sides,
      id: "image-changed",
      sentence: `The image changes from ${short(was)} to ${short(is)}.`,
    });
  if (!isPinned(is) && (was === undefined || isPinned(was)))
    findings.push({
      ...sides,
      id: "image-unpinned",
      sentence: `The image ${short(is)} has no digest, so its content may change.`,
    });
  return findings;
});

/** Without the end of a digest. */
function short(image: string): string {
  return JSON.stringify(image.replace(/(sha256:[0-9a-f]{12})[0-9a-f]{52}$/, "$1…"));
}

/** By a digest, or as an image's id. */
function isPinned(image: string): boolean {
  return /(^|@)sha256:[0-9a-f]{64}$/.test(image);
}

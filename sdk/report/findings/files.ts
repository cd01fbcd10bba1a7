import { eachContainer, quoted } from "../finding";
import { changes, hides, texts } from "../property";

const path = "fileIds";

/** Other files of the account in place of those that a container got when it was created. */
export const files = eachContainer((change) => {
  const { before, after, operation } = change;
  if (operation !== "replace" || !changes(change, path)) return [];
  const id = "files-changed";
  if (hides(before, path) || hides(after, path))
    return [{ id, path, sentence: "Files are secret, or some are not known before the update." }];
  const [old, now] = [texts(before, path), texts(after, path)];
  const added = now.filter((file) => !old.includes(file));
  const removed = old.filter((file) => !now.includes(file));
  const parts = [
    ...(added.length > 0 ? [`added ${quoted(added)}`] : []),
    ...(removed.length > 0 ? [`removed ${quoted(removed)}`] : []),
  ];
  return parts.length === 0
    ? []
    : [{ id, path, before: removed, after: added, sentence: `Files: ${parts.join("; ")}.` }];
});

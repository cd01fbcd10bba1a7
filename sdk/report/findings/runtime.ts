import { eachContainer } from "../finding";
import { changes, hides, text } from "../property";

const path = "docker.runtime";

/** Another runtime, and so another isolation from the engine's host. */
export const runtime = eachContainer((change) => {
  const { before, after, operation } = change;
  if (operation !== "replace" || !changes(change, path)) return [];
  const id = "runtime-changed";
  if (hides(before, path) || hides(after, path))
    return [{ id, path, sentence: "The runtime is a secret, or is not known before the update." }];
  const [was, is] = [text(before, path), text(after, path)];
  if (was === is) return [];
  const sentence = `The runtime, which isolates the container, changes from ${named(was)} to ${named(is)}.`;
  return [{ id, path, before: was === undefined ? [] : [was], after: is === undefined ? [] : [is], sentence }];
});

function named(name: string | undefined): string {
  return name === undefined ? "the engine's default" : JSON.stringify(name);
}

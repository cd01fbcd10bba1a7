/**
 * One line for each call to the API or a Docker engine, where OPENAI_CONTAINERS_DEBUG is 1. It goes to stderr: Pulumi shows
 * that of a provider's process at the stack, and reads the provider's port from its stdout, where nothing else may be.
 * A line has no headers, no bodies, and of a query the keys alone.
 * @param target `openai` or `docker`
 * @param path may have a query
 * @param outcome an HTTP status or an error's code
 * @param id of the request and the container, where they are known
 */
export function debugCall(
  target: string,
  method: string,
  path: string,
  outcome: string | number,
  ms: number,
  id: string | undefined,
): void {
  if (process.env["OPENAI_CONTAINERS_DEBUG"] !== "1") return;
  const parts = [new Date().toISOString(), target, method, withoutValues(path), outcome, `${Math.round(ms)} ms`, id];
  const line = parts.filter((part) => part !== undefined).join(" ");
  process.stderr.write(`openai-containers: ${line.replace(/[^\x20-\x7e]/g, "?")}\n`);
}

function withoutValues(path: string): string {
  const at = path.indexOf("?");
  if (at === -1) return path;
  const keys = [...new URLSearchParams(path.slice(at + 1)).keys()].map(encodeURIComponent);
  return `${path.slice(0, at)}${keys.length > 0 ? "?" : ""}${keys.join("&")}`;
}

/** The first of each line whose parser and agent are as strict as this program expects. */
const oldestNode = [20, 19] as const;

/** @throws if it is older than the gateway needs */
export function requireSupportedNode(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldest, oldestMinor] = oldestNode;
  if (major > oldest || (major === oldest && minor >= oldestMinor)) return;
  throw new Error(`the gateway needs Node ${oldestNode.join(".")} or newer, and its image has ${version}`);
}

/**
 * Docker's grammar of image references: https://github.com/distribution/reference/blob/v0.6.0/regexp.go. An image id is one
 * too: it reads as a name, and with its `sha256:` as a name and a tag.
 */
const hostPart = "[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*";
const registry = `(?:${hostPart}(?:\\.${hostPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const pathPart = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const tag = "\\w[\\w.-]{0,127}";
const digest = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[a-fA-F0-9]{32,}";
const reference = new RegExp(`^(?:${registry}/)?(?<path>${pathPart}(?:/${pathPart})*)(?::${tag})?(?:@${digest})?$`);

const longestPath = 255;

export function isImageReference(text: string): boolean {
  const path = reference.exec(text)?.groups?.["path"];
  return path !== undefined && path.length <= longestPath;
}

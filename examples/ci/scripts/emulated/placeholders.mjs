import { existsSync, readFileSync, writeFileSync } from "node:fs";

/**
 * Copies a stack's configuration without what only the stack's key can decrypt: each secret value is a placeholder.
 * @param {string} from a file that need not exist
 * @param {string} to
 */
export function writePlaceholders(from, to) {
  writeFileSync(to, existsSync(from) ? withPlaceholders(readFileSync(from, "utf8")) : "");
}

/**
 * Pulumi writes a secret as a map with one key, `secure`: of a key, on a line of its own; in a list, after the hyphen.
 * @param {string} configuration
 */
export function withPlaceholders(configuration) {
  return configuration
    .replace(/^(encryptionsalt|encryptedkey|secretsprovider): .*\n?/gm, "")
    .replace(/:\n *secure: .*/g, ": placeholder")
    .replace(/^([ -]*- )secure: .*/gm, "$1placeholder");
}

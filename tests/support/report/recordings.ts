import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { image } from "../docker";
import type { Stack } from "../stack";

/** Previews of a real `pulumi`, which tests/engine/report.test.ts recorded, and their reports. */
const folder = join(__dirname, "recorded");

/** With `OPENAI_CONTAINERS_RECORD=true` the tests write these files in place of a comparison. */
export const isRecording = process.env["OPENAI_CONTAINERS_RECORD"] === "true";

export type Recording = "changed.json" | "changed.events" | "unchanged.json" | "failed.json";

export function recordingFile(name: string): string {
  return join(folder, `${name}.txt`);
}

export function recording(name: string): string {
  return readFileSync(recordingFile(name), "utf8");
}

export function record(name: string, text: string): void {
  writeFileSync(recordingFile(name), text);
}

/** A preview's JSON without what differs from run to run, or from machine to machine. */
export function recordedForm(json: string, stack: Stack, imageId: string): string {
  const ids = stack
    .containers()
    .map(({ urn, id = "" }) => [id, stableId(urn.slice(urn.lastIndexOf("-") + 1))] as const);
  const shown = json
    .split("\n")
    .filter((line) => !isNoise(line))
    .join("\n");
  return ids
    .reduce((text, [id, stable]) => text.replaceAll(id, stable), shown)
    .replaceAll(stack.prefix, "shop")
    .replaceAll(stack.folder, "/home/shop")
    .replaceAll(imageId, `sha256:${"1".repeat(64)}`)
    .replaceAll(image, "sandbox:bookworm")
    .replace(/,\s*"(created|modified|sourcePosition)": ?"[^"]*"/g, "")
    .replace(/,\s*"stackTrace": ?\[[^\]]*\]/g, "")
    .replace(/,\s*"propertyDependencies": ?\{[^}]*\}/g, "")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:8484")
    .replace(/-[0-9a-f]{8}"/g, '-01234567"')
    .replace(/"createdAt": ?\d+/g, '"createdAt": 1795000000');
}

/** Of the events, those that repeat others, and debug messages; some of these have the values of secrets in clear. */
function isNoise(line: string): boolean {
  return line.includes('"resOutputsEvent"') || (line.includes('"severity":"debug"') && !line.includes("domainSecrets"));
}

function stableId(name: string): string {
  return `cntr_${createHash("sha256").update(name).digest("hex").slice(0, 48)}`;
}

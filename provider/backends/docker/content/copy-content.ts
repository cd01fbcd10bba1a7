import type Docker from "dockerode";
import type { Report } from "../../backend";
import { archiveStream, type StreamedEntry } from "../engine/archive";
import { dataVolume, skillsFolder } from "../sandbox/container-spec";
import { dataEntries } from "./data-archive";
import type { SandboxContent } from "./sandbox-content";
import { skillEntries } from "./skills-archive";

const firstReportMs = 2_000;
const reportIntervalMs = 1_000;

/**
 * Copies the files and skills into a sandbox that never ran, one archive for each volume: a folder that was in use stays as its
 * user left it. A copy that was interrupted is overwritten.
 * @throws the error of a file's source, or the client's
 */
export async function copyContent(
  sandbox: Docker.Container,
  { files, skills }: SandboxContent,
  report: Report,
): Promise<void> {
  const sizes = [...files.map(({ bytes }) => bytes), ...skills.flatMap((skill) => skill.files.map(sizeOf))];
  const onSent = progressOf(
    sizes.reduce((sum, size) => sum + size, 0),
    report,
  );
  const downloads = new AbortController();
  try {
    await extract(sandbox, dataVolume, dataEntries(files, downloads.signal), onSent);
  } finally {
    downloads.abort(); // one that waits for the API does not notice that its reader is gone
  }
  if (skills.length > 0) await extract(sandbox, skillsFolder, skillEntries(skills), onSent);
}

function sizeOf({ bytes }: { bytes: Buffer }): number {
  return bytes.length;
}

async function extract(
  sandbox: Docker.Container,
  path: string,
  entries: Iterable<StreamedEntry> | AsyncIterable<StreamedEntry>,
  onSent: (bytes: number) => void,
): Promise<void> {
  const archive = archiveStream(entries, onSent);
  try {
    await sandbox.putArchive(archive, { path });
  } finally {
    archive.destroy(); // an engine that refuses it leaves its sources open
  }
}

/** Reports once a second how much was sent, if that takes long enough to be noticed. */
function progressOf(total: number, report: Report): (bytes: number) => void {
  let sent = 0;
  let next = performance.now() + firstReportMs;
  return (bytes) => {
    sent += bytes;
    if (performance.now() < next) return;
    next = performance.now() + reportIntervalMs;
    report.progress(`copying files: ${megabytes(Math.min(sent, total))} of ${megabytes(total)} MB`);
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}

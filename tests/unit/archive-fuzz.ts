import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readSkillArchive } from "../../provider/skills/skill-archive";
import { SkillError } from "../../provider/skills/skill-error";
import type { SkillFile } from "../../provider/skills/skill-files";
import { Random } from "../support/egress/random";
import { type RawEntry, rawZip } from "../support/skills/raw-zip";
import { manifest } from "../support/skills/skill-folder";

/**
 * Mutated zips for the reader of skills. By itself:
 * `node -r ts-node/register/transpile-only tests/unit/archive-fuzz.ts [zips] [seed]`.
 */

const hostileNames = [
  "../evil",
  "report/../../evil",
  "/tmp/evil",
  "C:evil",
  "report\\..\\..\\evil",
  "report/./a",
  "report//a",
];
const names = [
  ...hostileNames,
  "report/a",
  "report/A",
  "report/a/b",
  "report/d/",
  "report/SKILL.md",
  "other/a",
  "a\0b",
  "",
];
const modes = [0, 0o100644, 0o100755, 0o040755, 0o120777, 0o020666];
const numbers = [0, 1, 8, 22, 0x7fff, 0xffff, 0xfffffffe, 0xffffffff];

/** Reads that many zips, and writes what is accepted below a folder beside which nothing may appear. */
export async function fuzzArchives(count: number, seed: number): Promise<{ accepted: number; refused: number }> {
  const random = new Random(seed);
  const root = mkdtempSync(join(tmpdir(), "openai-containers-fuzz-"));
  const result = { accepted: 0, refused: 0 };
  try {
    for (let index = 0; index < count; index += 1) {
      const zip = mutated(random);
      const files = await readOrRefused(zip, `seed ${seed}, zip ${index}`);
      if (!files) result.refused += 1;
      else {
        result.accepted += 1;
        write(files, join(root, "target"));
        assert.deepEqual(readdirSync(root), ["target"], `seed ${seed}, zip ${index}`);
        rmSync(join(root, "target"), { recursive: true });
      }
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return result;
}

async function readOrRefused(zip: Buffer, what: string): Promise<SkillFile[] | undefined> {
  try {
    return (await readSkillArchive(zip)).files;
  } catch (error) {
    if (error instanceof SkillError) return undefined;
    throw new Error(`${what}: ${zip.toString("base64")}`, { cause: error });
  }
}

/** As an engine would unpack it. */
function write(files: readonly SkillFile[], target: string): void {
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), bytes, { flag: "wx" });
  }
}

/** A zip of random entries, some of whose bytes and numbers are then changed. */
function mutated(random: Random): Buffer {
  const skill: RawEntry = { name: "report/SKILL.md", content: manifest };
  const zip = rawZip([skill, ...Array.from({ length: random.below(3) }, () => entry(random))]);
  for (let changes = random.below(4); changes > 0; changes -= 1) change(zip, random);
  return random.below(20) === 0 ? zip.subarray(0, random.below(zip.length)) : zip;
}

function entry(random: Random): RawEntry {
  const content = random.bytes(random.below(40));
  const lies = { size: random.below(50), crc: random.below(2 ** 32), compressedSize: random.below(50) };
  const name = random.below(2) === 0 ? `report/f${random.below(3)}` : random.pick(names);
  return {
    name,
    content,
    method: random.below(4) === 0 ? 0 : 8,
    mode: modes[random.below(modes.length)] ?? 0,
    ...(random.below(10) === 0 && lies),
  };
}

function change(zip: Buffer, random: Random): void {
  const at = random.below(zip.length - 4);
  const near = zip.indexOf(random.pick(["PK\x01\x02", "PK\x03\x04", "PK\x05\x06"]), at, "latin1");
  switch (random.below(4)) {
    case 0:
      zip[at] = random.below(256);
      return;
    case 1: // a number of a header
      if (near >= 0 && near + 40 < zip.length)
        zip.writeUInt32LE(numbers[random.below(numbers.length)] ?? 0, near + random.below(36));
      return;
    case 2:
      zip.copy(zip, at, random.below(zip.length), random.below(zip.length));
      return;
    default:
      zip.write(random.pick(hostileNames), at, "latin1");
  }
}

if (require.main === module) {
  const [count = "100000", seed = String(Date.now() % 2 ** 31)] = process.argv.slice(2);
  fuzzArchives(Number(count), Number(seed)).then(
    ({ accepted, refused }) =>
      process.stdout.write(`seed ${seed}: ${accepted} accepted, ${refused} refused, no failure\n`),
    (error: Error) => {
      process.stderr.write(`${error.stack}\n`);
      process.exit(1);
    },
  );
}

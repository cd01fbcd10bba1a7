import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join, relative } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { normalise } from "../../provider/model/normalise";
import { readSkillFolder } from "../../provider/skills/skill-folder";
import { type ContainerArgs, skillFromFolder } from "../../sdk";
import { reportFiles, useSkillFolders } from "../support/skills/skill-folder";
import { packageFolder } from "../support/stack";

describe("skillFromFolder", () => {
  const folderOf = useSkillFolders();

  const skillAt = (path: string, folder: string) => ({
    type: "inline",
    name: "report",
    description: "Writes reports",
    source: { type: "folder", path, sha256: readSkillFolder(folder).sha256 },
  });

  it("returns a skill with a relative path from the program's folder, and the SHA-256 of the folder's contents", () => {
    const folder = folderOf(reportFiles);
    const path = relative(process.cwd(), folder);
    for (const written of [path, `./${path}/`, `none/../${path}`])
      assert.deepEqual(skillFromFolder(written), skillAt(path, folder));
  });

  it("returns a skill with an absolute path as it is, which a provider in another folder finds", () => {
    const folder = folderOf(reportFiles);
    for (const written of [folder, `${folder}/`]) assert.deepEqual(skillFromFolder(written), skillAt(folder, folder));
  });

  it("returns an argument that a check accepts as it is", () => {
    const args = { skills: [skillFromFolder(folderOf(reportFiles))] } satisfies ContainerArgs;
    const result = normalise({ backend: "openai", ...args });
    assert.ok("value" in result);
    assert.deepEqual(result.value["skills"], args.skills);
  });

  it("throws an error without stack trace for a folder that is no skill, with the path as it was written", () => {
    const path = folderOf({ "README.md": "" });
    assert.throws(
      () => skillFromFolder(path),
      (error) =>
        RunError.isInstance(error) &&
        error.message ===
          `OC1203: skillFromFolder(${JSON.stringify(path)}): there is no SKILL.md directly in the skill's folder. Add one.`,
    );
  });

  it("throws an error that names the absolute folder, where it cannot be read", () => {
    const absolute = JSON.stringify(join(process.cwd(), "skills/none"));
    assert.throws(() => skillFromFolder("./skills/none"), {
      message: `OC1201: skillFromFolder("./skills/none"): ${absolute} cannot be read: ENOENT. Correct the path, or the permissions.`,
    });
  });

  it("throws an error for what is no path", () => {
    const call = (path: unknown) => Reflect.apply(skillFromFolder, undefined, [path]);
    for (const [path, got] of [
      [undefined, "undefined"],
      ["", "none"],
      [new URL("file:///a"), "object"],
    ])
      assert.throws(() => call(path), {
        message: `OC1214: skillFromFolder needs the path of a folder, and got ${got}.`,
      });
  });

  it("loads its reader when it is first called, and nothing for zips", () => {
    const loaded = `Object.keys(require.cache).flatMap((path) =>
      /dist\\/(provider)\\/|node_modules\\/(zod|ignore|yauzl|yazl|openai|dockerode)\\//.exec(path)?.slice(1).filter(Boolean) ?? [])`;
    const program = `const { skillFromFolder } = require("pulumi-openai-containers");
      const before = ${loaded};
      skillFromFolder(process.argv[1]);
      console.log(JSON.stringify([before, [...new Set(${loaded})].sort()]));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", program, folderOf(reportFiles)], {
      cwd: packageFolder,
      encoding: "utf8",
    });
    assert.deepEqual([JSON.parse(stdout || "null"), stderr], [[[], ["ignore", "provider", "zod"]], ""]);
  });
});

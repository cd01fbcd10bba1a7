import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runMain } from "../support/run-main";

const command = join(__dirname, "../../dist/sdk/cli/index.js");
const names = ["doctor", "egress", "emulator", "prune", "report"];

describe("openai-containers", () => {
  it("lists every command with --help and -h", async () => {
    for (const option of ["--help", "-h"]) {
      const [exitCode, out, err] = await runMain([option]);
      assert.deepEqual([exitCode, err], [0, ""]);
      assert.match(out, /^Usage: openai-containers <command> \[options\]\n/);
      for (const name of names) assert.match(out, new RegExp(`^ {2}${name} +[A-Z]`, "m"));
    }
  });

  for (const name of names) {
    it(`prints usage, options, examples and exit codes with ${name} --help, in at most 100 columns`, async () => {
      const [exitCode, out, err] = await runMain([name, "--help"]);
      assert.deepEqual([exitCode, err], [0, ""]);
      assert.ok(out.startsWith(`Usage: openai-containers ${name}`), out);
      assert.match(out, /\n\nOptions:\n( {2}.*\n)+\nExamples:\n( {2}.*\n)+\nExit codes:\n {2}0 .*\n( {2}.*\n)+$/);
      for (const line of out.split("\n")) assert.ok(line.length <= 100, line);
    });
  }

  it("prints the same help for a command as the argument of help, --help and -h", async () => {
    for (const name of ["help", "--help", "-h"]) {
      assert.deepEqual(await runMain([name, "doctor"]), await runMain(["doctor", "--help"]));
      assert.deepEqual(await runMain([name]), await runMain(["--help"]));
    }
    assert.match((await runMain(["help"]))[1], /^Usage: openai-containers <command>/);
  });

  it("prints the version of the package with --version, from its build too", async () => {
    const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8"));
    assert.deepEqual(await runMain(["--version"]), [0, `${version}\n`, ""]);
    const { stdout } = spawnSync(process.execPath, [command, "--version"], { encoding: "utf8", cwd: "/" });
    assert.equal(stdout, `${version}\n`);
  });

  const mistakes: [code: string, what: string, help: string, ...args: string[]][] = [
    ["OC5001", "No command was given", "--help"],
    ["OC5002", 'There is no command "docter"', "--help", "docter"],
    ["OC5003", "Invalid arguments: Unknown option '--cleer'", "doctor --help", "doctor", "--cleer"],
    ["OC5003", "Invalid arguments: Unexpected argument 'box'", "doctor --help", "doctor", "box"],
    ["OC5003", "Invalid arguments: Option '--forget <value>' argument missing", "doctor --help", "doctor", "--forget"],
    ["OC5003", "Invalid arguments: Unexpected argument 'all'", "prune --help", "prune", "all"],
    ["OC5004", "--clear and --forget cannot be combined", "doctor --help", "doctor", "--clear", "--forget", "0123"],
    ["OC5005", "Exactly one container id is required", "egress --help", "egress"],
    ["OC5005", "Exactly one container id is required", "egress --help", "egress", "cntr_1", "cntr_2"],
    ["OC5005", "Exactly one container id is required", "egress --help", "egress", ""],
    ["OC5002", 'There is no command "docter"', "--help", "help", "docter"],
    ["OC5002", 'There is no command "docter"', "--help", "--help", "docter"],
    [
      "OC5006",
      '--port: got "65536", expected an integer from 0 to 65535',
      "emulator --help",
      ...["emulator", "--port", "65536"],
    ],
    [
      "OC5006",
      '--maximum-minutes: got "0", expected an integer of at least 1',
      "emulator --help",
      ...["emulator", "--maximum-minutes", "0"],
    ],
  ];
  for (const [code, what, help, ...args] of mistakes) {
    it(`exits with 2 and ${code} for the arguments ${JSON.stringify(args)}`, async () => {
      const line = `${code}: ${what}. Run \`openai-containers ${help}\` for usage.\n`;
      const [exitCode, out, err] = await runMain(args);
      assert.deepEqual([exitCode, out], [2, ""]);
      // Newer versions of Node explain more.
      assert.equal(err.replace(/\. This command does not take positional arguments/, ""), line);
    });
  }

  it("exits silently when the reader of its output closes the pipe", () => {
    const { status, stderr } = spawnSync("sh", ["-c", `"$0" "$1" --help | true`, process.execPath, command], {
      encoding: "utf8",
    });
    assert.deepEqual([status, stderr], [0, ""]);
  });
});

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { inTurn, type Row } from "./measure";

const checkout = join(__dirname, "../..");
const heavy = ["zod", "dockerode", "openai"];

/** What importing the package costs a program that uses Pulumi anyway. */
export async function programStart(): Promise<Row[]> {
  const pulumi = 'require("@pulumi/pulumi");';
  const ours = 'require("pulumi-openai-containers");';
  const cpu = (program: string) => async () =>
    Number(run(`${program} const { user, system } = process.cpuUsage(); console.log((user + system) / 1000);`));
  const own = `${pulumi} const began = process.hrtime.bigint(); ${ours} console.log(Number(process.hrtime.bigint() - began) / 1e6);`;
  const loaded = `${pulumi} ${ours} console.log(Object.keys(require.cache).filter((path) => /node_modules\\/(${heavy.join("|")})\\//.test(path)).length);`;
  return [
    ...(await inTurn("start a program (CPU)", "ms", 11, [
      ["@pulumi/pulumi alone", cpu(pulumi)],
      ["with this package", cpu(pulumi + ours)],
    ])),
    ...(await inTurn("import this package after @pulumi/pulumi", "ms", 11, [
      ["wall clock", async () => Number(run(own))],
    ])),
    ...(await inTurn(`modules of ${heavy.join(", ")} loaded by it`, "modules", 1, [
      ["count", async () => Number(run(loaded))],
    ])),
  ];
}

function run(program: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["-e", program], { cwd: checkout, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

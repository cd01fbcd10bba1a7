import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { containerSchema } from "../../provider/model/container";
import { table } from "../contract/differences";

const docs = join(__dirname, "../../docs");
const page = readFileSync(join(docs, "container.md"), "utf8");

const property = z.object({
  description: z.string(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
});

describe("the page about Container", () => {
  it("has the arguments as the schema defines them", () => {
    const { properties = {} } = z.toJSONSchema(containerSchema, { io: "input" });
    const rows = Object.entries(properties).map(([name, json]) => {
      const { description, default: preset, enum: values } = property.parse(json);
      const words = values?.map((value) => `\`${value}\``).join(" ") ?? "";
      return `| \`${name}\` | ${words} | ${preset === undefined ? "" : `\`${JSON.stringify(preset)}\``} | ${description} |`;
    });
    const table = /<!-- arguments: .*? -->\n((?:\|.*\n)+)<!-- end of arguments -->/.exec(page)?.[1] ?? "";
    const [, , ...written] = table.trim().split("\n").map(withoutPadding);
    assert.deepEqual(written, rows.map(withoutPadding));
  });
});

describe("the page about Docker", () => {
  it("has the differences as the suite of both backends observes them", () => {
    const docker = readFileSync(join(docs, "docker.md"), "utf8");
    const written = /<!-- differences: .*? -->\n((?:\|.*\n)+)<!-- end of differences -->/.exec(docker)?.[1] ?? "";
    const rows = (text: string) => text.trim().split("\n").map(withoutPadding);
    const withoutRule = ([head, , ...rest]: string[]) => [head, ...rest];
    assert.deepEqual(withoutRule(rows(written)), withoutRule(rows(table())));
  });
});

describe("the page about allow lists", () => {
  it("names a test of each of the ways round them", () => {
    const page = readFileSync(join(docs, "allow-lists.md"), "utf8");
    const table = /<!-- groups: .*? -->\n((?:\|.*\n)+)<!-- end of groups -->/.exec(page)?.[1] ?? "";
    const [, , ...rows] = table.trim().split("\n");
    const numbers = rows.map((row, index) => {
      const [, number = "", , live, alone] = row.split("|").map((cell) => cell.trim());
      const title = new RegExp(`(it|describe)\\(["\`]${number}: `);
      assert.match(testFile(`live/${nameIn(live)}`), title, row);
      if (alone) testFile(nameIn(alone));
      assert.equal(number, String(index + 1));
      return number;
    });
    assert.equal(numbers.length, 31);
  });

  const nameIn = (cell = "") => cell.replaceAll("`", "");
  const testFile = (name: string) => readFileSync(join(__dirname, `../egress/${name}.test.ts`), "utf8");
});

function withoutPadding(row: string): string {
  return row.replace(/ +/g, " ");
}

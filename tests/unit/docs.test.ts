import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { containerSchema } from "../../provider/model/container";

const page = readFileSync(join(__dirname, "../../docs/container.md"), "utf8");

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

function withoutPadding(row: string): string {
  return row.replace(/ +/g, " ");
}

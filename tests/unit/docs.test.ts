import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { containerSchema, outputNames } from "../../provider/model/container";
import { table } from "../contract/differences";
import { enginesTable } from "../contract/engines";

const docs = join(__dirname, "../../docs");
const page = readFileSync(join(docs, "container.md"), "utf8");

describe("the page about Container", () => {
  it("has the arguments of the schema and the outputs of the class", async () => {
    const { withTables } = await import("../../scripts/container-tables.mjs");
    const source = readFileSync(join(__dirname, "../../sdk/container.ts"), "utf8");
    const expected = withTables(page, z.toJSONSchema(containerSchema, { io: "input" }), source);
    assert.equal(page, expected, "npm run docs puts it right");
    for (const name of ["id", ...outputNames]) assert.match(page, new RegExp(`^\\| \`${name}\` \\|.*\\w{3}`, "m"));
  });
});

describe("the page about Docker", () => {
  const docker = readFileSync(join(docs, "docker.md"), "utf8");
  const rows = (text: string) => text.trim().split("\n").map(withoutPadding);
  const withoutRule = ([head, , ...rest]: string[]) => [head, ...rest];
  const written = (name: string) =>
    new RegExp(`<!-- ${name}: .*? -->\\n((?:\\|.*\\n)+)<!-- end of ${name} -->`).exec(docker)?.[1] ?? "";

  it("has the differences as the suite of both backends observes them", () => {
    assert.deepEqual(withoutRule(rows(written("differences"))), withoutRule(rows(table())));
  });

  it("has the engines as the tests on each of them observe them", () => {
    assert.deepEqual(withoutRule(rows(written("engines"))), withoutRule(rows(enginesTable())));
  });
});

describe("the page about allow lists", () => {
  it("names the tests of each bypass", () => {
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

describe("the pages for readers of the code", () => {
  it("name only files that are there", () => {
    const root = join(docs, "..");
    const files = ["provider", "sdk", "tests", "scripts", "examples"].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((path) => `/${folder}/${path}`),
    );
    const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...readdirSync(docs).map((name) => `docs/${name}`)];
    for (const page of pages) {
      const text = readFileSync(join(root, page), "utf8");
      for (const [, path = ""] of text.matchAll(/`(\w[\w/.-]*\.(?:ts|mjs|cjs))`/g)) {
        const isPlaceholder = /\b[A-Z]{3,}\b/.test(path);
        assert.ok(isPlaceholder || files.some((file) => file.endsWith(`/${path}`)), `${page}: ${path}`);
      }
    }
  });
});

function withoutPadding(row: string): string {
  return row.replace(/ +/g, " ");
}

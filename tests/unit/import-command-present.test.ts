import assert from "node:assert/strict";
import { declaredIn } from "../../sdk/cli/import/declared";
import { type Generated, generatedProgram } from "../../sdk/cli/import/generated-program";
import { assertGenerated, programText } from "../../sdk/cli/import/program";

const mark = programText(undefined, [], true).split("\n")[0];

const generated = (name: string, more: object = {}, outputs: Record<string, unknown> = {}): Generated => {
  const observed = { id: `cntr_${name}`, name, status: "running", createdAt: 0, reportedAt: 0 };
  const inputs = { name, backend: "openai", memoryLimit: "1g", ...more };
  return {
    chosen: { candidate: { observed, refusals: [], missing: [] }, name, isManaged: false },
    resource: { type: "", name, id: observed.id, inputs, outputs },
  };
};
const written = (present: string | undefined, ...all: Generated[]) =>
  generatedProgram("sandboxes.ts", present, all, { protect: false });

describe("declarations that the import command finds in a program", () => {
  const layouts: [what: string, text: string][] = [
    ["in the layout of the command", 'export const a = new Container(\n  "box",\n  {},\n);'],
    ["in one line", 'export const a = new Container("box", {});'],
    ["in single quotes", "export const a = new Container('box', {});"],
    ["in a template literal", "new Container(`box`, args);"],
    ["without an export or a variable", 'new Container("box");'],
    ["without spaces, or with many", 'a=new  Container ( "box" ,{})'],
    ["of a namespace", 'const a = new containers.Container("box", {});'],
    ["after a comment", 'new Container(\n  // the first // one\n  /* of two */ "box",\n  {},\n);'],
    ["with Windows line ends", 'new Container(\r\n  "box",\r\n  {},\r\n);'],
  ];
  for (const [what, text] of layouts) {
    it(`are those ${what}`, () =>
      assert.deepEqual(declaredIn([text]), { names: new Set(["box"]), hasComputed: false }));
  }

  const computed: [what: string, text: string][] = [
    ["a variable", "new Container(name, {});"],
    ["a sum", 'new Container("box" + index, {});'],
    ["a template with a part to fill in", "new Container(`box-$" + "{index}`, {});"],
    ["a text with an escape", 'new Container("b\\x6fx", {});'],
  ];
  for (const [what, text] of computed) {
    it(`may be any where the name is ${what}`, () =>
      assert.deepEqual(declaredIn([text]), { names: new Set(), hasComputed: true }));
  }

  it("are of all files, and of Container alone", () => {
    const { names, hasComputed } = declaredIn([
      'new Container("a")',
      'new MyContainer("x"); new Containers(y)',
      'new Container("b")',
    ]);
    assert.deepEqual([[...names], hasComputed], [["a", "b"], false]);
  });
});

describe("a program that the import command generated earlier", () => {
  const person = `${mark}
import { Container } from "pulumi-openai-containers";
const box = "not a container";
function helper() { return box }
export const mine = new Container('own', { memoryLimit: "1g" }) // no semicolon`;

  it("stays byte for byte, and gets new declarations at its end", () => {
    for (const present of [person, `${person}\n`, `\ufeff${person}\r\n`]) {
      const next = written(present, generated("web"));
      assert.ok(next.startsWith(present), next);
      assert.equal(
        next.slice(present.length).trimStart(),
        '// Imported from cntr_web\nexport const web = new Container("web", {\n  name: "web",\n  backend: "openai",\n  memoryLimit: "1g",\n});\n',
      );
    }
  });

  it("stays as it is where nothing is new", () => assert.equal(written(person), person));

  it("gets no variable that is a word in it", () => {
    assert.match(written(person, generated("box"), generated("helper")), /const box2 = new[\s\S]*const helper2 = new/);
  });

  it("gets an import of Container where it has none", () => {
    const line = 'import { Container } from "pulumi-openai-containers";\n';
    const count = (present: string) => written(present, generated("web")).split(line).length - 1;
    assert.equal(count(`${mark}\nexport {};\n`), 1);
    assert.equal(count(`${mark}\nimport { Container as C } from "pulumi-openai-containers";\n`), 1);
    assert.equal(count(`${mark}\nimport {\n  getContainer,\n  Container,\n} from 'pulumi-openai-containers';\n`), 0);
    assert.equal(count(`${mark}\nconst { Container } = require("pulumi-openai-containers");\n`), 0);
  });

  it("gets the lines for domain secrets once", () => {
    const policy = { networkPolicy: { type: "allowlist", allowedDomains: ["example.com"] } };
    const unreported = { __unreported: ["networkPolicy.domainSecrets"] };
    const once = written(written(person, generated("a")), generated("b", policy, unreported));
    const twice = written(once, generated("c", policy, unreported));
    assert.equal(twice.split("// For domain secrets:\n").length - 1, 1);
    assert.ok(twice.indexOf("// For domain secrets:") < twice.indexOf("cntr_b"), twice);
  });

  it("is recognized by its first line, and a file without it is refused with OC5209", () => {
    assert.throws(
      () => assertGenerated("index.ts", 'import "./sandboxes";\n'),
      /^Error: OC5209: index.ts is not changed/,
    );
    for (const text of [undefined, person, `\ufeff${person}`]) assertGenerated("index.ts", text);
  });
});

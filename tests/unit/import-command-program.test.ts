import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import ts from "typescript";
import { type Declaration, declarationText } from "../../sdk/cli/import/declaration";
import { identifierFor } from "../../sdk/cli/import/identifiers";
import { quoted } from "../../sdk/cli/import/literals";
import { programText } from "../../sdk/cli/import/program";
import { resourceNames } from "../../sdk/cli/import/resource-names";

const biome = join(__dirname, "../../node_modules/.bin/biome");
const text = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }),
  fc.constantFrom('"', "'", "`", "*/ //", "\\", "\r\n", "\u2028", "\u202e", "\ud800", "class", "a b", "ab"),
);
const domain = fc.stringMatching(/^[a-z]{1,40}\.example\.com$/);
const networkPolicy = fc.record(
  { type: fc.constant("allowlist"), allowedDomains: fc.array(domain, { minLength: 1, maxLength: 4 }) },
  { noNullPrototype: true },
);
interface Given {
  name: string;
  networkPolicy: object | undefined;
  image: string | undefined;
  secretNames: string[] | undefined;
}
const containersNamed = (name: fc.Arbitrary<string>): fc.Arbitrary<Given[]> => {
  const container = fc.record(
    {
      name,
      networkPolicy: fc.option(networkPolicy, { nil: undefined }),
      image: fc.option(name, { nil: undefined }),
      secretNames: fc.option(fc.array(fc.stringMatching(/^[A-Z]{1,9}$/), { maxLength: 2 }), { nil: undefined }),
    },
    { noNullPrototype: true },
  );
  return fc.array(container, { minLength: 1, maxLength: 5 });
};
const containers = containersNamed(text);

function declarationsOf(all: readonly Given[]): Declaration[] {
  const ids = all.map((given, index) => ({ ...given, id: `cntr_${index}` }));
  const names = resourceNames(ids, new Map(), []);
  const identifiers = new Set<string>();
  return ids.map(({ id, name, networkPolicy, image, secretNames }) => {
    const resource = names.get(id) ?? assert.fail();
    return {
      id,
      name: resource,
      identifier: identifierFor(resource, identifiers),
      args: {
        name,
        backend: image === undefined ? "openai" : "docker",
        memoryLimit: "4g",
        ...(networkPolicy && { networkPolicy }),
        expiresAfter: { anchor: "last_active_at", minutes: 45 },
        ...(image !== undefined && { docker: { image } }),
      },
      unreported: [...(networkPolicy ? ["networkPolicy.domainSecrets"] : []), "fileIds", "skills"],
      secretNames,
    };
  });
}

function generated(declarations: readonly Declaration[], usesImport: boolean, protect: boolean): string {
  const texts = declarations.map((declaration) => declarationText(declaration, { usesImport, protect }));
  return programText(undefined, texts, usesImport);
}

/** What a CommonJS program creates. */
function created(program: string): { name: string; args: unknown; options: unknown; variable: string }[] {
  const exports: Record<string, unknown> = {};
  class Container {
    constructor(
      readonly name: string,
      readonly args: unknown,
      readonly options?: unknown,
    ) {}
  }
  runInNewContext(program, { exports, require: () => ({ Container }) });
  // Objects of another context have other prototypes.
  return JSON.parse(
    JSON.stringify(Object.entries(exports).map(([variable, value]) => ({ ...Object(value), variable }))),
  );
}

describe("the program of the import command", () => {
  it("declares the containers as they are, whatever characters their names have", () => {
    fc.assert(
      fc.property(containers, fc.boolean(), (all, protect) => {
        const declarations = declarationsOf(all);
        const options = protect ? { options: { protect: true } } : {};
        const expected = declarations.map(({ name, args, identifier }) => ({
          name,
          args,
          ...options,
          variable: identifier,
        }));
        assert.deepEqual(created(generated(declarations, false, protect)), JSON.parse(JSON.stringify(expected)));
      }),
    );
  });

  it("compiles as TypeScript in its strictest settings, whatever characters the names have", function () {
    this.timeout(60_000);
    const samples = fc.sample(containers, 20).map(declarationsOf);
    const programs = samples
      .map((declarations, at) => generated(declarations, true, at % 2 === 0))
      .flatMap((program) => [program, withSecretsUncommented(program)]);
    const wrong = `${programs[0]}new Container("a", { memoryLimit: "2g" });\n`; // shows that the compiler sees mistakes
    const files = errorsIn([...programs, wrong]).map(({ file }) => basename(file?.fileName ?? ""));
    assert.deepEqual([...new Set(files)], [`program-${programs.length}.ts`]);
  });

  it("is formatted as a formatter would", () => {
    // Formatters count the columns of wide characters, which the command does not.
    const ofAscii = containersNamed(fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 90 }));
    const all = declarationsOf(fc.sample(ofAscii, 40).flat());
    for (const usesImport of [true, false]) {
      for (const protect of [true, false]) {
        const program = generated(all, usesImport, protect);
        assert.equal(formatted(program, usesImport ? "program.ts" : "program.js"), program);
      }
    }
  });

  it("says what the API does not report, and how domain secrets are added", () => {
    const [declaration = assert.fail()] = declarationsOf([
      {
        name: "a",
        networkPolicy: { type: "allowlist", allowedDomains: ["api.github.com"] },
        image: undefined,
        secretNames: undefined,
      },
    ]);
    assert.equal(
      generated([declaration], true, true),
      `// Generated by \`openai-containers import\`, which adds declarations at its end and changes nothing else.
import { Container } from "pulumi-openai-containers";
// For domain secrets:
// import * as pulumi from "@pulumi/pulumi";
// const config = new pulumi.Config();

// Imported from cntr_0
export const a = new Container(
  "a",
  {
    name: "a",
    backend: "openai",
    memoryLimit: "4g",
    networkPolicy: {
      type: "allowlist",
      allowedDomains: ["api.github.com"],
      // Domain secrets are not reported by the API. If it has any:
      // domainSecrets: [{ domain: "api.github.com", name: "…", value: config.requireSecret("…") }],
    },
    expiresAfter: { anchor: "last_active_at", minutes: 45 },
    // Not reported by the API: fileIds, skills
  },
  { protect: true },
);
`,
    );
  });

  it("has one line for each domain secret whose name is known, and none where there is none", () => {
    const policy = { type: "allowlist", allowedDomains: ["example.com"] };
    const programOf = (secretNames: string[]) =>
      generated(declarationsOf([{ name: "a", networkPolicy: policy, image: "debian", secretNames }]), true, true);
    assert.match(programOf(["TOKEN"]), /\/\/ domainSecrets: \[\{ domain: "example.com", name: "TOKEN", value: config/);
    assert.doesNotMatch(programOf([]), /omainSecrets|config/);
  });
});

describe("quoted text of the import command", () => {
  it("is the text again as code, without characters that cannot be seen", () => {
    fc.assert(
      fc.property(text, (value) => {
        assert.equal(runInNewContext(quoted(value)), value);
        assert.doesNotMatch(quoted(value), /[\p{C}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

function formatted(program: string, file: string): string {
  const options = ["--line-width=80", "--indent-style=space", `--stdin-file-path=${file}`];
  const { stdout, stderr, status } = spawnSync(biome, ["format", ...options], { input: program, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** As a person completes it who has domain secrets. */
function withSecretsUncommented(program: string): string {
  return program.replace(/^( *)\/\/ (import \*|const config|domainSecrets:)/gm, "$1$2");
}

/** The compiler's errors in programs that use this package. */
function errorsIn(programs: readonly string[]): readonly ts.Diagnostic[] {
  const folder = join(__dirname, "generated"); // need not exist
  const files = new Map(programs.map((program, index) => [join(folder, `program-${index}.ts`), program]));
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUnusedLocals: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    types: ["node"],
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists } = host;
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.fileExists = (name) => files.has(name) || fileExists(name);
  return ts.getPreEmitDiagnostics(ts.createProgram([...files.keys()], options, host));
}

import { columns, property, quoted } from "./literals";

const secretsPath = "networkPolicy.domainSecrets";

/** A container as the generated program declares it. */
export interface Declaration {
  id: string;
  /** The resource's name. */
  name: string;
  /** The variable. */
  identifier: string;
  /** The arguments that are not the defaults. */
  args: Record<string, unknown>;
  /** The paths of the arguments that its backend does not report. */
  unreported: readonly string[];
  /** The names of its domain secrets, where its backend knows them. */
  secretNames: readonly string[] | undefined;
}

export interface Style {
  /** Whether the program is an ES module or TypeScript, rather than a CommonJS module. */
  usesImport: boolean;
  protect: boolean;
}

/** The code of one container, without a blank line around it. */
export function declarationText(declaration: Declaration, { usesImport, protect }: Style): string {
  const { id, name, identifier } = declaration;
  const head = `${usesImport ? "export const " : "exports."}${identifier} = new Container(`;
  const firstLine = `${head}${quoted(name)}, {`;
  // As formatters lay out a call: a single object beside its name, two below each other.
  const call =
    !protect && firstLine.length <= columns
      ? [firstLine, ...argumentLines(declaration, 2), "});"]
      : [
          head,
          `  ${quoted(name)},`,
          "  {",
          ...argumentLines(declaration, 4),
          "  },",
          ...(protect ? ["  { protect: true },"] : []),
          ");",
        ];
  return [`// Imported from ${id}`, ...call].map((line) => `${line}\n`).join("");
}

function argumentLines(declaration: Declaration, indent: number): string[] {
  const { args, unreported } = declaration;
  const lines = Object.entries(args).flatMap(([name, value]) =>
    name === "networkPolicy" && mayHaveSecrets(declaration)
      ? policyLines(declaration, Object(value), indent)
      : [property(name, value, indent)],
  );
  const others = unreported.filter((path) => path !== secretsPath);
  return others.length === 0
    ? lines
    : [...lines, comment(`Not reported by ${reporter(args)}: ${others.join(", ")}`, indent)];
}

/** The policy with a line for its secrets, which has to be completed. */
function policyLines({ args, secretNames = ["…"] }: Declaration, policy: object, indent: number): string[] {
  const [domain = "…"] =
    "allowedDomains" in policy && Array.isArray(policy.allowedDomains) ? policy.allowedDomains : [];
  const secrets = secretNames.map(
    (name) => `{ domain: ${quoted(String(domain))}, name: ${quoted(name)}, value: config.requireSecret("…") }`,
  );
  const inner = indent + 2;
  return [
    `${" ".repeat(indent)}networkPolicy: {`,
    ...Object.entries(policy).map(([name, value]) => property(name, value, inner)),
    comment(`Domain secrets are not reported by ${reporter(args)}. If it has any:`, inner),
    comment(`domainSecrets: [${secrets.join(", ")}],`, inner),
    `${" ".repeat(indent)}},`,
  ];
}

function comment(text: string, indent: number): string {
  return `${" ".repeat(indent)}// ${text}`;
}

function mayHaveSecrets({ unreported, secretNames }: Declaration): boolean {
  return unreported.includes(secretsPath) && secretNames?.length !== 0;
}

function reporter(args: Record<string, unknown>): string {
  return args["backend"] === "docker" ? "the Docker engine" : "the API";
}

import { literal, quoted } from "./literals";

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
  const comment = `// Imported from ${id}\n`;
  // As formatters lay out a call: two objects one below the other, a single one beside its name.
  if (!protect && `${head}${quoted(name)}, {`.length <= 80)
    return `${comment}${head}${quoted(name)}, {\n${properties(declaration, 2)}});\n`;
  const options = protect ? "  { protect: true },\n" : "";
  return `${comment}${head}\n  ${quoted(name)},\n  {\n${properties(declaration, 4)}  },\n${options});\n`;
}

function properties(declaration: Declaration, indent: number): string {
  const lines = Object.entries(declaration.args).map(([key, value]) =>
    key === "networkPolicy" && mayHaveSecrets(declaration)
      ? `networkPolicy: {\n${policy(declaration, indent + 2)}${" ".repeat(indent)}},`
      : `${key}: ${literal(value, indent, indent + key.length + 3)},`,
  );
  const others = declaration.unreported.filter((path) => path !== "networkPolicy.domainSecrets");
  if (others.length > 0) lines.push(`// Not reported by ${reporter(declaration)}: ${others.join(", ")}`);
  return lines.map((line) => `${" ".repeat(indent)}${line}\n`).join("");
}

function policy({ args, secretNames = ["…"], ...declaration }: Declaration, indent: number): string {
  const { networkPolicy } = args;
  const entries = Object.entries(networkPolicy ?? {});
  const lines = entries.map(([key, value]) => `${key}: ${literal(value, indent, indent + key.length + 3)},`);
  const domain = entries.flatMap(([key, value]) => (key === "allowedDomains" && Array.isArray(value) ? value : []))[0];
  const secrets = secretNames.map(
    (name) => `{ domain: ${quoted(String(domain))}, name: ${quoted(name)}, value: config.requireSecret("…") }`,
  );
  lines.push(
    `// Not reported by ${reporter({ args, ...declaration })}, if it has any:`,
    `// domainSecrets: [${secrets.join(", ")}],`,
  );
  return lines.map((line) => `${" ".repeat(indent)}${line}\n`).join("");
}

function mayHaveSecrets({ unreported, secretNames }: Declaration): boolean {
  return unreported.includes("networkPolicy.domainSecrets") && secretNames?.length !== 0;
}

function reporter({ args }: Pick<Declaration, "args">): string {
  return args["backend"] === "docker" ? "the Docker engine" : "the API";
}

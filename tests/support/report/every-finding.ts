import { readFileSync } from "node:fs";
import { join } from "node:path";
import { image } from "../docker";

const certificate = readFileSync(join(__dirname, "../egress/authority.pem"), "utf8");

/** Values of secrets, which must be nowhere in a preview or a report. */
export const canaries = ["CANARY-old-value", "CANARY-new-value", "CANARY-kept-value"] as const;

const [oldValue, newValue, keptValue] = canaries;

function allowlist(allowedDomains: string[], values: Record<string, string> = {}): object {
  const domainSecrets = Object.entries(values).map(([name, value]) => ({ domain: allowedDomains[0], name, value }));
  return { networkPolicy: { type: "allowlist", allowedDomains, ...(domainSecrets.length > 0 && { domainSecrets }) } };
}

/** Zips of a skill in two versions, of the same bytes in each run. */
const zips = {
  old: "UEsDBBQAAAgAAABgIQBE2xhDNQAAADUAAAAPAAAAcmVwb3J0L1NLSUxMLm1kLS0tCm5hbWU6IHJlcG9ydApkZXNjcmlwdGlvbjogV3JpdGVzIHJlcG9ydHMKLS0tCm9sZApQSwECPwMUAAAIAAAAYCEARNsYQzUAAAA1AAAADwAAAAAAAAAAAAAAtIEAAAAAcmVwb3J0L1NLSUxMLm1kUEsFBgAAAAABAAEAPQAAAGIAAAAAAA==",
  new: "UEsDBBQAAAgAAABgIQA8xpqVNQAAADUAAAAPAAAAcmVwb3J0L1NLSUxMLm1kLS0tCm5hbWU6IHJlcG9ydApkZXNjcmlwdGlvbjogV3JpdGVzIHJlcG9ydHMKLS0tCm5ldwpQSwECPwMUAAAIAAAAYCEAPMaalTUAAAA1AAAADwAAAAAAAAAAAAAAtIEAAAAAcmVwb3J0L1NLSUxMLm1kUEsFBgAAAAABAAEAPQAAAGIAAAAAAA==",
};

function inline(data: string): object {
  const source = { type: "base64", mediaType: "application/zip", data };
  return { type: "inline", name: "report", description: "Writes reports", source };
}

const reference = (skillId: string, version?: number) => ({
  type: "skill_reference",
  skillId,
  ...(version && { version }),
});

interface Declared {
  args: object;
  options?: object;
}

/** A container, before and after a change; undefined where there is none. */
type Declaration = readonly [name: string, before: Declared | undefined, after: Declared | undefined];

/**
 * Containers on both backends whose change has every finding.
 * @param imageId the id of the tests' image
 */
export function declarations(imageId: string): Declaration[] {
  const docker = (changes: object = {}) => ({ backend: "docker", docker: { image: imageId, ...changes } });
  const expiring = { expiresAfter: { anchor: "last_active_at", minutes: 1 } };
  const both = (name: string, args: object): Declaration => [name, { args }, { args }];
  return [
    [
      "analysis",
      {
        args: {
          memoryLimit: "1g",
          ...allowlist(["api.github.com", "old.example.com"], { TOKEN: oldValue, OLD: keptValue }),
        },
      },
      {
        args: {
          memoryLimit: "4g",
          ...allowlist(["api.github.com", "new.example.com"], { NEW: keptValue, TOKEN: newValue }),
        },
      },
    ],
    ["opened", { args: { memoryLimit: "4g" } }, { args: { memoryLimit: "1g", ...allowlist(["api.example.com"]) } }],
    ["closed", { args: allowlist(["api.example.com"]) }, { args: {} }],
    ["fresh", undefined, { args: allowlist(["api.example.com"], { TOKEN: newValue }) }],
    ["removed", { args: {} }, undefined],
    ["retained", { args: {}, options: { retainOnDelete: true } }, undefined],
    ["unprotected", { args: {}, options: { protect: true } }, { args: {} }],
    ["switched", { args: docker() }, { args: {} }],
    [
      "skilled",
      {
        args: {
          skills: [reference("openai-sheets", 1), reference("openai-pinned", 2), inline(zips.old)],
          fileIds: ["file-a"],
        },
      },
      {
        args: {
          skills: [reference("openai-sheets", 2), reference("openai-pinned"), inline(zips.new)],
          fileIds: ["file-b"],
        },
      },
    ],
    both("short-lived", expiring),
    both("same", {}),
    ["image", { args: docker() }, { args: docker({ image }) }],
    ["runtime", { args: docker() }, { args: docker({ runtime: "runc" }) }],
    [
      "ranges",
      { args: { ...docker({ egress: { privateRanges: ["10.1.0.0/16"] } }), ...allowlist(["api.example.com"]) } },
      {
        args: {
          ...docker({ egress: { privateRanges: ["10.2.0.0/16"], certificateAuthorities: [certificate] } }),
          ...allowlist(["api.example.com"]),
        },
      },
    ],
  ];
}

/** The program that declares one side of them, and one more at an API that a preview cannot reach. */
export function programOf(side: "before" | "after", prefix: string, imageId: string, awayBaseUrl: string): string {
  const lines = declarations(imageId).flatMap(([name, before, after]) => {
    const declared = side === "before" ? before : after;
    return declared
      ? [
          `new Container("${prefix}-${name}", ${JSON.stringify(declared.args)}, ${JSON.stringify(declared.options ?? {})});`,
        ]
      : [];
  });
  const away = JSON.stringify({ apiKey: "sk-test", baseUrl: awayBaseUrl });
  return `
    const { Provider } = require("pulumi-openai-containers");
    const away = new Provider("away", ${away});
    new Container("${prefix}-unreachable", {}, { provider: away });
    ${lines.join("\n")}`;
}

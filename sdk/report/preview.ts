/** A line that the provider, or Pulumi, says in a preview. */
export interface PreviewLine {
  /** The code at its front, such as `OC3001`, if it has one: docs/troubleshooting.md lists them. */
  readonly code: string | undefined;
  /** Without the code. */
  readonly text: string;
  readonly severity: "info" | "warning" | "error";
}

/** What an update would do. A replacement creates a new container and deletes the old one. */
export type Operation = "create" | "update" | "replace" | "delete" | "import" | "none";

/** The inputs of a resource. A secret is `[secret]`, and a text of more than 16,384 characters is its SHA-256. */
export type Inputs = Readonly<Record<string, unknown>>;

/** A resource that an update would change. */
export interface Change {
  readonly urn: string;
  /** Pulumi's type, such as `pulumi-nodejs:dynamic/openai-containers:Container`. */
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** `none` if only `protect` or `retainOnDelete` changes. */
  readonly operation: Operation;
  /** The id of what exists; undefined for what is to be created. */
  readonly id: string | undefined;
  /** When the container was created, in Unix seconds; undefined where there is none. */
  readonly createdAt: number | undefined;
  /** The inputs in state. Undefined where there are none, and for resources of other providers. */
  readonly before: Inputs | undefined;
  /** The inputs of the program. Undefined where there are none, and for resources of other providers. */
  readonly after: Inputs | undefined;
  /** The paths of the properties that differ, as Pulumi writes them: `networkPolicy.allowedDomains[1]`. */
  readonly paths: readonly string[];
  /** Why it is replaced: arguments, and words such as `expired`. */
  readonly replaceReasons: readonly string[];
  /** The URN of the provider that manages it afterwards; undefined for components. */
  readonly provider: string | undefined;
  /** Whether Pulumi's `protect` is set, before and after. */
  readonly protect: { readonly before: boolean; readonly after: boolean };
  /** Whether Pulumi's `retainOnDelete` is set, before and after: the container keeps running when it leaves the stack. */
  readonly retainOnDelete: { readonly before: boolean; readonly after: boolean };
  /** What is said about the resource. */
  readonly lines: readonly PreviewLine[];
}

/** A preview of one stack. */
export interface Preview {
  /** The file that it was read from, or `stdin`. */
  readonly source: string;
  /** Undefined where the preview failed before it named any resource. */
  readonly project: string | undefined;
  readonly stack: string | undefined;
  /** The changed resources, of other providers too, ordered by URN. */
  readonly changes: readonly Change[];
  /** How many resources stay as they are, the stack itself among them. */
  readonly unchanged: number;
  /** What is said about the run, and not about a resource that changes. */
  readonly lines: readonly PreviewLine[];
  /** Whether the stack's configuration lets the preview read the live state of containers. */
  readonly readsLiveState: boolean;
  /** Why the preview is none to rely on: it failed, or it is cut short. Empty for a whole preview that succeeded. */
  readonly errors: readonly string[];
  /** A SHA-256 of what it would change, as hex. Undefined where there are errors. */
  readonly fingerprint: string | undefined;
}

/** Pulumi's placeholder of a secret. */
export const secret = "[secret]";

/** Whether a changed resource is a container of this package. */
export function isContainer({ type }: Pick<Change, "type">): boolean {
  return type === "pulumi-nodejs:dynamic/openai-containers:Container";
}

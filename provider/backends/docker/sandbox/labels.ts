/**
 * The labels of a sandbox: they mark it among the containers of an engine, and hold the arguments that the engine has no field
 * for. Their names and forms never change, as later releases read them.
 */
export const nameLabel = "openai-containers.name";
const minutesLabel = "openai-containers.expires-after-minutes";
/** The image as the program names it. An engine may report another name of the same image. */
const imageLabel = "openai-containers.image";
/** Set on a sandbox whose program names a runtime: an engine reports its default runtime of every other. */
const runtimeLabel = "openai-containers.runtime";
/** Set on a sandbox with an allow list, to whichever networks somebody has connected it since. */
const allowListLabel = "openai-containers.allow-list";
/** `a.example.com,b.example.com` */
const domainsLabel = "openai-containers.allowed-domains";
/** `TOKEN=placeholder-…,KEY=placeholder-…` */
const placeholdersLabel = "openai-containers.placeholders";

export type Labels = Record<string, string>;

/** The part of an allow list that a sandbox knows; none of it is secret. */
export interface SandboxAllowList {
  allowedDomains: string[];
  /** The placeholder of each secret, by the secret's name. */
  placeholders: ReadonlyMap<string, string>;
}

export function sandboxLabels(
  name: string,
  minutes: number,
  { image, runtime }: { image: string; runtime?: string | undefined },
  allowList?: SandboxAllowList,
): Labels {
  return {
    [nameLabel]: name,
    [minutesLabel]: String(minutes),
    [imageLabel]: image,
    ...(runtime !== undefined && { [runtimeLabel]: runtime }),
    ...(allowList && {
      [allowListLabel]: "",
      [domainsLabel]: allowList.allowedDomains.join(","),
      [placeholdersLabel]: [...allowList.placeholders].map((pair) => pair.join("=")).join(","),
    }),
  };
}

/** The filter for the sandboxes of an engine, or for those of a name. */
export function sandboxFilter(name?: string): string {
  return name === undefined ? nameLabel : `${nameLabel}=${name}`;
}

export function hasGateway(labels: Labels): boolean {
  return allowListLabel in labels;
}

/** The allow list that a sandbox was created with; undefined for one without, or of a release that wrote no such labels. */
export function labelledAllowList(labels: Labels): SandboxAllowList | undefined {
  const { [domainsLabel]: domains, [placeholdersLabel]: placeholders } = labels;
  if (domains === undefined || placeholders === undefined) return undefined;
  const pairs = placeholders.split(",").flatMap((pair) => {
    const [name, placeholder] = pair.split("=");
    return name && placeholder ? [[name, placeholder] as const] : []; // there may be none
  });
  return { allowedDomains: domains.split(","), placeholders: new Map(pairs) };
}

/** How long a sandbox may be idle, in minutes. */
export function minutesOf(labels: Labels): number {
  return Number(labels[minutesLabel]);
}

export function nameOf(labels: Labels): string {
  return labels[nameLabel] ?? "";
}

export function imageIn(labels: Labels): string | undefined {
  return labels[imageLabel];
}

export function namesRuntime(labels: Labels): boolean {
  return runtimeLabel in labels;
}

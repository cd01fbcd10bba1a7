/** What an engine tells of a container's networks, listed or inspected. */
export interface Networked {
  NetworkSettings: { Networks: object | null };
}

/** Their names. Podman tells none as null. */
export function networksOf({ NetworkSettings }: Networked): string[] {
  return Object.keys(NetworkSettings.Networks ?? {});
}

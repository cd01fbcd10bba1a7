export type MemoryLimit = "1g" | "4g" | "16g" | "64g";

/** A container as the API reports it. Fields that are optional in the published schema are always present. */
export interface ContainerResource {
  /** `cntr_` and 48 hex digits. */
  id: string;
  object: "container";
  name: string;
  /** Unix seconds. */
  created_at: number;
  /** `running`, then `expired` permanently. */
  status: string;
  /** Unix seconds. */
  last_active_at: number;
  expires_after: { anchor: "last_active_at"; minutes: number };
  memory_limit: MemoryLimit;
  network_policy: { type: "disabled" } | { type: "allowlist"; allowed_domains: string[] };
}

/** A page of containers. */
export interface ContainerList {
  object: "list";
  data: ContainerResource[];
  first_id: string | null;
  last_id: string | null;
  has_more: boolean;
}

import { randomBytes } from "node:crypto";
import type { ContainerResource } from "./container-resource";
import type { CreateContainerBody } from "./create-container-body";

/** A container as the store keeps it. Times are milliseconds unless they say otherwise. */
export interface Entry {
  readonly account: string;
  readonly sequence: number;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly settings: Settings;
  /** What it was made with; of a seeded one unknown. */
  readonly body?: CreateContainerBody;
  /** Lists are silent about it before. */
  readonly listedFrom: number;
  /** What it says of itself until it expires. */
  readonly status: string;
  activeAt: number;
  ended: boolean;
  deletedAt?: number;
}

type Settings = Omit<ContainerResource, "created_at" | "status" | "last_active_at">;

export interface Origin {
  account: string;
  sequence: number;
  now: number;
}

export function createdEntry(body: CreateContainerBody, { account, sequence, now }: Origin, listedFrom: number): Entry {
  const { name, expires_after, memory_limit, network_policy } = body;
  const settings = { ...newSettings(), name };
  if (expires_after) settings.expires_after = expires_after;
  if (memory_limit) settings.memory_limit = memory_limit;
  if (network_policy?.type === "allowlist") {
    settings.network_policy = { type: "allowlist", allowed_domains: network_policy.allowed_domains };
  }
  const createdAt = seconds(now);
  return { account, sequence, createdAt, settings, body, listedFrom, status: "running", activeAt: now, ended: false };
}

/** One that stands in lists from the start, however young it is. */
export function seededEntry(given: Partial<ContainerResource>, { account, sequence, now }: Origin): Entry {
  const { created_at = seconds(now), last_active_at = created_at, status = "running", ...settings } = given;
  return {
    account,
    sequence,
    createdAt: created_at,
    settings: { ...newSettings(), ...settings },
    listedFrom: Number.NEGATIVE_INFINITY,
    status,
    activeAt: last_active_at * 1000,
    ended: status === "expired",
  };
}

function newSettings(): Settings {
  return {
    id: `cntr_${randomBytes(24).toString("hex")}`,
    object: "container",
    name: "seeded",
    expires_after: { anchor: "last_active_at", minutes: 20 },
    memory_limit: "1g",
    network_policy: { type: "disabled" },
  };
}

export function isExpired(entry: Entry, now: number): boolean {
  return entry.ended || now - entry.activeAt >= entry.settings.expires_after.minutes * 60_000;
}

/** What the API tells: never secrets, skills or file ids. */
export function resourceOf(entry: Entry, now: number): ContainerResource {
  const { id, object, name, ...settings } = structuredClone(entry.settings);
  return {
    id,
    object,
    name,
    created_at: entry.createdAt,
    status: isExpired(entry, now) ? "expired" : entry.status,
    last_active_at: seconds(entry.activeAt),
    ...settings,
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

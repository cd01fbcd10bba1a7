import { randomBytes } from "node:crypto";
import type { StoredFile } from "../files/file-store";
import type { ContainerResource } from "./container-resource";
import type { CreateContainerBody } from "./create-container-body";

/** A container in the store. Times are milliseconds unless stated otherwise. */
export interface StoredContainer {
  readonly account: string;
  readonly sequence: number;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly settings: Settings;
  /** The body of its create request; a seeded container has none. */
  readonly body?: CreateContainerBody;
  readonly files: readonly StoredFile[];
  /** Lists lack the container before this time. */
  readonly listedFrom: number;
  /** The reported status until the container expires. */
  readonly status: string;
  lastActiveAt: number;
  isTerminated: boolean;
  deletedAt?: number;
}

type Settings = Omit<ContainerResource, "created_at" | "status" | "last_active_at">;

export interface CreationContext {
  account: string;
  sequence: number;
  now: number;
}

export function newContainer(
  body: CreateContainerBody,
  files: readonly StoredFile[],
  { account, sequence, now }: CreationContext,
  listedFrom: number,
): StoredContainer {
  const { name, expires_after, memory_limit, network_policy } = body;
  const settings = { ...defaultSettings(), name };
  if (expires_after) settings.expires_after = expires_after;
  if (memory_limit) settings.memory_limit = memory_limit;
  if (network_policy?.type === "allowlist") {
    settings.network_policy = { type: "allowlist", allowed_domains: network_policy.allowed_domains };
  }
  return {
    account,
    sequence,
    createdAt: seconds(now),
    settings,
    body,
    files,
    listedFrom,
    status: "running",
    lastActiveAt: now,
    isTerminated: false,
  };
}

/** A container that lists show from the start, whatever their lag. */
export function seededContainer(
  given: Partial<ContainerResource>,
  { account, sequence, now }: CreationContext,
): StoredContainer {
  const { created_at = seconds(now), last_active_at = created_at, status = "running", ...settings } = given;
  return {
    account,
    sequence,
    createdAt: created_at,
    settings: { ...defaultSettings(), ...settings },
    files: [],
    listedFrom: Number.NEGATIVE_INFINITY,
    status,
    lastActiveAt: last_active_at * 1000,
    isTerminated: status === "expired",
  };
}

function defaultSettings(): Settings {
  return {
    id: `cntr_${randomBytes(24).toString("hex")}`,
    object: "container",
    name: "seeded",
    expires_after: { anchor: "last_active_at", minutes: 20 },
    memory_limit: "1g",
    network_policy: { type: "disabled" },
  };
}

export function isExpired({ isTerminated, lastActiveAt, settings }: StoredContainer, now: number): boolean {
  return isTerminated || now - lastActiveAt >= settings.expires_after.minutes * 60_000;
}

/** The container as the API reports it: without secrets, skills and file ids. */
export function resourceOf(container: StoredContainer, now: number): ContainerResource {
  const { id, object, name, ...settings } = structuredClone(container.settings);
  return {
    id,
    object,
    name,
    created_at: container.createdAt,
    status: isExpired(container, now) ? "expired" : container.status,
    last_active_at: seconds(container.lastActiveAt),
    ...settings,
  };
}

function seconds(ms: number): number {
  return Math.floor(ms / 1000);
}

import type { ContainerCreateParams } from "openai/resources/containers";
import { z } from "zod";
import type { Container } from "../../model/container";
import { comparableDomain } from "../../model/domains";
import type { Observed } from "../../model/record";
import type { Activity } from "../backend";
import type { SentSkill } from "./packed-skills";

/** Maps a container between the API's JSON and this package's types: pure, both ways. */

type SentContainer = Omit<Container, "skills"> & { name: string; skills?: SentSkill[] | undefined };

/**
 * The body of `POST /containers`.
 * Source: https://platform.openai.com/docs/api-reference/containers/createContainers
 */
export function createBody(container: SentContainer): ContainerCreateParams {
  const { name, memoryLimit, networkPolicy, expiresAfter, fileIds, skills } = container;
  return {
    name,
    memory_limit: memoryLimit,
    network_policy: policyToWire(networkPolicy),
    expires_after: expiresAfter,
    ...(fileIds && { file_ids: fileIds }),
    ...(skills && { skills: skills.map(skillToWire) }),
  };
}

function policyToWire(policy: Container["networkPolicy"]): NonNullable<ContainerCreateParams["network_policy"]> {
  if (policy.type === "disabled") return { type: "disabled" };
  const { allowedDomains, domainSecrets } = policy;
  return {
    type: "allowlist",
    allowed_domains: allowedDomains,
    ...(domainSecrets && { domain_secrets: domainSecrets }),
  };
}

function skillToWire(skill: SentSkill): NonNullable<ContainerCreateParams["skills"]>[number] {
  if (skill.type === "skill_reference") {
    const { type, skillId, version } = skill;
    return { type, skill_id: skillId, ...(version !== undefined && { version }) };
  }
  const { type, name, description, source } = skill;
  return { type, name, description, source: { type: source.type, media_type: source.mediaType, data: source.data } };
}

/** `null` and a value of another shape than today's count as left out: the recorded value stays. */
function optional<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined);
}

/** A container as the API returns it. It may add fields, statuses and tiers; other services may leave out the optional ones. */
export const containerResponse = z.object({
  id: z.string().min(1),
  name: z.string(),
  created_at: z.number(),
  status: z.string(),
  last_active_at: optional(z.number()),
  memory_limit: optional(z.string()),
  expires_after: optional(z.object({ anchor: z.string(), minutes: z.number() })),
  network_policy: optional(z.object({ type: z.string(), allowed_domains: optional(z.array(z.string())) })),
});
export interface ContainerResponse extends z.output<typeof containerResponse> {
  /** The project that the response's header named. */
  project?: string | undefined;
}

/** A page of `GET /containers`. */
export const pageResponse = z.object({ data: z.array(containerResponse), has_more: z.boolean() });

/** The observed state of a container. */
export function observedFrom(container: ContainerResponse): Observed {
  const { type, allowed_domains: domains } = container.network_policy ?? {};
  // A program of somebody else may have created it, and have written names in another form.
  const allowedDomains = domains && [...new Set(domains.map(comparableDomain))];
  return {
    id: container.id,
    name: container.name,
    status: container.status,
    createdAt: container.created_at,
    memoryLimit: container.memory_limit,
    networkPolicy: type === undefined ? undefined : { type, ...(allowedDomains && { allowedDomains }) },
    expiresAfter: container.expires_after,
    ...(container.project !== undefined && { project: container.project }),
  };
}

/** A container's last use. One that expired was idle for all of its minutes. */
export function activityFrom({
  status,
  last_active_at: lastActiveAt,
  expires_after,
}: ContainerResponse): Omit<Activity, "reportedAt"> {
  if (lastActiveAt === undefined) return {};
  if (status !== "expired" || !expires_after) return { lastActiveAt };
  return { lastActiveAt, expiredAt: lastActiveAt + expires_after.minutes * 60 };
}

/**
 * The value that an error's `param` leads to, where it is an id or a version: `file_ids[1]`, `skills[0].version`; of
 * anything else in a skill, `skills[0].source.data`, the skill's id or name.
 */
export function valueAt({ file_ids = [], skills = [] }: ContainerCreateParams, param: string): string | undefined {
  const [, list, index, field] = /^(file_ids|skills)\[(\d+)\](?:\.(\w+))?/.exec(param) ?? [];
  if (list === "file_ids") return file_ids[Number(index)];
  const skill = list === "skills" ? skills[Number(index)] : undefined;
  if (skill?.type === "inline") return skill.name;
  return field === "version" ? skill?.version : skill?.skill_id;
}

/** The argument that an error's `param` names: `network_policy.allowed_domains[0]` → `networkPolicy.allowedDomains[0]`. */
export function propertyOf(param: string): string {
  return param.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

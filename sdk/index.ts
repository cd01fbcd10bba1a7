export { Container } from "./container";
export type {
  AllowlistNetworkPolicy,
  Backend,
  ContainerArgs,
  DisabledNetworkPolicy,
  DockerOptions,
  DomainSecret,
  ExpiresAfter,
  InlineSkill,
  InlineSkillSource,
  MemoryLimit,
  SkillReference,
} from "./container-args";

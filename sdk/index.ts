export { Container } from "./container";
export type {
  AllowlistNetworkPolicy,
  Backend,
  ContainerArgs,
  DisabledNetworkPolicy,
  DockerEgress,
  DockerOptions,
  DomainSecret,
  ExpiresAfter,
  InlineSkill,
  InlineSkillSource,
  MemoryLimit,
  SkillReference,
} from "./container-args";
export type {
  GetContainerArgs,
  GetContainerOutputArgs,
  GetContainerResult,
  GetContainersArgs,
  GetContainersOutputArgs,
  GetContainersResult,
} from "./container-look-ups";
export { getContainer, getContainerOutput, getContainers, getContainersOutput } from "./containers";
export { Provider, type ProviderArgs } from "./provider";

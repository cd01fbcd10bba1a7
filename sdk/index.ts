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
  SkillFolderSource,
  SkillReference,
} from "./container-args";
export { getContainer, getContainerOutput, getContainers, getContainersOutput } from "./containers";
export type {
  GetContainerArgs,
  GetContainerOutputArgs,
  GetContainerResult,
  GetContainersArgs,
  GetContainersOutputArgs,
  GetContainersResult,
} from "./data-source-types";
export { Provider, type ProviderArgs } from "./provider";
export { type FolderSkill, skillFromFolder } from "./skill-from-folder";

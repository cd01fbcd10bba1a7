export { Container } from "./container";
export type {
  AllowlistNetworkPolicy,
  Backend,
  ContainerArgs,
  DisabledNetworkPolicy,
  DockerOptions,
  DomainSecret,
  ExpiresAfter,
  MemoryLimit,
} from "./container-args";

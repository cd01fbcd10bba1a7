export { SandboxImage } from "./sandbox-image";
export type {
  DockerfileImageArgs,
  PinnedImageArgs,
  SandboxImageArgs,
  SandboxImageBuild,
  SandboxImageBuildArgs,
  SandboxImageEngine,
} from "./sandbox-image-args";

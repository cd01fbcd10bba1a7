import type { BackendName } from "../model/container";
import type { BackendKind } from "./backend";
import { docker } from "./docker/kind";
import { openai } from "./openai/kind";

/** Every backend of this release: a folder each, and a line here. */
export const backendKinds: Record<BackendName, BackendKind> = { docker, openai };

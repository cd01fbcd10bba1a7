import type { BackendName } from "../model/container";
import type { BackendKind } from "./backend";
import { dockerKind } from "./docker/kind";
import { accountOf } from "./openai/account";
import { openai } from "./openai/kind";

/** Every backend of this release: a folder each, and a line here. */
export const backendKinds: Record<BackendName, BackendKind> = { docker: dockerKind(accountOf), openai };

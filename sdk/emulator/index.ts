export type { Answer } from "./call";
export { type Clock, ManualClock, scaledClock } from "./clock";
export type { ContainerResource, MemoryLimit } from "./container-resource";
export type { CreateContainerBody } from "./create-container-body";
export type { Fault } from "./fault";
export type { Emulator, EmulatorOptions, LoggedRequest } from "./options";
export { startEmulator } from "./start-emulator";

export { type Clock, ManualClock, scaledClock } from "./clock";
export type { ContainerResource, MemoryLimit } from "./containers/container-resource";
export type { CreateContainerBody } from "./containers/create-container-body";
export type { Fault } from "./faults/fault";
export type { ApiResponse } from "./http/api-request";
export type { Emulator, EmulatorOptions, LoggedRequest } from "./options";
export { startEmulator } from "./start-emulator";

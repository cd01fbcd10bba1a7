/** The function with which Pulumi takes a stack trace for each promise of an output: `runtime/debuggable` of its SDK. */
const traced = "debuggablePromise";

/**
 * Leaves out these traces, which Pulumi takes for `PULUMI_DEBUG_PROMISE_LEAKS` alone: four for each property of a resource.
 * Pulumi runs programs under ts-node, which looks up ten source positions for each: half of the time of a program of many
 * containers. Every other trace stays, such as that of an error or of where the program creates a resource.
 * @returns a function that restores them
 */
export function leaveOutDebugTraces(): () => void {
  const { prepareStackTrace } = Error;
  // Without source maps a trace is cheap.
  if (prepareStackTrace === undefined || process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) return () => {};
  Error.prepareStackTrace = (error, frames) =>
    frames[0]?.getFunctionName() === traced ? "" : prepareStackTrace(error, frames);
  return () => {
    Error.prepareStackTrace = prepareStackTrace;
  };
}

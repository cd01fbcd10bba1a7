/** What makes a container run again, where a person can do that. */
const commands: Readonly<Record<string, string>> = { stopped: "docker start", paused: "docker unpause" };

/** A sandbox without its gateway can be imported: the next `up` restarts the gateway, with the program's secrets. */
const importable = ["running", "disconnected"];

/** The clause about the status of a container that cannot be imported as it is. */
export function statusRefusal(status: string, name: string): string[] {
  if (importable.includes(status)) return [];
  if (status === "expired") return ["it has expired"];
  const command = commands[status];
  return [command ? `it is ${status} (${command} ${name})` : `it is ${status}`];
}

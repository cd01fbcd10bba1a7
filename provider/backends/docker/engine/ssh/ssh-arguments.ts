/** Longer than a slow link takes to answer; a request's own timeout covers the login after that. */
const connectTimeoutSeconds = 8;

/**
 * The arguments of `ssh` that connect it to the engine of `ssh://[user@]host[:port][/path/of.sock]`, as the Docker client
 * does; undefined for another address. What a user configured for the host in ~/.ssh/config applies.
 */
export function sshArguments(address: string): string[] | undefined {
  const parts = /^ssh:\/\/(?:([^:@/?#]+)@)?(\[[^@/?#[\]]+\]|[^:@/?#[\]]+)(?::(\d{1,5}))?(\/[^?#]*)?$/.exec(address);
  if (!parts) return undefined;
  const [, user, host = "", port, path = "/"] = parts;
  return [
    ...option("BatchMode=yes"), // fails rather than ask for a password or about a host's key
    ...option(`ConnectTimeout=${connectTimeoutSeconds}`),
    ...option("ServerAliveInterval=15"), // a dead link ends a stream, which has no timeout
    ...option("ControlMaster=no"), // a master stays in the background when its connection ends
    "-T",
    ...(user === undefined ? [] : ["-l", user]),
    ...(port === undefined ? [] : ["-p", port]),
    "--",
    host.replace(/^\[|\]$/g, ""),
    ["docker", ...(path === "/" ? [] : ["--host", quoted(`unix://${path}`)]), "system", "dial-stdio"].join(" "),
  ];
}

function option(text: string): string[] {
  return ["-o", text];
}

/** For the shell of the remote host. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

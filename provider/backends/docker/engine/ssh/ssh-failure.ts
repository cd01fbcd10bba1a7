import type { Code } from "../../../../codes";
import type { SshError } from "./ssh-error";

type Failure = [code: Code, what: string, advice: string];

/** Why there is no connection through ssh, and what to do about it. */
export function sshFailure({ exitCode, message, wasConnected }: SshError, place: string): Failure {
  if (exitCode === undefined && /ENOENT/.test(message))
    return [
      "OC2507",
      `Cannot connect to the Docker engine at ${place}: there is no ssh command on this machine`,
      "Install an OpenSSH client, or use a tcp:// address with TLS",
    ];
  if (exitCode === 127 || /command not found|'dial-stdio' is not a docker command|unknown command/i.test(message))
    return [
      "OC2511",
      `Cannot connect to the Docker engine at ${place}: \`docker system dial-stdio\` does not work on that host (${message})`,
      "Install Docker's client 18.09 or newer there, in the PATH of a shell that is not interactive",
    ];
  if (exitCode !== 255 || wasConnected)
    return [
      "OC2512",
      `The ssh connection to the Docker engine at ${place} has ended: ${message}`,
      "Check the network, and with `docker version` on that host whether the engine runs and its user may use it",
    ];
  if (/host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/i.test(message))
    return [
      "OC2509",
      `ssh does not trust the host of the Docker engine at ${place}: its key is not in known_hosts, or is another one`,
      "Connect once with ssh and compare the key's fingerprint with that of the host",
    ];
  if (/permission denied|too many authentication failures/i.test(message))
    return [
      "OC2510",
      `ssh cannot log in to the host of the Docker engine at ${place} without a password: ${message}`,
      "Add a key that the host accepts to the ssh agent or to ~/.ssh/config; a key with a passphrase must be in the agent",
    ];
  return [
    "OC2508",
    `ssh cannot connect to the host of the Docker engine at ${place}: ${message}`,
    "Correct the address, or connect to the host's network. Check with ssh itself",
  ];
}

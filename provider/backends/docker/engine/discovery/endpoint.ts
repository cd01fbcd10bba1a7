/** An address at which a Docker engine may listen. */
export interface Endpoint {
  /** As in `DOCKER_HOST`: `unix:///var/run/docker.sock`, `tcp://10.1.2.3:2376`, `ssh://me@10.1.2.3`. */
  address: string;
  /** Which setting or context the address is from, for messages; none for a usual socket. */
  source?: string;
  /** With TLS: the folder with ca.pem, cert.pem and key.pem, and whether to verify the engine's certificate. */
  tls?: { folder: string; verify: boolean };
}

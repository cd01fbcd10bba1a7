import type Docker from "dockerode";

/** How docker-modem sends a request: each call of a client passes here. */
export type Dial = Docker["modem"]["dial"];

/** The client, whose requests are sent by what `change` makes of its own way. */
export function withDial(client: Docker, change: (dial: Dial) => Dial): Docker {
  const { modem } = client;
  modem.dial = change(modem.dial.bind(modem));
  return client;
}

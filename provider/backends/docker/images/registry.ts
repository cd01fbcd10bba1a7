const dockerHub = "docker.io";

/** The registry of an image's reference, as Docker finds it: https://github.com/distribution/reference/blob/v0.6.0/normalize.go */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const isHost = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  return rest.length > 0 && isHost && first !== "index.docker.io" ? first : dockerHub;
}

/** The name by which Docker's client stores the credentials of a registry. */
export function credentialsKey(registry: string): string {
  return registry === dockerHub ? "https://index.docker.io/v1/" : registry;
}

export function loginCommand(registry: string): string {
  return registry === dockerHub ? "docker login" : `docker login ${registry}`;
}

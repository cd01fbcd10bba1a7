import { z } from "zod";
import { endpoints } from "../backends/docker/engine/discovery/strategies";
import { connect, type Engine } from "../backends/docker/engine/engine";
import { explain } from "../backends/docker/engine/engine-errors";
import { presentImage } from "../backends/docker/images/ensure";
import { dockerSettings } from "../backends/docker/settings";
import { settingSources } from "../config";

/** The engine on which the sandboxes of a program run, as another client has to be told of it. */
export interface SandboxEngine {
  /** As in `DOCKER_HOST`. */
  readonly address: string;
  /** With TLS, the folder with ca.pem, cert.pem and key.pem. */
  readonly certPath: string | undefined;
  /** Identifies the engine, independent of its address. */
  readonly location: string;
  /** Its operating system and processor, as an image's platform: `linux/arm64`. */
  readonly platform: string;
  /** @throws BackendError */
  hasImage(id: string): Promise<boolean>;
}

/**
 * Finds the engine as the provider does.
 * @param config reads a key of the configuration, as for `settingSources`
 * @throws UnreachableError
 */
export async function findEngine(config: (key: string) => string | undefined): Promise<SandboxEngine> {
  const settings = dockerSettings(settingSources(process.env, config));
  const engine = await connect(settings);
  const { address, location } = engine;
  return {
    address,
    certPath: endpoints(settings).find((endpoint) => endpoint.address === address)?.tls?.folder,
    location,
    platform: await platformOf(engine),
    hasImage: async (id) => (await presentImage(engine, id)) !== undefined,
  };
}

const versionAnswer = z.object({ Os: z.string(), Arch: z.string() });

async function platformOf(engine: Engine): Promise<string> {
  try {
    const { Os, Arch } = versionAnswer.parse(await engine.client.version());
    return `${Os}/${Arch}`;
  } catch (error) {
    throw explain(error, engine);
  }
}

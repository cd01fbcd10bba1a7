import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import type { Report } from "../../backend";
import { archiveOf } from "../engine/archive";
import { ContainerListing } from "../engine/container-listing";
import type { Engine } from "../engine/engine";
import { explain } from "../engine/engine-errors";
import { failureStatus } from "../engine/failure";
import { removeContainer } from "../engine/remove-container";
import { requireHostKernel } from "../engine/requirements";
import { ensureImage } from "../images/ensure";
import { idOf } from "../sandbox/container-spec";
import { lifelineVolume } from "../sandbox/lifeline";
import { trustedFiles, trustFolder } from "../sandbox/network-config";
import type { Certificates } from "./gateway/certificates";
import { createGateway, hasPolicy, ownSubnets, startGateway } from "./gateway/gateway-container";
import { policyOf } from "./gateway/gateway-policy";
import { gatewayLabel, gatewayName, listenersName, listenersSpec } from "./gateway/gateway-spec";
import { createListeners } from "./gateway/listeners-container";
import { pushPolicy } from "./gateway/push-policy";
import type { Rules } from "./rules/rules";

/** The gateways of sandboxes with an allow list, each named after its sandbox. */
export class Gateways {
  private readonly listing: ContainerListing;

  constructor(
    private readonly engine: Engine,
    private readonly image: string,
  ) {
    this.listing = new ContainerListing(engine, gatewayLabel);
  }

  /**
   * Checks and pulls the prerequisites of a sandbox with an allow list, before it is created.
   * @param runtime the sandbox's, where its program names one
   * @throws BackendError
   */
  async prepare(report: Report, runtime?: string): Promise<void> {
    requireHostKernel(this.engine, runtime);
    await ensureImage(this.engine, this.image, report);
  }

  /**
   * Connects a sandbox to its gateway while the sandbox starts. An existing gateway, which has lost its sandbox or its policy,
   * is restarted and keeps its log.
   * @throws BackendError, and the client's error, once all that was begun has ended
   */
  async connect(
    sandbox: Docker.Container,
    inspected: ContainerInspectInfo,
    starting: Promise<unknown>,
    rules: Rules,
  ): Promise<void> {
    const id = idOf(inspected);
    this.listing.forget(gatewayName(id));
    const certificates = certificatesFor(rules);
    const started = this.start(id, inspected).catch((error: unknown) => {
      throw explain(error, this.engine, this.image);
    });
    await allSettled([started, certificates, starting]).catch(async (error: unknown) => {
      await removeContainer(this.engine, listenersName(id));
      throw error;
    });
    // The gateway reads its policy once it has its listeners, so both can go on at once.
    await allSettled([createListeners(this.engine, id), this.applyPolicy(id, sandbox, rules, await certificates)]);
  }

  /** Sends a gateway its policy, and its sandbox the CA certificate to trust. */
  private async applyPolicy(
    id: string,
    sandbox: Docker.Container,
    rules: Rules,
    certificates?: Certificates,
  ): Promise<void> {
    const { caCertificate, ...pair } = certificates ?? (await certificatesFor(rules));
    const gateway = this.gatewayOf(id);
    const subnets = ownSubnets(await gateway.inspect());
    const trusted = trustedFiles.map((name): [string, string] => [name, caCertificate]);
    await allSettled([
      pushPolicy(gateway, policyOf(rules, { id, pair, subnets })),
      sandbox.putArchive(await archiveOf(trusted), { path: trustFolder }),
    ]);
  }

  /**
   * Whether a sandbox's gateway runs and has its policy. One without a policy ends by itself, so one that has run for a minute has it.
   * @throws BackendError where they cannot be listed, and the client's error
   */
  async isServing(id: string): Promise<boolean> {
    const listed = await this.listing.find(gatewayName(id));
    // Engines report an age as `Up 12 seconds`, `Up About a minute`, `Up 3 hours`.
    if (listed?.State === "running" && /minute|hour|day|week|month|year/.test(listed.Status)) return true;
    const state = await this.stateOf(id);
    return state?.Status === "running" && (await hasPolicy(this.gatewayOf(id), state.StartedAt));
  }

  /** Removes a sandbox's gateway. One that does not exist is no error. @throws the client's error */
  async remove(id: string): Promise<void> {
    this.listing.forget(gatewayName(id));
    // The listeners first: they have the gateway's volumes, and an engine removes no volume that another container has.
    await removeContainer(this.engine, listenersName(id));
    await removeContainer(this.engine, gatewayName(id));
  }

  private async start(id: string, sandbox: ContainerInspectInfo): Promise<void> {
    const { client } = this.engine;
    await removeContainer(this.engine, listenersName(id)); // of a run that was killed
    const status = (await this.stateOf(id))?.Status;
    if (status === "created") await removeContainer(this.engine, gatewayName(id)); // perhaps without its program
    if (status === undefined || status === "created")
      await createGateway(this.engine, id, this.image, lifelineVolume(sandbox));
    await allSettled([
      startGateway(this.gatewayOf(id), this.image),
      client.createContainer(listenersSpec(id, this.image)),
    ]);
  }

  private gatewayOf(id: string): Docker.Container {
    return this.engine.client.getContainer(gatewayName(id));
  }

  private async stateOf(id: string): Promise<ContainerInspectInfo["State"] | undefined> {
    try {
      return (await this.gatewayOf(id).inspect()).State;
    } catch (error) {
      if (failureStatus(error) === 404) return undefined;
      throw error;
    }
  }
}

function certificatesFor({ policy }: Rules): Promise<Certificates> {
  // Loaded here, as it takes some 30 ms of processor time that no other container should wait for.
  const { makeCertificates }: typeof import("./gateway/certificates") = require("./gateway/certificates");
  return makeCertificates(policy.allowedDomains);
}

/** As `Promise.all`, but it rejects only when all have settled, so that a clean-up finds everything that was created. */
async function allSettled<T extends readonly unknown[]>(
  work: readonly [...T],
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(work);
  return Promise.all(work);
}

import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import type { Report } from "../../backend";
import { archiveOf } from "../engine/archive";
import type { Engine } from "../engine/engine";
import { explain, failureStatus } from "../engine/engine-errors";
import { ensureImage } from "../engine/images";
import { removeContainer } from "../engine/remove";
import { idOf } from "../sandbox/container-spec";
import { lifelineVolume } from "../sandbox/lifeline";
import { Listing, listLabelled } from "../sandbox/listing";
import { trustedFiles, trustFolder } from "../sandbox/network-config";
import { allEnded } from "./all-settled";
import type { Certificates } from "./gateway/certificates";
import { hasPolicy, makeGateway, ownSubnets, startGateway } from "./gateway/gateway-container";
import { policyOf } from "./gateway/gateway-policy";
import { gatewayLabel, gatewayName, listenersName, listenersSpec } from "./gateway/gateway-spec";
import { putPolicy } from "./gateway/push-policy";
import { giveListeners } from "./listeners";
import type { Rules } from "./rules/rules";
import { refuseOwnKernel } from "./runtime";

/** The gateways of sandboxes with an allow list, each named after its sandbox. */
export class Gateways {
  private readonly listing: Listing;

  constructor(
    private readonly engine: Engine,
    private readonly image: string,
  ) {
    this.listing = new Listing(() => listLabelled(engine, gatewayLabel));
  }

  /** What has to be before a sandbox with an allow list is made. @throws BackendError */
  async prepare(report: Report): Promise<void> {
    refuseOwnKernel(this.engine);
    await ensureImage(this.engine, this.image, report);
  }

  /**
   * Connects a sandbox to a gateway, while it starts. A gateway that is there has lost its sandbox or its policy, and
   * begins anew; its log stays.
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
    const begun = this.begin(id, inspected).catch((error: unknown) => {
      throw explain(error, this.engine, this.image);
    });
    await allEnded([begun, certificates, starting]).catch(async (error: unknown) => {
      await removeContainer(this.engine, listenersName(id));
      throw error;
    });
    // It reads its policy once it has its sockets, so this need not wait for what gives them to end.
    await allEnded([giveListeners(this.engine, id), this.arm(id, sandbox, rules, await certificates)]);
  }

  /** Hands a gateway its policy, and its sandbox what it has to trust. */
  private async arm(id: string, sandbox: Docker.Container, rules: Rules, certificates?: Certificates): Promise<void> {
    const { authority, ...pair } = certificates ?? (await certificatesFor(rules));
    const gateway = this.gatewayOf(id);
    const subnets = ownSubnets(await gateway.inspect());
    const trusted = trustedFiles.map((name): [string, string] => [name, authority]);
    await allEnded([
      putPolicy(gateway, policyOf(rules, { id, pair, subnets })),
      sandbox.putArchive(await archiveOf(trusted), { path: trustFolder }),
    ]);
  }

  /** Whether a sandbox's gateway runs and has its policy. One without ends by itself, so an older one need not be asked. */
  async serves(id: string): Promise<boolean> {
    const listed = await this.listing.find(gatewayName(id));
    // As an engine tells ages: `Up 12 seconds`, `Up About a minute`, `Up 3 hours`.
    if (listed?.State === "running" && /minute|hour|day|week|month|year/.test(listed.Status)) return true;
    const state = await this.stateOf(id);
    return state?.Status === "running" && (await hasPolicy(this.gatewayOf(id), state.StartedAt));
  }

  async remove(id: string): Promise<void> {
    this.listing.forget(gatewayName(id));
    // An engine removes no volume that another container has, too, and the listeners have the gateway's.
    await removeContainer(this.engine, listenersName(id));
    await removeContainer(this.engine, gatewayName(id));
  }

  private async begin(id: string, sandbox: ContainerInspectInfo): Promise<void> {
    const { client } = this.engine;
    await removeContainer(this.engine, listenersName(id)); // of a run that was killed
    const status = (await this.stateOf(id))?.Status;
    if (status === "created") await removeContainer(this.engine, gatewayName(id)); // perhaps without its program
    if (status === undefined || status === "created")
      await makeGateway(this.engine, id, this.image, lifelineVolume(sandbox));
    await allEnded([
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
  // Loaded here, as it takes a tenth of a second that no other container should wait for.
  const { makeCertificates }: typeof import("./gateway/certificates") = require("./gateway/certificates");
  return makeCertificates(policy.allowedDomains);
}

import type Docker from "dockerode";
import type { ContainerInspectInfo } from "dockerode";
import type { Report } from "../../backend";
import { archiveOf } from "../archive";
import type { Engine } from "../engine";
import { failureStatus } from "../engine-errors";
import { ensureImage } from "../images";
import { Listing, listLabelled } from "../listing";
import { removeContainer } from "../remove";
import { hasPolicy, makeGateway, ownSubnets, startGateway } from "./gateway";
import { gatewayLabel, gatewayName } from "./gateway-spec";
import { proveIsolation } from "./isolation";
import { ensureNetwork, makeNetwork } from "./network";
import { policyOf } from "./policy";
import { putPolicy } from "./put-policy";
import type { Rules } from "./rules";
import { type SandboxSide, subnetIn, trustedFiles, trustFolder } from "./sandbox-side";

/** The gateways of sandboxes with an allow list, each on its sandbox's network; both are named after the sandbox. */
export class Gateways {
  private readonly listing: Listing;
  private proof: Promise<void> | undefined;

  constructor(
    private readonly engine: Engine,
    private readonly image: string,
  ) {
    this.listing = new Listing(() => listLabelled(engine, gatewayLabel));
  }

  /** Makes a sandbox's network, and starts a gateway on it that lets nothing pass yet. */
  async open(id: string, { policy, placeholders }: Rules, report: Report): Promise<SandboxSide> {
    await ensureImage(this.engine, this.image, report);
    return this.whileProving(async () => {
      const subnet = await makeNetwork(this.engine, id, labelsOf(id));
      await makeGateway(this.engine, id, this.image, subnet);
      return { network: id, subnet, allowedDomains: policy.allowedDomains, placeholders };
    });
  }

  /** The same for a sandbox that is there: what is left of its network and its gateway is used again. */
  async reopen(id: string, sandbox: ContainerInspectInfo, report: Report): Promise<void> {
    const subnet = subnetIn(sandbox);
    await ensureImage(this.engine, this.image, report);
    await this.whileProving(async () => {
      const isNew = await ensureNetwork(this.engine, id, subnet, labelsOf(id));
      const status = (await this.stateOf(id))?.Status;
      if (isNew || status === undefined || status === "created") {
        await this.remove(id);
        await makeGateway(this.engine, id, this.image, subnet);
      } else if (status !== "running") {
        await startGateway(this.gatewayOf(id), this.image);
      }
    });
    this.listing.forget(gatewayName(id));
  }

  /** Hands a gateway its policy, and its sandbox what it has to trust. */
  async arm(id: string, sandbox: Docker.Container, { policy, egress, placeholders }: Rules): Promise<void> {
    // Loaded here, as it takes a tenth of a second that no other container should wait for.
    const { makeCertificates }: typeof import("./certificates") = require("./certificates");
    const certificates = await makeCertificates(policy.allowedDomains);
    const gateway = this.gatewayOf(id);
    const subnets = ownSubnets(id, await gateway.inspect());
    await putPolicy(gateway, policyOf(policy, egress, { id, certificates, placeholders, subnets }));
    const trusted = trustedFiles.map((name): [string, string] => [name, certificates.authority]);
    await sandbox.putArchive(await archiveOf(trusted), { path: trustFolder });
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
    await removeContainer(this.engine, gatewayName(id));
  }

  /** No name and no secret leaves this program before it is proved, once, that networks of this engine lead nowhere. */
  private async whileProving<T>(work: () => Promise<T>): Promise<T> {
    this.proof ??= proveIsolation(this.engine, this.image);
    // Both come to their end, so that neither makes anything that nobody removes.
    const [done, proved] = await Promise.allSettled([work(), this.proof]);
    if (done.status === "rejected") throw done.reason;
    if (proved.status === "fulfilled") return done.value;
    this.proof = undefined; // whoever asks next may have more luck
    throw proved.reason;
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

function labelsOf(id: string): Record<string, string> {
  return { [gatewayLabel]: id };
}

import type { ContainerInspectInfo } from "dockerode";
import type { Observed } from "../../../model/record";
import { valuesOfNoArgument } from "../../../model/values-of-no-argument";
import type { Activity, Candidate } from "../../backend";
import { gatewayLabel } from "../allowlist/gateway/gateway-spec";
import type { Engine } from "../engine/engine";
import { failureStatus } from "../engine/failure";
import { defaultRuntimeOf } from "../engine/runtimes";
import { allowListOf, idOf, isSandbox } from "../sandbox/container-spec";
import { exposuresOf, type VolumeOptions } from "./exposures";
import { ignoredLimits, memoryRefusal, missingIn } from "./foreign";
import { statusRefusal } from "./status-refusal";

const concurrency = 10; // containers that are inspected at a time
/** A name, an id or the beginning of one; anything else would be part of another path of the engine's API. */
const reference = /^[A-Za-z0-9][\w.-]*$/;

/** The containers of an engine, as candidates for an import. Throws the client's errors. */
export class Candidates {
  private readonly names = new Map<string, Promise<string[]>>();

  constructor(
    private readonly engine: Engine,
    private readonly observe: (inspected: ContainerInspectInfo) => Promise<Observed & Activity>,
  ) {}

  /** The newest first. Gateways are left out, as they are parts of sandboxes. */
  async all(): Promise<Candidate[]> {
    const found: Candidate[] = [];
    const listed = (await this.engine.client.listContainers({ all: true }))
      .filter(({ Labels }) => !(gatewayLabel in (Labels ?? {})))
      .toSorted((a, b) => b.Created - a.Created);
    while (listed.length > 0) {
      const some = await Promise.all(listed.splice(0, concurrency).map(({ Id }) => this.one(Id)));
      found.push(...some.filter((candidate) => candidate !== undefined)); // others were removed meanwhile
    }
    return found;
  }

  /** Read once more where that fails: another program may just have removed it, or a part of it such as its gateway. */
  async one(id: string): Promise<Candidate | undefined> {
    if (!reference.test(id)) return undefined;
    return this.read(id).catch(() => this.read(id));
  }

  private async read(id: string): Promise<Candidate | undefined> {
    try {
      return await this.candidateFrom(await this.engine.client.getContainer(id).inspect());
    } catch (error) {
      if (failureStatus(error) === 404) return undefined;
      throw error;
    }
  }

  private async candidateFrom(inspected: ContainerInspectInfo): Promise<Candidate> {
    const observed = await this.observe(inspected);
    const names = { imageNames: await this.namesOf(inspected.Image), defaultRuntime: defaultRuntimeOf(this.engine) };
    const status = statusRefusal(observed.status, idOf(inspected));
    if (isSandbox(inspected)) {
      const secretNames = [...allowListOf(inspected).placeholders.keys()];
      const refusals = [...status, ...valuesOfNoArgument(observed)];
      return { observed, ...names, secretNames, refusals, missing: [] };
    }
    const exposures = exposuresOf(inspected, await this.volumesOf(inspected));
    const refusals = [...status, ...ignoredLimits(this.engine), ...memoryRefusal(observed), ...exposures];
    return { observed, ...names, refusals, missing: missingIn(inspected) };
  }

  private async volumesOf({ Mounts }: ContainerInspectInfo): Promise<Map<string, VolumeOptions>> {
    const names = Mounts.flatMap(({ Type, Name }) => (Type === "volume" && Name ? [Name] : []));
    const inspected = names.map(async (name) => {
      const { Options } = await this.engine.client.getVolume(name).inspect();
      return [name, Options] as const;
    });
    return new Map(await Promise.all(inspected));
  }

  /** The names of an image, and its id. */
  private namesOf(id: string): Promise<string[]> {
    const known = this.names.get(id) ?? this.readNames(id);
    this.names.set(id, known);
    return known;
  }

  private async readNames(id: string): Promise<string[]> {
    try {
      const { RepoTags, RepoDigests } = await this.engine.client.getImage(id).inspect();
      return [...(RepoTags ?? []), ...(RepoDigests ?? []), id];
    } catch (error) {
      if (failureStatus(error) === 404) return [id]; // it was removed since
      throw error;
    }
  }
}

import type { Candidate } from "../backends/backend";

type Properties = Record<string, unknown>;

/** A resource as a check of this run left it. */
export interface CheckedResource {
  /** Empty of a new container. */
  recordedInputs: Properties;
  inputs: Properties;
  /** The arguments that the program made secret. */
  secretArguments: string[];
  /** The id in the program's import option, also where the option has no effect any more. */
  importId: string | undefined;
  /** The container that the resource imports, if it is new. */
  imported?: Candidate;
}

/**
 * The resources that this run has checked. Pulumi checks a resource before it plans anything for it, and not in a refresh;
 * a replacement it checks twice.
 */
export class CheckedResources {
  private readonly byUrn = new Map<string, CheckedResource>();
  /** A container that moved in the program keeps its first URN in state; messages go to its present one. */
  private readonly presentUrns = new Map<string, string>();

  /** @param urn the present URN, as the program's class passes it; none where Pulumi imports by a file */
  earlier(urn: unknown): CheckedResource | undefined {
    return typeof urn === "string" ? this.byUrn.get(urn) : undefined;
  }

  add(urn: unknown, resource: CheckedResource): void {
    if (typeof urn !== "string") return;
    this.byUrn.set(urn, resource);
    const recorded = resource.inputs["__urn"];
    if (typeof recorded === "string") this.presentUrns.set(recorded, urn);
  }

  of(recordedUrn: string | undefined): CheckedResource | undefined {
    return this.earlier(this.presentUrn(recordedUrn));
  }

  presentUrn(recordedUrn: string | undefined): string | undefined {
    return recordedUrn && (this.presentUrns.get(recordedUrn) ?? recordedUrn);
  }
}

/**
 * The inputs in state. At a replacement Pulumi checks a second time and passes no olds, and shows positions of the first
 * check with values of the second: so both must keep the order of the same inputs.
 */
export function recordedInputs(olds: Properties, earlier: CheckedResource | undefined): Properties {
  return Object.keys(olds).length > 0 ? olds : (earlier?.recordedInputs ?? {});
}

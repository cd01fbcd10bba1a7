import { z } from "zod";
import { nameOf, typeOf } from "../../../provider/command-line";
import { resourceType } from "../../resource-type";
import { CommandError } from "../command";
import { assertPulumiVersion, pulumi } from "./pulumi";

const deploymentSchema = z.object({
  deployment: z
    .object({
      resources: z.array(z.object({ urn: z.string(), id: z.string().optional(), external: z.boolean().optional() })),
    })
    .partial()
    .nullish(),
});

/** The containers in a stack's state. */
export interface StackState {
  /** The names of the resources that manage containers, by the ids of these. */
  managed: ReadonlyMap<string, string>;
  /** The names of all container resources at the top of the stack. */
  names: ReadonlySet<string>;
}

export const emptyStack: StackState = { managed: new Map(), names: new Set() };

/**
 * Reads the state of the stack that is selected, or of the named one.
 * @throws CommandError where there is none, or Pulumi is too old
 */
export async function readStack(stack: string | undefined): Promise<StackState> {
  const [exported] = await Promise.all([pulumi(["stack", "export", ...stackArguments(stack)]), assertPulumiVersion()]);
  const { code, stdout, text } = exported;
  if (code !== 0)
    throw new CommandError(
      "OC5215",
      `Cannot read the stack: ${text.trim()}`,
      "Select one with `pulumi stack select`, or name it with --stack",
    );
  const { resources = [] } = deploymentSchema.parse(JSON.parse(stdout)).deployment ?? {};
  const containers = resources.filter(({ urn }) => typeOf(urn).endsWith(resourceType));
  return {
    managed: new Map(containers.flatMap(({ id, urn, external }) => (id && !external ? [[id, nameOf(urn)]] : []))),
    names: new Set(containers.filter(({ urn }) => typeOf(urn) === resourceType).map(({ urn }) => nameOf(urn))),
  };
}

/** The arguments of Pulumi's commands for a stack; none for the one that is selected. */
export function stackArguments(stack: string | undefined): string[] {
  return stack === undefined ? [] : ["--stack", stack];
}

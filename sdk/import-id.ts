import * as pulumi from "@pulumi/pulumi";
import { runError } from "./coded";

/** An id, or on Docker a name. */
const reference = /^[A-Za-z0-9][\w.-]*$/;

/**
 * The id in the import option. The class takes it out of the options, as Pulumi's own import asks a dynamic provider to read
 * a resource without telling it which provider that is (https://github.com/pulumi/pulumi/issues/3550).
 * @throws pulumi.RunError where it can be no id
 */
export function importId(name: string, id: unknown): string | undefined {
  if (id === undefined || id === null) return undefined;
  if (typeof id === "string" && reference.test(id)) return id;
  throw runError(
    "OC4001",
    `Container ${name}: the import option needs the id of a container, and got ${kindOf(id)}. ` +
      "Pass the id of an existing one, cntr_…, or on Docker its name.",
  );
}

function kindOf(id: unknown): string {
  if (pulumi.Output.isInstance(id)) return "an Output";
  if (typeof id !== "string") return `a value of type ${typeof id}`;
  return id === "" ? "an empty text" : JSON.stringify(id);
}

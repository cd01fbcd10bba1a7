import * as pulumi from "@pulumi/pulumi";
import { runError } from "./coded";

/**
 * The id of a container that is to be read. Pulumi takes a resource without an id for one to create.
 * @throws pulumi.RunError where it is empty; an Output or a Promise fails so once its value is known
 */
export function existingId(name: string, id: pulumi.Input<pulumi.ID>): pulumi.Input<pulumi.ID> {
  if (pulumi.Output.isInstance(id)) return id.apply((known) => knownId(name, known));
  return id instanceof Promise ? id.then((known) => knownId(name, known)) : knownId(name, id);
}

function knownId(name: string, id: unknown): pulumi.ID {
  if (typeof id === "string" && id.trim() !== "") return id;
  const failure = runError(
    "OC4013",
    `Container ${name}: Container.get needs the id of a container, and got none. ` +
      "Pass the id of an existing one, cntr_…; a setting or stack output that it comes from may not exist.",
  );
  failure.stack = failure.message; // Pulumi prints the stack where an Output fails
  throw failure;
}

import type { Backend, Candidate } from "../../backends/backend";
import { inputsOf, outputsOf, recordFrom } from "../../model/record";
import { at } from "../../model/unknowns";
import { unreportedIn } from "./unreported";

type Properties = Record<string, unknown>;

/**
 * What state holds of a container that is imported before its program is known to Pulumi, as by `pulumi import --file`. The
 * arguments that neither the backend reports nor `args` have are listed in `__unreported`: the first program that gives
 * them a value shows no change.
 * @param args the arguments of a program that matches the container, and hidden inputs such as `__urn`
 */
export function adopted(
  { observed }: Candidate,
  args: Properties,
  backend: Pick<Backend, "name" | "location">,
): { inputs: Properties; outputs: Properties } {
  const unreported = unreportedIn(args, observed, backend.name);
  const marks = unreported.length > 0 && { __unreported: unreported };
  const record = recordFrom({ ...args, ...imageOf(observed, args), ...marks });
  return { inputs: inputsOf(observed, backend, record), outputs: outputsOf(observed, backend, record) };
}

/**
 * The outputs of a container that a program imports by the resource option, where nothing is created. Arguments that no
 * backend reports are the program's.
 * @param inputs as `check` left them, with the hidden ones
 */
export function adoptedOutputs(
  { observed }: Candidate,
  inputs: Properties,
  backend: Pick<Backend, "name" | "location">,
): Properties {
  const record = recordFrom({ ...inputs, ...imageOf(observed, inputs), __autoName: inputs["name"] === undefined });
  return outputsOf(observed, backend, record);
}

/** The id of the image that the arguments name: of its names, theirs is recorded. */
function imageOf({ imageId }: Candidate["observed"], args: Properties): Properties {
  return imageId !== undefined && at(args["docker"], "image") !== undefined ? { imageId } : {};
}

import { type Finding, findingsOf } from "../../../sdk/report";
import { type Planned, previewJson } from "./planned";
import { previewOf } from "./preview-of";

/** The findings of a preview that plans these resources. */
export async function findings(planned: readonly Planned[], more: object = {}): Promise<Finding[]> {
  return findingsOf(await previewOf(JSON.stringify(previewJson(planned, more))));
}

/** `egress-widened networkPolicy.allowedDomains [] → [b.example.com]` */
export const short = ({ id, path, before, after }: Finding) => `${id} ${path} [${before}] → [${after}]`;

export async function shortOf(planned: Planned, more?: object): Promise<string[]> {
  return (await findings([planned], more)).map(short);
}

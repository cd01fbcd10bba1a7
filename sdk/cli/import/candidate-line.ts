import { type Candidate, span } from "../../../provider/command-line";
import { quoted } from "./literals";

/** `cntr_…  name  running  1g  created 3 hours ago` */
export function candidateLine({ observed }: Candidate): string {
  const { id, name, status, memoryLimit = "?", createdAt, reportedAt } = observed;
  return [id, quoted(name), status, memoryLimit, `created ${span(reportedAt - createdAt)} ago`].join("  ");
}

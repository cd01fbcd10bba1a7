export { type Finding, type FindingId, findingWeights, type Rule } from "./finding";
export { builtInRules, findingsOf } from "./findings";
export {
  type Change,
  type Inputs,
  isContainer,
  type Operation,
  type Preview,
  type PreviewLine,
} from "./preview";
export { PreviewError } from "./read/preview-error";
export { readPreview } from "./read/read-preview";
export { json } from "./render/json";
export { markdown, type RenderOptions } from "./render/markdown";
export { plainText } from "./render/text";
export { type Counts, type Report, reportOf, unreadable } from "./report";

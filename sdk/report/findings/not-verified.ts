import { type Finding, findingWeights, type Rule } from "../finding";

/** A preview that has not read the live state of containers: what expired, or is in use, it does not know. */
export const notVerified: Rule = ({ lines, readsLiveState }) => {
  const skipped = lines.filter(({ code }) => code === "OC2007").map(({ text }) => text.replace(/^[^:]*: /, ""));
  const reasons = readsLiveState ? skipped : ["the setting openai-containers:liveness is false"];
  return [...new Set(reasons)].map((reason): Finding => {
    const sentence = `The live state of containers was not read: ${reason}`;
    const id = "not-verified";
    return {
      id,
      urn: undefined,
      resource: undefined,
      path: "",
      before: [],
      after: [],
      sentence,
      weight: findingWeights[id],
    };
  });
};

import { eachContainer } from "../finding";
import { pricePerMinute, pricesSince } from "../prices";
import { text } from "../property";

const names = new Map([
  ["openai", "the hosted API"],
  ["docker", "a Docker engine"],
]);

/** A container that moves between the hosted API and an engine. */
export const backend = eachContainer(({ before, after }) => {
  const path = "backend";
  const [was, is] = [text(before, path), text(after, path)];
  if (was === undefined || is === undefined || was === is) return [];
  const price = is === "openai" ? pricePerMinute(text(after, "memoryLimit")) : undefined;
  const cost = price ? `, where it costs USD ${price} per minute (estimate, prices of ${pricesSince})` : "";
  const sentence = `Moves from ${names.get(was) ?? was} to ${names.get(is) ?? is}${cost}.`;
  return [{ id: "backend-switched", path, before: [was], after: [is], sentence }];
});

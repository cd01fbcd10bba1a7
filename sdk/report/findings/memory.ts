import { eachContainer } from "../finding";
import { pricePerMinute, pricesSince } from "../prices";
import { text } from "../property";

/** Another memory tier, and what it costs on the hosted API. */
export const memory = eachContainer(({ before, after }) => {
  const path = "memoryLimit";
  const [was, is] = [text(before, path), text(after, path)];
  if (was === undefined || is === undefined || was === is) return [];
  const isHosted = [before, after].every((inputs) => text(inputs, "backend") === "openai");
  const [priceBefore, price] = [pricePerMinute(was), pricePerMinute(is)];
  const cost =
    isHosted && priceBefore && price
      ? `, and the price from USD ${priceBefore} to ${price} per minute (estimate, prices of ${pricesSince})`
      : "";
  const id = gibibytes(is) > gibibytes(was) ? "memory-raised" : "memory-lowered";
  return [{ id, path, before: [was], after: [is], sentence: `Memory goes from ${was} to ${is}${cost}.` }];
});

function gibibytes(memoryLimit: string): number {
  return Number.parseFloat(memoryLimit);
}

/**
 * The price of a hosted container, as https://developers.openai.com/api/docs/changelog was quoted in November 2026: a
 * rate for 20 minutes, billed per minute since then with a minimum of five. An estimate: a contract may say otherwise.
 */
export const pricesSince = "2026-06-02";

const dollarsFor20Minutes = new Map([
  ["1g", 0.03],
  ["4g", 0.12],
  ["16g", 0.48],
  ["64g", 1.92],
]);

/** In dollars; undefined for a tier without a known price. */
export function pricePerMinute(memoryLimit: string | undefined): number | undefined {
  const price = dollarsFor20Minutes.get(memoryLimit ?? "");
  return price === undefined ? undefined : price / 20;
}

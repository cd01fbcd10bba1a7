import type { Container } from "../../provider/model/container";

/**
 * What OpenAI charges for a container. $0.03, $0.12, $0.48 and $1.92 for 20 minutes, billed per minute with a minimum since
 * 2 June 2026, by OpenAI's changelog as quoted by simoncarter.ai and modeldex.dev.
 */
export const prices = {
  asOf: "2026-06-02",
  source: "https://developers.openai.com/api/docs/changelog, as others quote it",
  page: "https://developers.openai.com/api/docs/pricing",
  minimumMinutes: 5,
  dollarsPerMinute: { "1g": 0.0015, "4g": 0.006, "16g": 0.024, "64g": 0.096 },
} as const;

/** In dollars, for containers that exist for so many minutes each. */
export function costOf(containers: number, memoryLimit: Container["memoryLimit"], minutes: number): number {
  return containers * prices.dollarsPerMinute[memoryLimit] * Math.max(minutes, prices.minimumMinutes);
}

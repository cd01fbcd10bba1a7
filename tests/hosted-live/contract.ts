import { join } from "node:path";
import Mocha from "mocha";
import { useOnly } from "../support/contract-places";
import type { LiveAccount } from "./live-account";
import { LivePlace } from "./live-place";

const timeoutMs = 900_000; // the rate limit, the lag of lists, and the expiry of a minute

/** Runs the suite of all backends on the account. */
export function runContract(
  account: LiveAccount,
  withExpiry: boolean,
  say: (text: string) => void,
): Promise<{ passed: number; failed: number }> {
  useOnly(new LivePlace(account));
  const stats = { passed: 0, failed: 0 };
  const mocha = new Mocha({ timeout: timeoutMs, reporter: Mocha.reporters.Base }); // which prints nothing
  if (!withExpiry) mocha.grep(/expired|prolongs/).invert();
  for (const name of ["backend", "backend-reads"]) mocha.addFile(join(__dirname, `../contract/${name}.test.ts`));
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve(stats));
    runner.on("pass", (test) => {
      stats.passed += 1;
      say(`✓ ${test.titlePath().join(": ")}`);
    });
    runner.on("fail", (test, error: Error) => {
      stats.failed += 1;
      say(`✗ ${test.titlePath().join(": ")}\n  ${error.message.replaceAll("\n", "\n  ")}`);
    });
    account.ending.addEventListener("abort", () => runner.abort());
  });
}

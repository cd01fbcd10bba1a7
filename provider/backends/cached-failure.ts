const quickMs = 1_000;
const cachedMs = 30_000;

/**
 * Forgets a failure, so that the next caller tries again: at once, or, if it took long, half a minute later, as
 * each of many containers would have to wait for as long again.
 * @param began when the failed attempt began, by `performance.now()`
 */
export function forgetFailure(began: number, forget: () => void): void {
  if (performance.now() - began < quickMs) forget();
  else setTimeout(forget, cachedMs).unref();
}

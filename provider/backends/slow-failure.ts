const soon = 1_000; // ms
const remembered = 30_000; // ms

/**
 * Forgets a failure, so that whoever asks next tries again: at once, or, if it was long in coming, half a minute later, as
 * each of many containers would have to wait for as long again.
 * @param began when what failed was begun, by `performance.now()`
 */
export function forgetFailure(began: number, forget: () => void): void {
  if (performance.now() - began < soon) forget();
  else setTimeout(forget, remembered).unref();
}

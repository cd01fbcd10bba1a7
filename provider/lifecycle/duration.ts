const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** A span of time, given in seconds, as people say it: `1 second`, `90 minutes`, `47 hours`, `2 days`. */
export function span(seconds: number): string {
  if (seconds < minute) return counted(seconds, "second");
  if (seconds < 2 * hour) return counted(seconds / minute, "minute");
  if (seconds < 2 * day) return counted(seconds / hour, "hour");
  return counted(seconds / day, "day");
}

/** A number of things, at least one. */
export function counted(count: number, thing: string): string {
  const whole = Math.max(1, Math.floor(count));
  return `${whole} ${thing}${whole === 1 ? "" : "s"}`;
}

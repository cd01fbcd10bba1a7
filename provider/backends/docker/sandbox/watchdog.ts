/** The first process ends with this code when the sandbox expired; the stopped container is its tombstone. */
export const expiredExitCode = 86;

/** What the first process prints once it runs. An engine says that a start succeeded before it can know. */
export const readyLine = "watching";

/**
 * What the first process prints at SIGUSR1, and once in the time of idleness: `idle 40 of 100`, for how many seconds
 * nobody was seen, and how many it has run.
 */
export const idleLine = "idle";

/**
 * The sandbox's first process: it ends the sandbox after a time of idleness. A POSIX shell is all it needs, so there
 * is no daemon and no engine's socket inside. Being process 1, it cannot be killed from inside; but it is no protection
 * from code inside, which runs as the same user, and may stop it as a debugger does or keep the sandbox in use.
 *
 * In use means: a process was started since the last look, or one that came from outside (`docker exec`) still runs.
 * The first shows in the last process number of /proc/loadavg, which also betrays a process that came and went between
 * two looks; the second in a parent number 0, as an exec's parent is outside (proc(5)). Everything but `sleep` is
 * built into the shell, so neither looking nor answering starts a process of its own. An answer counts a process that
 * was started since the last look as use of this moment; `$!` is the watchdog's own `sleep`.
 *
 * Files go before it does. Folders that were made read-only are made writable first, where the image has `chmod`; what is
 * root's, as `docker cp` brings it, only the container's removal removes.
 *
 * Time is counted by /proc/uptime, which no change of the clock moves; it goes on while the sandbox or the host is
 * suspended, so that counts as idle.
 */
const script = `
command -v sleep rm > /dev/null && sleep 0 || { echo 'no sleep or no rm'; exit 127; }
limit=$1 pause=$2
[ "$#" -lt 3 ] || exec 9<> "$3"
trap 'exit 143' TERM
echo ${readyLine}
read -r _ _ _ _ mine < /proc/loadavg
read -r began _ < /proc/uptime; began=\${began%.*} used=\${began%.*} told=\${began%.*}
report() {
  read -r _ _ _ _ newest < /proc/loadavg
  [ "$newest" -eq "\${!:-$mine}" ] && since=$used || since=$1
  echo "${idleLine} $(($1 - since)) of $(($1 - began))"
}
trap 'asked=1; read -r clock _ < /proc/uptime; report "\${clock%.*}"' USR1
while :; do
  read -r now _ < /proc/uptime; now=\${now%.*}
  read -r _ _ _ _ last < /proc/loadavg
  [ "$last" -eq "$mine" ] || used=$now
  for status in /proc/[0-9]*/status; do
    while read -r key value; do
      [ "$key" = PPid: ] || continue
      [ "$value" != 0 ] || [ "$status" = /proc/1/status ] || used=$now
      break
    done < "$status"
  done 2> /dev/null
  if [ $((now - used)) -ge "$limit" ]; then
    kill -s KILL -- -1 2> /dev/null
    chmod -R u+rwX /mnt/data 2> /dev/null
    rm -rf /mnt/data/* /mnt/data/.[!.]* /mnt/data/..?*
    exit ${expiredExitCode}
  fi
  [ $((now - told)) -lt "$limit" ] || { told=$now; report "$now"; }
  sleep "$pause" & mine=$!
  [ "$mine" -eq $((last + 1)) ] || used=$now
  while asked=; wait "$mine"; [ "$asked" ]; do :; done
done
`;

/** Seconds between two looks: how much later than its time a sandbox may end. */
export const longestPause = 15;

/**
 * The command of a sandbox that may be idle for so many seconds.
 * @param lifeline a FIFO to have open as long as it lives; for reading too, as that waits for nobody
 */
export function watchdog(limit: number, lifeline?: string): string[] {
  const pause = Math.min(longestPause, Math.ceil(limit / 12));
  return ["/bin/sh", "-c", script, "sandbox", String(limit), String(pause), ...(lifeline ? [lifeline] : [])];
}

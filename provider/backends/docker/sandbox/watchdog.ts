/** The watchdog's exit code when the sandbox has expired; the stopped container is its tombstone. */
export const expiredExitCode = 86;

/** The watchdog's output once it runs. An engine reports a successful start before it can know. */
export const readyLine = "watching";

/**
 * The watchdog's report, at SIGUSR1 and by itself once in each idle limit: `idle 40 of 100`, the seconds without use, and
 * the seconds since its start.
 */
export const idleLine = "idle";

/**
 * The sandbox's first process: it terminates the sandbox after its idle limit. It needs only a POSIX shell, so there is no
 * daemon and no engine's socket inside. As process 1 it cannot be killed from inside; but it is no protection from code
 * inside, which has the same user, and may stop it by ptrace or keep the sandbox in use.
 *
 * A sandbox is in use if a process was started since the last poll, or one from outside (`docker exec`) still runs. The first
 * shows in the last process number of /proc/loadavg, also if that process has ended since; the second in a parent process
 * number of 0, as an exec's parent is outside (proc(5)). Everything but `sleep` is built into the shell, so neither a poll
 * nor a report starts a process of its own. A report counts a process that was started since the last poll as use at this
 * moment; `$!` is the watchdog's own `sleep`.
 *
 * It removes the files before it ends. Folders without write permission get it first, where the image has `chmod`; files of
 * root, as `docker cp` brings them, stay until the container is removed. From then on it reports nothing, as its own `chmod`
 * and `rm` would count as use.
 *
 * Time is from /proc/uptime, which is independent of the clock's changes. It goes on while the sandbox or the host is
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
    trap '' USR1
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

/** Seconds between two polls: how much later than its limit a sandbox may end. */
export const longestPollInterval = 15;

/**
 * The command of a sandbox.
 * @param limit how long it may be idle, in seconds
 * @param lifeline a FIFO to keep open as long as it runs; for reading too, as such an open does not block
 */
export function watchdog(limit: number, lifeline?: string): string[] {
  const pause = Math.min(longestPollInterval, Math.ceil(limit / 12));
  return ["/bin/sh", "-c", script, "sandbox", String(limit), String(pause), ...(lifeline ? [lifeline] : [])];
}

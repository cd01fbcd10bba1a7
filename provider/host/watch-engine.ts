import { connect } from "node:net";
import { hostAndPort } from "../lifecycle/journal/process-mark";

const reconnectAfterMs = 200;

/**
 * Calls `gone` when Pulumi's engine is no longer there. A `kill -9` of `pulumi` alone ends none of its providers: one would go on
 * with the calls that wait, while the next run repairs what it knows of.
 * @param address the engine's, `127.0.0.1:43211`
 */
export function watchEngine(address: string | undefined, gone: () => void): void {
  const place = hostAndPort(address);
  if (!place) return;
  // An open connection tells at once. The engine closes one that sends nothing after two minutes (ConnectionTimeout of
  // https://pkg.go.dev/google.golang.org/grpc): only where none can be opened it is gone.
  const socket = connect(place).unref().resume();
  let isRefused = false;
  socket.on("error", ({ code }: NodeJS.ErrnoException) => {
    isRefused = code === "ECONNREFUSED";
  });
  socket.once("close", () => {
    if (isRefused) gone();
    else setTimeout(() => watchEngine(address, gone), reconnectAfterMs).unref();
  });
}

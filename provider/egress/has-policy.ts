import { isTaken } from "./policy-file";

/** `node has-policy.js <policy file>`: prints `ok`, or that there is none, whichever is true of the gateway now. */
isTaken(process.argv[2] ?? "").then((taken) => {
  process.stdout.write(taken ? "ok\n" : "this gateway has no policy yet\n");
  process.exitCode = taken ? 0 : 1;
});

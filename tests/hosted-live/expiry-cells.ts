import { setTimeout as sleep } from "node:timers/promises";
import { named } from "../support/create-context";
import { hostedArgs } from "../support/hosted";
import { silent } from "../support/silent";
import type { LiveAccount } from "./live-account";
import type { Result } from "./result";

const pollMs = 5_000;
const note = "after 21 minutes";

/** Waits by the API's clock until a container of 20 minutes has expired, and one that was retrieved meanwhile has not. */
export async function observeExpiry(
  account: LiveAccount,
  name: string,
  say: (text: string) => void,
): Promise<Result[]> {
  const backend = await account.open();
  const idle = await backend.create(hostedArgs(`${name}-idle`), silent, named);
  const used = await backend.create(hostedArgs(`${name}-used`), silent, named);

  /** Lists all the time: that is no use. */
  async function listedAfter(minutes: number) {
    say(`Waiting until the containers are ${minutes} minutes old`);
    for (;;) {
      const { containers, time } = await account.list();
      if (time >= used.createdAt + minutes * 60) return containers;
      await sleep(pollMs, undefined, { signal: account.ending });
    }
  }

  await listedAfter(10);
  await account.raw.send("GET", `/containers/${used.id}`);
  const containers = await listedAfter(21);
  const statusOf = (id: string) => containers.find((one) => one.id === id)?.status;
  const isExpired = statusOf(idle.id) === "expired";
  const remains = statusOf(idle.id) === undefined ? "nothing" : `its entry, which reads ${statusOf(idle.id)}`;
  return [
    { row: "remains", observed: isExpired ? "its entry" : remains },
    { row: "list", note, observed: isExpired ? "no" : "yes, or it expires late" },
    { row: "retrieve", note, observed: /^(expired|undefined)$/.test(String(statusOf(used.id))) ? "no" : "yes" },
  ];
}

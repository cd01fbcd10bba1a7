import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { answerTo, isQuery, parseQuestion } from "./dns-message";
import { list, text } from "./shape";

/**
 * `node probe.js '<JSON>' `, alone on a network like a sandbox's, with its own address as the only name server: prints
 * what it can reach, as a JSON list of texts. On a network that isolates that is nothing. Of several ways to find out the
 * sharpest is taken: whoever answers an ARP request is there, whatever his firewall says to a connection.
 */

const patience = 700; // ms for a neighbour to answer
const noSuchName = 3;

async function main([json = ""]: string[]): Promise<void> {
  const addresses = list(JSON.parse(json), "addresses", (item, path) => text(item, path, 15));
  const found = await Promise.all([...addresses.map(tryToReach), tryToResolve()]);
  const reached = [...new Set([...found.flat(), ...neighbours(), ...sixes()])];
  process.stdout.write(`${JSON.stringify(reached)}\n`);
}

async function tryToReach(address: string): Promise<string[]> {
  const socket = connect({ host: address, port: 53 });
  const outcome = await Promise.race([
    once(socket, "connect").then(
      () => "answers",
      (error: NodeJS.ErrnoException) => (error.code === "ECONNREFUSED" ? "answers" : ""),
    ),
    sleep(patience, ""),
  ]);
  socket.destroy();
  return outcome === "" ? [] : [`${address} ${outcome}`];
}

/** https://man7.org/linux/man-pages/man5/proc_pid_net.5.html: flag 2 marks an entry that was answered. */
function neighbours(): string[] {
  const [, ...rows] = readFileSync("/proc/net/arp", "utf8").trim().split("\n");
  const cells = rows.map((row) => row.split(/\s+/));
  return cells.flatMap(([address = "", , flags = ""]) => (Number(flags) & 2 ? [`${address} is on the network`] : []));
}

function sixes(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.flatMap(({ address, family, internal }) => (family === "IPv6" && !internal ? [`IPv6 as ${address}`] : []));
}

/** Whether a name is asked of somebody else: a question that gets here does not get anywhere. */
async function tryToResolve(): Promise<string[]> {
  const asked: string[] = [];
  const server = createSocket("udp4");
  server.on("message", (message, from) => {
    const question = isQuery(message) ? parseQuestion(message) : undefined;
    if (question) asked.push(question.name);
    server.send(answerTo(message, noSuchName, question), from.port, from.address);
  });
  server.bind(53);
  await once(server, "listening");
  const name = `${randomBytes(8).toString("hex")}.invalid`; // RFC 6761: exists nowhere
  const code = await lookup(name).then(
    () => "an address",
    (error: NodeJS.ErrnoException) => error.code ?? "",
  );
  server.close();
  return asked.includes(name) ? [] : [`another name server (${code})`];
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});

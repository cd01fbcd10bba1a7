import { createSocket } from "node:dgram";
import { once } from "node:events";

/** A test DNS server for the gateway. Its addresses can change from one query to the next. */
export class NameServer {
  readonly addresses = new Map<string, string[]>();
  readonly questions: string[] = [];
  private readonly socket = createSocket("udp4");

  get address(): string {
    const { address, port } = this.socket.address();
    return `${address}:${port}`;
  }

  async start(address = "127.0.0.1", port = 0): Promise<string> {
    this.socket.on("message", (message, from) => {
      const labels: string[] = [];
      let at = 12;
      for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
        labels.push(message.toString("latin1", at + 1, at + 1 + length));
        at += 1 + length;
      }
      const name = labels.join(".").toLowerCase();
      const isA = message.readUInt16BE(at + 1) === 1;
      this.questions.push(`${name} ${message.readUInt16BE(at + 1)}`);
      const found = this.addresses.get(name);
      const records = (isA ? (found ?? []) : []).map((address) =>
        Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split(".").map(Number)]),
      );
      const header = Buffer.alloc(12);
      message.copy(header, 0, 0, 2);
      header.writeUInt16BE(found ? 0x8180 : 0x8183, 2);
      header.writeUInt16BE(1, 4);
      header.writeUInt16BE(records.length, 6);
      this.socket.send(Buffer.concat([header, message.subarray(12, at + 5), ...records]), from.port, from.address);
    });
    this.socket.bind(port, address);
    await once(this.socket, "listening");
    return this.address;
  }

  stop(): void {
    this.socket.close();
  }
}

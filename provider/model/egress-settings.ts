import { X509Certificate } from "node:crypto";
import { BlockList, isIPv4 } from "node:net";
import { z } from "zod";
import { asSet } from "./field";

/** The private networks and CA certificates that an allow list on Docker accepts besides the public ones. */

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates alone, however many a text holds, each in one canonical form of PEM. */
const certificates = z.string().check((payload) => {
  try {
    const found = payload.value.match(pem) ?? [];
    if (found.length === 0) throw new Error("none");
    payload.value = found.map((text) => new X509Certificate(text).toString()).join("");
  } catch {
    const params = { got: "text without a certificate, or with a malformed one" };
    payload.issues.push({ code: "custom", input: payload.value, params, message: "certificates in PEM" });
  }
});

/** The certificates in a text, by subject and fingerprint; none where one is malformed, which a check reports. */
export function certificateNames(text: string): string[] {
  try {
    return (text.match(pem) ?? []).map((found) => {
      const { subject, fingerprint256 } = new X509Certificate(found);
      return `${subject.replaceAll("\n", ", ")} (SHA-256 ${fingerprint256.slice(0, 23)}…)`;
    });
  } catch {
    return [];
  }
}

const privateBlocks = ["10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"];

const range = z
  .string()
  .refine(isPrivateRange, `a private IPv4 network such as "10.1.0.0/16", within ${privateBlocks.join(", ")}`)
  .overwrite(masked);

function isPrivateRange(text: string): boolean {
  const [address = "", prefix = "", ...more] = text.split("/");
  if (more.length > 0 || !isIPv4(address) || !/^\d{1,2}$/.test(prefix)) return false;
  return privateBlocks.some((block) => {
    const [base = "", length = ""] = block.split("/");
    const list = new BlockList();
    list.addSubnet(base, Number(length), "ipv4");
    return Number(prefix) >= Number(length) && Number(prefix) <= 32 && list.check(address);
  });
}

/** The network that an address is in: the bits after the prefix mean nothing. */
function masked(text: string): string {
  const [address = "", prefix = ""] = text.split("/");
  const size = 2 ** (32 - Number(prefix));
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const base = Math.floor(number / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${Number(prefix)}`;
}

export const egressSchema = z.strictObject({
  certificateAuthorities: asSet(z.array(certificates)).optional(),
  privateRanges: asSet(z.array(range)).optional(),
});

export type EgressSettings = z.output<typeof egressSchema>;

/** Whether traffic to this address can be read on the way: it has no TLS, and goes to another host. */
export function isUnencrypted(address: string): boolean {
  if (!/^(http|tcp):/.test(address) || !URL.canParse(address)) return false;
  const { hostname } = new URL(address.replace(/^tcp:/, "http:"));
  return !/^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** Whether what is sent to this address can be read on the way: without TLS, and to another host. */
export function isSentInClear(address: string): boolean {
  if (!/^(http|tcp):/.test(address) || !URL.canParse(address)) return false;
  const { hostname } = new URL(address.replace(/^tcp:/, "http:"));
  return !/^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

/** `urn:pulumi:STACK::PROJECT::TYPE::NAME`, with the types of its parents before its own. A name may hold `::`. */
const parts = (urn: string) => urn.split("::");

/** The name of a URN's resource in its program. */
export function nameOf(urn: string): string {
  return parts(urn).slice(3).join("::");
}

/** The type of a URN's resource, behind those of its parents. */
export function typeOf(urn: string): string {
  return parts(urn)[2] ?? "";
}

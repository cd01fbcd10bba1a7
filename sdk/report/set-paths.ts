/** The arguments of a container that are sets: their order means nothing. */
export const setPaths: ReadonlySet<string> = new Set([
  "networkPolicy.allowedDomains",
  "networkPolicy.domainSecrets",
  "docker.egress.privateRanges",
  "docker.egress.certificateAuthorities",
  "fileIds",
]);

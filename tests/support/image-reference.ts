import fc from "fast-check";

/** An image reference, with or without a registry, a tag and a digest. */
export const imageReference = fc.stringMatching(
  /^([a-zA-Z0-9]{1,5}(\.[a-z]{1,5})?(:[0-9]{1,5})?\/)?[a-z0-9]{1,5}(__[a-z0-9]{1,5})?(:\w[\w.-]{0,9})?(@sha256:[0-9a-f]{64})?$/,
);

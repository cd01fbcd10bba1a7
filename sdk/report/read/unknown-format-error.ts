/** JSON that is no preview, or one of a form that this release does not know. */
export class UnknownFormatError extends Error {
  /** @param what what it has, or lacks */
  constructor(readonly what: string) {
    super(what);
  }
}

/** Stricter than assignability both ways: it distinguishes an optional property from a missing one. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

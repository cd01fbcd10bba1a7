import { mostHeadBytes } from "../checks/limits";

/** The memory that the heads of all requests of a sandbox share: limits of each connection would multiply. */
export class HeadMemory {
  private used = 0;

  /** @returns whether there was so much left */
  reserve(bytes: number): boolean {
    if (this.used + bytes > mostHeadBytes) return false;
    this.used += bytes;
    return true;
  }

  release(bytes: number): void {
    this.used -= bytes;
  }
}

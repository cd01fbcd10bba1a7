import { mostHeadBytes } from "../checks/limits";

/** Room for the heads of all requests of a sandbox together: limits of each connection would multiply. */
export class HeadRoom {
  private used = 0;

  /** Whether there is so much room; then it is taken. */
  take(bytes: number): boolean {
    if (this.used + bytes > mostHeadBytes) return false;
    this.used += bytes;
    return true;
  }

  give(bytes: number): void {
    this.used -= bytes;
  }
}

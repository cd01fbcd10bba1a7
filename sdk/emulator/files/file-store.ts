import { randomBytes } from "node:crypto";
import { AccountItems } from "../account-items";

/** A file of the account. */
export interface StoredFile {
  /** `file-` and 24 hex digits. */
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** Unix seconds. */
  readonly expiresAt: number | undefined;
  readonly content: Buffer;
}

/** The files of all accounts. An expired one counts as deleted. */
export class FileStore {
  private readonly items = new AccountItems<StoredFile>();

  /** @param now milliseconds since the epoch */
  constructor(private readonly now: () => number) {}

  /** Prepares a file that does not exist until it is added. */
  prepare(given: Pick<StoredFile, "name" | "purpose" | "content"> & { id?: string; lifeSeconds?: number }): StoredFile {
    const { id = `file-${randomBytes(12).toString("hex")}`, lifeSeconds, ...file } = given;
    const createdAt = Math.floor(this.now() / 1000);
    return { ...file, id, createdAt, expiresAt: lifeSeconds === undefined ? undefined : createdAt + lifeSeconds };
  }

  add(account: string, file: StoredFile): void {
    this.items.add(account, file);
  }

  find(account: string, id: string): StoredFile | undefined {
    const file = this.items.find(account, id);
    return file && this.exists(file) ? file : undefined;
  }

  /** Oldest first. */
  all(account: string): StoredFile[] {
    return this.items.all(account).filter((file) => this.exists(file));
  }

  delete(account: string, id: string): void {
    this.items.remove(account, id);
  }

  private exists({ expiresAt = Infinity }: StoredFile): boolean {
    return expiresAt * 1000 > this.now();
  }
}

/** The items of each account, by id, in the order in which they were added. */
export class AccountItems<T extends { readonly id: string }> {
  private readonly byAccount = new Map<string, Map<string, T>>();

  add(account: string, item: T): void {
    this.of(account).set(item.id, item);
  }

  find(account: string, id: string): T | undefined {
    return this.of(account).get(id);
  }

  remove(account: string, id: string): void {
    this.of(account).delete(id);
  }

  all(account: string): T[] {
    return [...this.of(account).values()];
  }

  private of(account: string): Map<string, T> {
    const items = this.byAccount.get(account) ?? new Map<string, T>();
    this.byAccount.set(account, items);
    return items;
  }
}

/** The newest of many ids. */
export class RecentIds {
  static readonly MAX = 500;
  readonly #ids = new Set<string>();

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  add(id: string): void {
    this.#ids.add(id);
    // A set keeps the order in which its members came.
    if (this.#ids.size > RecentIds.MAX) for (const oldest of this.#ids) return void this.#ids.delete(oldest);
  }
}

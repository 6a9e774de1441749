/** Somebody who wants a place on the stage. */
export interface Guest {
  key: string;
  /** Is in a receiving slot: can be seen and heard. */
  live: boolean;
  talking: boolean;
}

/**
 * Who sits where. A person keeps their place while they stay on the first page; whoever begins to talk elsewhere takes
 * the place of the longest-silent one there, and nobody else moves.
 */
export class Seating {
  #seats: string[] = [];
  /** Key → number of the last round in which they talked. */
  readonly #heard = new Map<string, number>();
  #round = 0;
  #speaker: string | undefined;

  /** Keys in order of their places. */
  get seats(): readonly string[] {
    return this.#seats;
  }

  /** Who talks, or was the last to. */
  get speaker(): string | undefined {
    return this.#speaker;
  }

  /**
   * Takes note of who is here and who talks.
   * @param guests in the order in which newcomers are seated.
   * @param firstPage places on the first page.
   * @param promote the first page is in view, so people may be called onto it.
   * @param swapSpeaker a new speaker and the one before change places, as where the speaker is shown large.
   */
  update(guests: readonly Guest[], firstPage: number, promote: boolean, swapSpeaker: boolean): void {
    this.#round += 1;
    const byKey = new Map(guests.map((guest) => [guest.key, guest]));
    for (const { key, talking } of guests) if (talking) this.#heard.set(key, this.#round);
    for (const key of [...this.#heard.keys()]) if (!byKey.has(key)) this.#heard.delete(key);
    this.#vacate(byKey, firstPage);
    const seated = new Set(this.#seats);
    for (const { key } of guests) if (!seated.has(key)) this.#seats.push(key);
    this.#chooseSpeaker(guests, byKey, swapSpeaker);
    if (promote) this.#promote(byKey, firstPage);
  }

  /** On a full first page, somebody from the next one fills the gap; otherwise the others close up. */
  #vacate(byKey: ReadonlyMap<string, Guest>, firstPage: number): void {
    for (let index = this.#seats.length - 1; index >= 0; index--) {
      if (byKey.has(this.#seats[index]!)) continue;
      const reserve = this.#seats.findIndex((key, place) => place >= firstPage && byKey.has(key));
      if (index < firstPage && reserve > 0) {
        this.#seats[index] = this.#seats[reserve]!;
        this.#seats.splice(reserve, 1);
      } else this.#seats.splice(index, 1);
    }
  }

  #chooseSpeaker(guests: readonly Guest[], byKey: ReadonlyMap<string, Guest>, swap: boolean): void {
    const before = this.#speaker;
    const current = before === undefined ? undefined : byKey.get(before);
    if (current?.talking) return;
    const next = guests.find(({ talking }) => talking)?.key ?? current?.key ?? this.#seats[0];
    this.#speaker = next;
    if (!swap || !current || next === undefined || next === before) return;
    this.#swap(this.#seats.indexOf(before!), this.#seats.indexOf(next));
  }

  #promote(byKey: ReadonlyMap<string, Guest>, firstPage: number): void {
    for (let index = firstPage; index < this.#seats.length; index++) {
      const guest = byKey.get(this.#seats[index]!)!;
      const place = this.#placeFor(guest, byKey, firstPage);
      if (place !== undefined) this.#swap(index, place);
    }
  }

  /** Whose place on the first page they get: somebody who cannot be seen, or the longest-silent one. */
  #placeFor(guest: Guest, byKey: ReadonlyMap<string, Guest>, firstPage: number): number | undefined {
    if (!guest.live && !guest.talking) return undefined;
    let best: { place: number; rank: number } | undefined;
    for (let place = 0; place < Math.min(firstPage, this.#seats.length); place++) {
      const key = this.#seats[place]!;
      const sitting = byKey.get(key)!;
      if (sitting.talking || key === this.#speaker || (sitting.live && !guest.talking)) continue;
      const rank = (sitting.live ? 1e9 : 0) + (this.#heard.get(key) ?? 0);
      // Of several that are alike, the last one.
      if (!best || rank <= best.rank) best = { place, rank };
    }
    return best?.place;
  }

  #swap(a: number, b: number): void {
    [this.#seats[a], this.#seats[b]] = [this.#seats[b]!, this.#seats[a]!];
  }
}

/**
 * Who counts as talking, most recent first. Pure: time and levels come from outside, ids are the caller's.
 *
 * Someone moves to the front when they *begin* to speak, after speaking through two observations, so that a cough
 * changes nothing. Silence never moves anybody, so nobody loses a place for having finished a sentence.
 */
export class TalkerRanking {
  /** Louder than this is speech, dBov. */
  static readonly SPEECH_DBOV = -50;
  /** Observations in a row before speech counts (they come about five times a second). */
  static readonly #ONSET = 2;
  /** Further apart than this they are not in a row; while nobody can be heard, there are none at all. */
  static readonly #IN_A_ROW_MS = 500;
  /** A pause shorter than this does not end a speech: no second onset after taking breath. */
  static readonly #PAUSE_MS = 1500;

  readonly #order: string[] = [];
  readonly #speech = new Map<string, { streak: number; lastMs: number; counted: boolean }>();

  /** Most recent talker first; who never spoke follows in order of arrival. */
  get order(): readonly string[] {
    return this.#order;
  }

  /** Joins at the end: a newcomer who is silent takes nobody's place. */
  add(id: string): void {
    if (!this.#order.includes(id)) this.#order.push(id);
  }

  remove(id: string): void {
    const index = this.#order.indexOf(id);
    if (index >= 0) this.#order.splice(index, 1);
    this.#speech.delete(id);
  }

  /**
   * @param levels dBov per id; ids that are not listed are silent.
   * @returns whether the order changed.
   */
  observe(levels: ReadonlyMap<string, number>, nowMs: number): boolean {
    const isSpeech = (level: number | undefined): boolean =>
      level !== undefined && level > TalkerRanking.SPEECH_DBOV;
    for (const [id, speech] of this.#speech) {
      if (!speech.counted && !isSpeech(levels.get(id))) this.#speech.delete(id);
    }
    const onsets: { id: string; level: number }[] = [];
    for (const [id, level] of levels) {
      if (!isSpeech(level) || !this.#order.includes(id)) continue;
      const speech = this.#speech.get(id) ?? { streak: 0, lastMs: -Infinity, counted: false };
      if (nowMs - speech.lastMs > (speech.counted ? TalkerRanking.#PAUSE_MS : TalkerRanking.#IN_A_ROW_MS)) {
        speech.streak = 0;
        speech.counted = false;
      }
      speech.streak += 1;
      speech.lastMs = nowMs;
      this.#speech.set(id, speech);
      if (!speech.counted && speech.streak >= TalkerRanking.#ONSET) {
        speech.counted = true;
        onsets.push({ id, level });
      }
    }
    // Of several who begin at once the loudest ends up first.
    onsets.sort((a, b) => a.level - b.level);
    const before = [...this.#order];
    for (const { id } of onsets) {
      this.#order.splice(this.#order.indexOf(id), 1);
      this.#order.unshift(id);
    }
    return this.#order.some((id, index) => id !== before[index]);
  }
}

/**
 * Puts talkers into slots 1..n so that whoever stays keeps their slot.
 * @param previous slot of each talker so far.
 * @param wanted ids in order of rank; only the first `slotCount` get a slot.
 */
export function assignSlots(
  previous: ReadonlyMap<string, number>,
  wanted: readonly string[],
  slotCount: number,
): Map<string, number> {
  const chosen = wanted.slice(0, slotCount);
  const taken = new Set<number>();
  const assigned = new Map<string, number>();
  for (const id of chosen) {
    const slot = previous.get(id);
    if (slot !== undefined && slot <= slotCount) taken.add(slot);
  }
  let next = 1;
  for (const id of chosen) {
    const slot = previous.get(id);
    if (slot !== undefined && slot <= slotCount) {
      assigned.set(id, slot);
      continue;
    }
    while (taken.has(next)) next += 1;
    taken.add(next);
    assigned.set(id, next);
  }
  return assigned;
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { RoomStatistics } from '../../engine/statistics.js';
import type { Bars, FiguresReader, Qualities } from '../internal/contexts.js';

const INTERVAL_MS = 4000;
/** From here on one hears or sees it: lost packets as a share, and the round trip. */
const limits = { fair: { loss: 0.03, roundTripMs: 300 }, poor: { loss: 0.08, roundTripMs: 600 } };

/** How good the way to us is, by who sends on it: the worst of their streams, and the round trip that all share. */
export function qualitiesOf({ roundTripMs = 0, streams }: RoomStatistics): Map<string, Bars> {
  const losses = new Map<string, number>();
  for (const { clientId, packetsLost } of streams) {
    if (clientId) losses.set(clientId, Math.max(packetsLost, losses.get(clientId) ?? 0));
  }
  const beyond = (loss: number, limit: (typeof limits)['fair']): boolean =>
    loss >= limit.loss || roundTripMs >= limit.roundTripMs;
  return new Map(
    [...losses].map(([clientId, loss]) => [
      clientId,
      beyond(loss, limits.poor) ? 1 : beyond(loss, limits.fair) ? 2 : 3,
    ]),
  );
}

/** The better of two measurements: a single bad moment is no bad connection. */
export function steady(before: Qualities, now: Qualities): Map<string, Bars> {
  return new Map([...now].map(([id, bars]) => [id, Math.max(bars, before.get(id) ?? bars) as Bars]));
}

/** Measures every few seconds while there is a call and somebody can see it, and tells when something has changed. */
export class QualityWatch implements ReactiveController {
  #timer: number | undefined;
  #measured: Qualities = new Map();
  #told = '';

  constructor(
    host: ReactiveControllerHost,
    private readonly read: FiguresReader,
    private readonly inCall: () => boolean,
    private readonly changed: (qualities: Qualities) => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.#timer = window.setInterval(() => void this.#measure(), INTERVAL_MS);
  }

  hostDisconnected(): void {
    window.clearInterval(this.#timer);
  }

  async #measure(): Promise<void> {
    if (document.visibilityState === 'hidden') return;
    const figures = this.inCall() ? await this.read().catch(() => undefined) : undefined;
    const now: Qualities = figures ? qualitiesOf(figures) : new Map();
    const qualities = steady(this.#measured, now);
    this.#measured = now;
    const told = JSON.stringify([...qualities]);
    if (told === this.#told) return;
    this.#told = told;
    this.changed(qualities);
  }
}

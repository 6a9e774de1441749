/**
 * Loudness of one speaker from the audio-level header extension (RFC 6464): quick to rise, so that the first word is
 * not lost, slow to fall, so that the gaps between words do not count. Levels are dBov: 0 is the loudest, −127 silence.
 */
export class AudioMeter {
  /** Weight of one 20 ms packet: speech shows after about 80 ms … */
  static readonly #ATTACK = 0.25;
  /** … and its end after about 250 ms, longer than the time between two readings. */
  static readonly #RELEASE = 0.04;
  /** Without packets (muted, discontinuous transmission) for this long, the level is silence. */
  static readonly #STALE_MS = 400;
  static readonly SILENCE_DBOV = -127;

  #level = AudioMeter.SILENCE_DBOV;
  #lastMs = 0;

  /** @param extensionByte voice-activity bit and 7 bits of attenuation. */
  packet(extensionByte: number, nowMs: number): void {
    if (nowMs - this.#lastMs > AudioMeter.#STALE_MS) this.#level = AudioMeter.SILENCE_DBOV;
    const change = -(extensionByte & 0x7f) - this.#level;
    this.#level += change * (change > 0 ? AudioMeter.#ATTACK : AudioMeter.#RELEASE);
    this.#lastMs = nowMs;
  }

  levelDbov(nowMs: number): number {
    return nowMs - this.#lastMs > AudioMeter.#STALE_MS ? AudioMeter.SILENCE_DBOV : this.#level;
  }
}

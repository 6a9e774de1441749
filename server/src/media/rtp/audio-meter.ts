/**
 * Loudness of one speaker from the audio-level header extension (RFC 6464), smoothed so that a cough is not a speech.
 * Levels are dBov: 0 is the loudest, −127 silence.
 */
export class AudioMeter {
  /** Weight of one 20 ms packet: about 150 ms until a change counts. */
  static readonly #WEIGHT = 0.13;
  /** Without packets (muted, discontinuous transmission) for this long, the level is silence. */
  static readonly #STALE_MS = 400;
  static readonly SILENCE_DBOV = -127;

  #level = AudioMeter.SILENCE_DBOV;
  #lastMs = 0;

  /** @param extensionByte voice-activity bit and 7 bits of attenuation. */
  packet(extensionByte: number, nowMs: number): void {
    if (nowMs - this.#lastMs > AudioMeter.#STALE_MS) this.#level = AudioMeter.SILENCE_DBOV;
    this.#level += (-(extensionByte & 0x7f) - this.#level) * AudioMeter.#WEIGHT;
    this.#lastMs = nowMs;
  }

  levelDbov(nowMs: number): number {
    return nowMs - this.#lastMs > AudioMeter.#STALE_MS ? AudioMeter.SILENCE_DBOV : this.#level;
  }
}

/** Short sounds made on the spot: no files, no requests. */

/** Frequency in Hz and begin in seconds of every note. */
const melodies = {
  /** Somebody knocks. */
  knock: [
    [660, 0],
    [880, 0.14],
  ],
  /** Long enough to find out which speaker it is. */
  test: [
    [523, 0],
    [659, 0.3],
    [784, 0.6],
    [1047, 0.9],
  ],
} as const;
const NOTE_SECONDS = 0.34;
const VOLUME = 0.16;

/**
 * Plays a sound. Silent where the browser does not let the page play before a click. Never rejects.
 * @param speakerId where to, as far as the browser can choose; empty = its own choice.
 * @returns when the last note has faded.
 */
export async function playTone(name: keyof typeof melodies, speakerId = ''): Promise<void> {
  try {
    const context = new AudioContext() as AudioContext & { setSinkId?: (id: string) => Promise<void> };
    if (speakerId) await context.setSinkId?.(speakerId).catch(() => {});
    const last = melodies[name].map(([frequency, begin]) => {
      const at = context.currentTime + begin;
      const tone = new OscillatorNode(context, { frequency, type: 'sine' });
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, at);
      volume.gain.linearRampToValueAtTime(VOLUME, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, at + NOTE_SECONDS);
      tone.connect(volume).connect(context.destination);
      tone.start(at);
      tone.stop(at + NOTE_SECONDS);
      return tone;
    });
    await new Promise<void>((resolve) => {
      last.at(-1)!.onended = () => resolve();
      // A context that may not start never ends a note.
      if (context.state === 'suspended') window.setTimeout(resolve, 2000);
    });
    await context.close();
  } catch {
    // No sound is no reason to stop anything.
  }
}

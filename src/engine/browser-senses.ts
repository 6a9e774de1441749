import type { EngineEnvironment } from './environment.js';

type Senses = Required<
  Pick<EngineEnvironment, 'canChooseSpeaker' | 'watchNetwork' | 'watchBattery' | 'reachable' | 'meter'>
>;

/** Network Information and Battery Status APIs: not in every browser, not in TypeScript's DOM. */
interface MoreNavigator {
  connection?: EventTarget & { type?: string };
  getBattery?(): Promise<EventTarget & { level: number; charging: boolean }>;
}

/** Longest wait for an answer that the way is open. */
const REACHABLE_TIMEOUT_MS = 5000;

/** What the browser notices of the world around it. */
export const browserSenses: Senses = {
  canChooseSpeaker: () => typeof HTMLMediaElement === 'function' && 'setSinkId' in HTMLMediaElement.prototype,

  watchNetwork(listener) {
    const stop = new AbortController();
    const { signal } = stop;
    for (const event of ['online', 'offline'] as const) {
      window.addEventListener(event, () => listener(event), { signal });
    }
    const { connection } = navigator as MoreNavigator;
    let type = connection?.type;
    connection?.addEventListener(
      'change',
      () => {
        // Estimates of speed change all the time; only another kind of network is another path.
        if (connection.type !== type) listener('changed');
        type = connection.type;
      },
      { signal },
    );
    return () => stop.abort();
  },

  watchBattery(listener) {
    const stop = new AbortController();
    const { signal } = stop;
    void (navigator as MoreNavigator)
      .getBattery?.()
      .then((battery) => {
        if (signal.aborted) return;
        const tell = (): void => listener({ level: battery.level, charging: battery.charging });
        battery.addEventListener('levelchange', tell, { signal });
        battery.addEventListener('chargingchange', tell, { signal });
        tell();
      })
      .catch(() => {});
    return () => stop.abort();
  },

  async reachable(url) {
    try {
      const probe = new URL(url, location.href);
      probe.searchParams.set('rand', String(Math.random()).slice(2));
      const { ok } = await fetch(probe, {
        method: 'HEAD',
        cache: 'no-store',
        credentials: 'omit',
        signal: AbortSignal.timeout(REACHABLE_TIMEOUT_MS),
      });
      return ok;
    } catch {
      return false;
    }
  },

  meter(track) {
    // A clone of its own: muting the track for others must not make us deaf to who talks into a muted microphone.
    const heard = track.clone();
    heard.enabled = true;
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    context.createMediaStreamSource(new MediaStream([heard])).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    return {
      level() {
        // Browsers start it asleep until the person has touched the page.
        if (context.state === 'suspended') void context.resume().catch(() => {});
        analyser.getFloatTimeDomainData(samples);
        let sum = 0;
        for (const sample of samples) sum += sample * sample;
        return Math.min(1, Math.sqrt(sum / samples.length) * 2);
      },
      close() {
        heard.stop();
        void context.close().catch(() => {});
      },
    };
  },
};

import { Manager } from 'socket.io-client';
import { browserPage } from './browser-page.js';
import type { EngineEnvironment } from './environment.js';

/** Network Information and Battery Status APIs: not in every browser, not in TypeScript's DOM. */
interface MoreNavigator {
  connection?: EventTarget & { type?: string };
  getBattery?(): Promise<EventTarget & { level: number; charging: boolean }>;
}

/** Longest wait for an answer that the way is open. */
const REACHABLE_TIMEOUT_MS = 5000;

/** The browser as a call needs it: sockets, connections, and what it notices of the world around it. */
export const browserEnvironment: EngineEnvironment = {
  ...browserPage,
  random: () => Math.random(),
  setTimeout: (run, ms) => window.setTimeout(run, ms),
  clearTimeout: (id) => window.clearTimeout(id),
  createPeerConnection: (configuration) => {
    try {
      return new RTCPeerConnection(configuration);
    } catch (error) {
      // One malformed entry of a server's list would otherwise cost the call.
      console.warn('enx-room: the ICE servers cannot be used', error);
      return new RTCPeerConnection({ ...configuration, iceServers: [] });
    }
  },
  // One room, one connection: what `io()` does to share connections between sockets is not needed.
  connectSocket: (url, options) => new Manager(url, options).socket('/'),
  pageIsSecure: () => location.protocol === 'https:',

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
};

/** Watches, from inside a page, what our script opens and whether it lets go of it again. */
import type { Page } from 'playwright-core';

declare global {
  interface Window {
    /** What our script holds at this moment, one line each. */
    enxHeld(): string[];
    /** The same, at the moment `exit-room` fired; devices, connections and sockets only. */
    enxHeldAtExit: string[] | undefined;
  }
}

/** To be called before the page loads anything. */
export async function watchPage(page: Page): Promise<void> {
  // What the compiler of the tests puts around functions.
  await page.addInitScript('globalThis.__name ??= (value) => value');
  await page.addInitScript(() => {
    // The script or one of its parts.
    const script = /\/enx-room\.min\.js|\/parts\//;
    const tracks: { kind: string; track: MediaStreamTrack }[] = [];
    const connections: RTCPeerConnection[] = [];
    const sockets: WebSocket[] = [];
    const audio: AudioContext[] = [];
    const timers = new Map<number, string>();
    const listeners = new Set<{ target: EventTarget; type: string; listener: unknown }>();

    const media = navigator.mediaDevices;
    for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
      const original = media[name].bind(media) as (wish?: MediaStreamConstraints) => Promise<MediaStream>;
      media[name] = async (wish?: MediaStreamConstraints) => {
        const stream = await original(wish);
        for (const track of stream.getTracks()) tracks.push({ kind: `${track.kind} of ${name}`, track });
        return stream;
      };
    }
    const clone = MediaStreamTrack.prototype.clone;
    MediaStreamTrack.prototype.clone = function (this: MediaStreamTrack) {
      const track = clone.call(this);
      tracks.push({ kind: `${track.kind} cloned`, track });
      return track;
    };

    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    };
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
    window.AudioContext = class extends AudioContext {
      constructor(options?: AudioContextOptions) {
        super(options);
        audio.push(this);
      }
    };

    const origin = (): string =>
      new Error().stack
        ?.split('\n')
        .filter((line) => script.test(line))
        .slice(0, 3)
        .map((line) => line.trim().replace(/\(?http\S+\//, ''))
        .join(' < ') ?? '';
    const { setTimeout: later, setInterval: often, clearTimeout: stop } = window;
    window.setTimeout = ((run: TimerHandler, ms?: number, ...rest: unknown[]) => {
      const from = origin();
      if (!from || typeof run !== 'function') return later(run, ms, ...rest);
      const id: number = later(() => {
        timers.delete(id);
        (run as (...args: unknown[]) => void)(...rest);
      }, ms);
      timers.set(id, `timeout of ${ms} ms: ${from}`);
      return id;
    }) as typeof window.setTimeout;
    window.setInterval = ((run: TimerHandler, ms?: number, ...rest: unknown[]) => {
      const id: number = often(run, ms, ...rest);
      const from = origin();
      if (from) timers.set(id, `interval of ${ms} ms: ${from}`);
      return id;
    }) as typeof window.setInterval;
    window.clearTimeout = window.clearInterval = (id) => {
      timers.delete(id as number);
      stop(id);
    };

    // Listeners on what outlives the element.
    let engineIoListens = false;
    const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
    const lasting = (target: unknown): boolean =>
      target === window ||
      target === undefined ||
      target === document ||
      target === navigator.mediaDevices ||
      target === (navigator as { connection?: unknown }).connection ||
      target instanceof MediaQueryList;
    EventTarget.prototype.addEventListener = function (this: EventTarget, type, listener, options) {
      add.call(this, type, listener, options);
      if (!lasting(this) || !origin()) return;
      // Engine.IO adds one when it is loaded, which belongs to the page and not to a session.
      if (type === 'offline' && !engineIoListens) {
        engineIoListens = true;
        return;
      }
      const entry = { target: this, type, listener };
      listeners.add(entry);
      const signal = typeof options === 'object' ? options?.signal : undefined;
      if (signal) add.call(signal, 'abort', () => listeners.delete(entry));
    };
    EventTarget.prototype.removeEventListener = function (this: EventTarget, type, listener, options) {
      remove.call(this, type, listener, options);
      for (const entry of listeners) {
        if (entry.target === this && entry.type === type && entry.listener === listener)
          listeners.delete(entry);
      }
    };

    const heavy = (): string[] => [
      ...tracks.filter(({ track }) => track.readyState === 'live').map(({ kind }) => `track: ${kind}`),
      ...connections
        .filter(({ signalingState }) => signalingState !== 'closed')
        .map(({ connectionState }) => `peer connection: ${connectionState}`),
      ...sockets
        .filter(({ readyState }) => readyState === WebSocket.OPEN || readyState === WebSocket.CONNECTING)
        .map(({ url }) => `socket: ${url}`),
    ];
    window.enxHeld = () => [
      ...heavy(),
      ...audio.filter(({ state }) => state !== 'closed').map(({ state }) => `audio context: ${state}`),
      ...timers.values(),
      ...[...listeners].map(({ type }) => `listener: ${type}`),
    ];
    add.call(window, 'room-connected', () => (window.enxHeldAtExit = undefined), true);
    add.call(window, 'exit-room', () => (window.enxHeldAtExit = heavy()), true);
  });
}

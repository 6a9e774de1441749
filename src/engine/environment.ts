import type { ManagerOptions, Socket, SocketOptions } from 'socket.io-client';

/** `changed`: the path may be another one now (Wi-Fi ↔ mobile), though nothing was lost. */
export type NetworkEvent = 'offline' | 'online' | 'changed';

/** Loudness of a track. */
export interface Meter {
  /** 0…1 at this moment. */
  level(): number;
  close(): void;
}

/** As much of the outside world as there is to see before a call. What is optional here, some browsers do not have. */
export interface PageEnvironment {
  /** Milliseconds since the epoch. */
  now(): number;
  /** `undefined` on insecure pages. */
  mediaDevices(): MediaDevices | undefined;
  /** What a browser must have. */
  supportsWebRtc(): boolean;
  userAgent(): string;
  /** The browser lets pages choose where sound comes out. */
  canChooseSpeaker?(): boolean;
  /** Measures a track, also while it is muted for others. */
  meter?(track: MediaStreamTrack): Meter;
}

/** The outside world of the engine; tests hand in their own. */
export interface EngineEnvironment extends PageEnvironment {
  /** [0, 1) */
  random(): number;
  setTimeout(run: () => void, ms: number): number;
  clearTimeout(id: number): void;
  createPeerConnection(configuration: RTCConfiguration): RTCPeerConnection;
  connectSocket(url: string, options: Partial<ManagerOptions & SocketOptions>): Socket;
  /** Wire scheme goes by the page's (protocol §2.2). */
  pageIsSecure(): boolean;
  /** @returns a function that ends it. */
  watchNetwork?(listener: (event: NetworkEvent) => void): () => void;
  /** Told now and after every change; `level` 0…1. @returns a function that ends it. */
  watchBattery?(listener: (battery: { level: number; charging: boolean }) => void): () => void;
  /** A HEAD request gets through (protocol §8.2). Never rejects. */
  reachable?(url: string): Promise<boolean>;
}

/** Resolves after `ms`. */
export const wait = (environment: EngineEnvironment, ms: number): Promise<void> =>
  new Promise((resolve) => environment.setTimeout(resolve, ms));

/** Rejects with `error()` unless `promise` settles within `ms`. */
export function within<T>(
  environment: EngineEnvironment,
  promise: Promise<T>,
  ms: number,
  error: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = environment.setTimeout(() => reject(error()), ms);
    promise.then(resolve, reject).finally(() => environment.clearTimeout(timer));
  });
}

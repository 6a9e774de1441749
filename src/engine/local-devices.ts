import type { EngineEnvironment } from './environment.js';
import type { RoomError } from './errors.js';
import { acquireMedia, type AcquiredMedia, type MediaKind, type MediaWish } from './local-media.js';
import type { DeviceState, RoomState } from './room-state.js';

export interface LocalDevicesListener {
  changed(state: Pick<RoomState, 'microphone' | 'camera' | 'deviceErrors' | 'localStream'>): void;
  allowed(kinds: MediaKind[]): void;
  denied(kind: MediaKind, error: RoomError): void;
}

/** Microphone and camera of this browser: opened once, muted and unmuted, let go at the end. */
export class LocalDevices {
  readonly #tracks: { audio?: MediaStreamTrack | undefined; video?: MediaStreamTrack | undefined } = {};
  readonly #errors: { audio?: RoomError; video?: RoomError } = {};
  readonly #muted = { audio: false, video: false };
  /** What the browser is being asked for at the moment. */
  #asking: { kinds: MediaKind[]; done: Promise<void> } | undefined;
  #generation = 0;
  #preview: MediaStream | undefined;

  constructor(
    private readonly environment: EngineEnvironment,
    private readonly listener: LocalDevicesListener,
  ) {}

  /** Opens what is wished, not open yet and not being asked for. Never rejects; failures are told to the listener. */
  start(wish: MediaWish): Promise<void> {
    const running = this.#asking;
    const missing = (kind: MediaKind): boolean =>
      wish[kind] && !this.#tracks[kind] && !running?.kinds.includes(kind);
    const kinds = (['audio', 'video'] as const).filter(missing);
    if (kinds.length === 0) return running?.done ?? Promise.resolve();
    for (const kind of ['audio', 'video'] as const) {
      if (kinds.includes(kind) || !wish[kind]) delete this.#errors[kind];
    }
    const generation = this.#generation;
    const acquired = acquireMedia(this.environment, {
      ...wish,
      audio: kinds.includes('audio'),
      video: kinds.includes('video'),
    }).then((media) => {
      // Let go while the browser was still asking: what it hands out now is not wanted any more.
      if (generation !== this.#generation) return stopAll(media);
      this.#asking!.kinds = this.#asking!.kinds.filter((kind) => !kinds.includes(kind));
      this.#take(media);
    });
    const done = Promise.all([running?.done, acquired]).then(() => {
      if (this.#asking === asking) this.#asking = undefined;
    });
    const asking = { kinds: [...(running?.kinds ?? []), ...kinds], done };
    this.#asking = asking;
    this.#publishState();
    return done;
  }

  /** The track that may be sent: open and not muted. */
  live(kind: MediaKind): MediaStreamTrack | undefined {
    return this.#muted[kind] ? undefined : this.#tracks[kind];
  }

  has(kind: MediaKind): boolean {
    return this.#tracks[kind] !== undefined;
  }

  isMuted(kind: MediaKind): boolean {
    return this.#muted[kind];
  }

  /** A muted device stays open; its track yields silence or black even where it is still attached. */
  setMuted(kind: MediaKind, muted: boolean): void {
    this.#muted[kind] = muted;
    const track = this.#tracks[kind];
    if (track) track.enabled = !muted;
    this.#publishState();
  }

  /** Releases everything; the browser's recording light goes off. */
  stop(): void {
    this.#generation += 1;
    this.#asking = undefined;
    for (const kind of ['audio', 'video'] as const) {
      this.#tracks[kind]?.stop();
      this.#tracks[kind] = undefined;
      delete this.#errors[kind];
    }
    this.#preview = undefined;
    this.#publishState();
  }

  #take(media: AcquiredMedia): void {
    const kinds: MediaKind[] = [];
    for (const kind of ['audio', 'video'] as const) {
      const track = media[kind];
      if (track) {
        this.#tracks[kind] = track;
        track.enabled = !this.#muted[kind];
        kinds.push(kind);
      }
      const error = media.errors[kind];
      if (error) this.#errors[kind] = error;
    }
    if (media.video) this.#preview = new MediaStream([media.video]);
    this.#publishState();
    if (kinds.length > 0) this.listener.allowed(kinds);
    for (const kind of ['audio', 'video'] as const) {
      const error = media.errors[kind];
      if (error) this.listener.denied(kind, error);
    }
  }

  #stateOf(kind: MediaKind): DeviceState {
    if (this.#tracks[kind]) return this.#muted[kind] ? 'muted' : 'on';
    if (this.#errors[kind]) return 'unavailable';
    if (this.#asking?.kinds.includes(kind)) return 'starting';
    return 'off';
  }

  #publishState(): void {
    this.listener.changed({
      microphone: this.#stateOf('audio'),
      camera: this.#stateOf('video'),
      deviceErrors: Object.freeze({
        ...(this.#errors.audio ? { microphone: this.#errors.audio } : {}),
        ...(this.#errors.video ? { camera: this.#errors.video } : {}),
      }),
      localStream: this.#preview,
    });
  }
}

function stopAll({ audio, video }: AcquiredMedia): void {
  audio?.stop();
  video?.stop();
}

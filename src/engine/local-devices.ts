import type { Meter, PageEnvironment } from './environment.js';
import { RoomError } from './errors.js';
import {
  acquireMedia,
  type AcquiredMedia,
  type MediaKind,
  type MediaWish,
  type Processing,
  standardProcessing,
} from './local-media.js';
import type { DeviceState, RoomState } from './room-state.js';

export interface LocalDevicesListener {
  changed(state: Pick<RoomState, 'microphone' | 'camera' | 'deviceErrors' | 'localStream'>): void;
  allowed(kinds: MediaKind[]): void;
  denied(kind: MediaKind, error: RoomError): void;
  /** Another track of this kind is the one to send; `undefined` = none any more. */
  replaced(kind: MediaKind, track: MediaStreamTrack | undefined): void;
  /** The device in use is gone: unplugged, or taken by the system. `fallback` = another one took its place. */
  lost(kind: MediaKind, fallback: boolean): void;
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
  #meter: Meter | undefined;
  /** What was wished last; a single device is opened with the same wishes. */
  #wish: MediaWish | undefined;
  /** Devices by choice of the person; empty = the browser's choice. */
  readonly #ids = { audio: '', video: '' };
  #processing: Processing = standardProcessing;

  constructor(
    private readonly environment: PageEnvironment,
    private readonly listener: LocalDevicesListener,
  ) {}

  /** Opens what is wished, not open yet and not being asked for. Never rejects; failures are told to the listener. */
  start(wish: MediaWish): Promise<void> {
    this.#wish = wish;
    const running = this.#asking;
    const missing = (kind: MediaKind): boolean =>
      wish[kind] && !this.#tracks[kind] && !running?.kinds.includes(kind);
    const kinds = (['audio', 'video'] as const).filter(missing);
    if (kinds.length === 0) return running?.done ?? Promise.resolve();
    for (const kind of ['audio', 'video'] as const) {
      if (kinds.includes(kind) || !wish[kind]) delete this.#errors[kind];
    }
    const generation = this.#generation;
    const acquired = this.#acquireAny({
      ...wish,
      audio: kinds.includes('audio'),
      video: kinds.includes('video'),
    }).then(({ media, instead }) => {
      // Let go while the browser was still asking: what it hands out now is not wanted any more.
      if (generation !== this.#generation) return stopAll(media);
      this.#asking!.kinds = this.#asking!.kinds.filter((kind) => !kinds.includes(kind));
      this.#take(media);
      for (const kind of instead) this.listener.lost(kind, true);
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

  /** Id of the device in use; empty while there is none. */
  idInUse(kind: MediaKind): string {
    return this.#tracks[kind]?.getSettings?.().deviceId ?? this.#ids[kind];
  }

  /** Loudness of the microphone, 0…1, muted or not; `undefined` where the browser cannot measure. */
  get level(): number | undefined {
    return this.#meter?.level();
  }

  /**
   * Changes to another device; one that is not open is used from the next time on. The old one stays if that fails.
   * @param id the browser's `deviceId`; empty = the browser's choice.
   * @throws {RoomError} `device-id-invalid`, `device-not-found`, `device-in-use`, `device-permission-denied` …
   */
  async choose(kind: MediaKind, id: string): Promise<void> {
    const before = this.#ids[kind];
    this.#ids[kind] = id;
    if (!this.#tracks[kind]) return;
    try {
      await this.#reopen(kind);
    } catch (error) {
      this.#ids[kind] = before;
      throw error;
    }
  }

  /** Switches the browser's own processing of the microphone. @throws {RoomError} */
  async setProcessing(changes: Partial<Processing>): Promise<void> {
    this.#processing = { ...this.#processing, ...changes };
    // Not every browser changes it on a running track.
    if (this.#tracks.audio) await this.#reopen('audio');
  }

  /** Largest camera picture from now on. @throws {RoomError} */
  async setVideoSize(videoSize: { width: number; height: number }): Promise<void> {
    if (this.#wish) this.#wish = { ...this.#wish, videoSize };
    if (this.#tracks.video) await this.#reopen('video');
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
    this.#measure(undefined);
    this.#preview = undefined;
    this.#publishState();
  }

  #acquire(wish: MediaWish): Promise<AcquiredMedia> {
    return acquireMedia(this.environment, wish, { ids: this.#ids, processing: this.#processing });
  }

  /** Where the device that was chosen is gone, the browser chooses; `instead` names those kinds. */
  async #acquireAny(wish: MediaWish): Promise<{ media: AcquiredMedia; instead: MediaKind[] }> {
    const media = await this.#acquire(wish);
    const instead: MediaKind[] = [];
    for (const kind of ['audio', 'video'] as const) {
      if (media.errors[kind]?.name !== 'device-id-invalid') continue;
      this.#ids[kind] = '';
      const other = await this.#acquire({ ...wish, audio: kind === 'audio', video: kind === 'video' });
      media[kind] = other[kind];
      media.errors[kind] = other.errors[kind];
      if (other[kind]) instead.push(kind);
    }
    return { media, instead };
  }

  /** Opens a kind anew with the wishes of this moment. @throws {RoomError}; the old track stays then. */
  async #reopen(kind: MediaKind): Promise<void> {
    const generation = this.#generation;
    const old = this.#tracks[kind];
    const wish = this.#wish!;
    const media = await this.#acquire({ ...wish, audio: kind === 'audio', video: kind === 'video' });
    const track = media[kind];
    if (generation !== this.#generation || this.#tracks[kind] !== old) return stopAll(media);
    if (!track) throw media.errors[kind] ?? new RoomError('device-not-found', 'There is no such device.');
    this.#use(kind, track);
    old?.stop();
    this.#publishState();
    this.listener.replaced(kind, this.live(kind));
  }

  #use(kind: MediaKind, track: MediaStreamTrack): void {
    this.#tracks[kind] = track;
    delete this.#errors[kind];
    track.enabled = !this.#muted[kind];
    if (kind === 'audio') this.#measure(track);
    else this.#preview = new MediaStream([track]);
    track.addEventListener?.('ended', () => {
      if (this.#tracks[kind] === track) void this.#vanished(kind);
    });
  }

  /** The device went away under us: another one of the kind takes its place, if there is one. */
  async #vanished(kind: MediaKind): Promise<void> {
    const generation = this.#generation;
    this.#ids[kind] = '';
    try {
      await this.#reopen(kind);
      if (generation === this.#generation) this.listener.lost(kind, true);
    } catch (error) {
      if (generation !== this.#generation) return;
      this.#tracks[kind] = undefined;
      this.#errors[kind] = RoomError.from(error, 'device-not-found');
      if (kind === 'audio') this.#measure(undefined);
      else this.#preview = undefined;
      this.#publishState();
      this.listener.replaced(kind, undefined);
      this.listener.lost(kind, false);
    }
  }

  #measure(track: MediaStreamTrack | undefined): void {
    this.#meter?.close();
    this.#meter = undefined;
    if (!track) return;
    try {
      this.#meter = this.environment.meter?.(track);
    } catch {
      // Without Web Audio there is no meter; talking works all the same.
    }
  }

  #take(media: AcquiredMedia): void {
    const kinds: MediaKind[] = [];
    for (const kind of ['audio', 'video'] as const) {
      const track = media[kind];
      if (track) {
        this.#use(kind, track);
        kinds.push(kind);
      }
      const error = media.errors[kind];
      if (error) this.#errors[kind] = error;
    }
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

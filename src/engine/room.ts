import { browserPage } from './browser-page.js';
import type { Call } from './call.js';
import { type AudioRoute, DeviceList, type DeviceListing } from './device-list.js';
import { Emitter } from './emitter.js';
import { Entrance } from './entrance.js';
import type { EngineEnvironment, PageEnvironment } from './environment.js';
import { notConnected, RoomError } from './errors.js';
import type { Emit, RoomEvents } from './events.js';
import type { Floor } from './floor.js';
import { LocalDevices } from './local-devices.js';
import { cameraSize, type MediaKind, type Processing } from './local-media.js';
import type { Moderation } from './moderation.js';
import { defaultOptions, type RoomOptions } from './options.js';
import type { TokenSource } from './room-connection.js';
import { type ChatMessage, type ReceiveQuality, type RoomState, RoomStateStore } from './room-state.js';
import type { SharePermissions } from './share-permissions.js';
import { standIn } from './stand-in.js';
import type { RoomStatistics } from './statistics.js';

export type { TokenSource };

/**
 * The room engine: one room, one person in it. Works without any user interface; read {@link state}, listen to
 * {@link RoomEvents}, call the verbs. Every verb settles when the thing has happened and rejects with a `RoomError`;
 * `not-connected` outside a room.
 */
export class Room extends Emitter<RoomEvents> {
  readonly #store = new RoomStateStore();
  readonly #page: PageEnvironment;
  readonly #devices: LocalDevices;
  readonly #deviceList: DeviceList;
  readonly #entrance: Entrance;
  #options: RoomOptions;
  /** Verbs of moderators; the server decides who is one. */
  readonly moderation = standIn<Moderation>((verb) =>
    this.#inCall(async (call) => verb(await call.moderation())),
  );
  /** Who may speak in a lecture. */
  readonly floor = standIn<Floor>((verb) => this.#inCall(async (call) => verb(await call.floor())));
  /** Who may share, in rooms where that has to be asked for. */
  readonly sharePermissions = standIn<SharePermissions>((verb) =>
    this.#inCall(async (call) => verb(await call.sharePermissions())),
  );

  /** @param environment the outside world; the browser's if absent. */
  constructor(options: Partial<RoomOptions> = {}, environment?: EngineEnvironment) {
    super();
    const store = this.#store;
    this.#page = environment ?? browserPage;
    this.#options = { ...defaultOptions(), ...options };
    const emit: Emit = (name, payload) => this.emit(name, payload);

    this.#devices = new LocalDevices(this.#page, {
      changed: (state) => {
        store.update(state);
        this.#deviceList?.choose({
          microphoneId: this.#devices?.idInUse('audio') ?? '',
          cameraId: this.#devices?.idInUse('video') ?? '',
        });
      },
      allowed: (kinds) => {
        emit('mediaAllowed', { kinds });
        // Labels are there from now on.
        void this.#deviceList.watch();
      },
      denied: (kind, error) => emit('mediaDenied', { kind, error }),
      replaced: (kind, track) => void this.#entrance.call?.replaced(kind, track),
      lost: (kind, fallback) => {
        const device = fallback ? this.#devices.idInUse(kind) : '';
        emit('deviceUpdated', { device, kind, lost: !fallback });
        const error = this.state.deviceErrors[kind === 'audio' ? 'microphone' : 'camera'];
        if (error) emit('mediaDenied', { kind, error });
      },
    });
    this.#deviceList = new DeviceList(this.#page, store, {
      added: (device) => emit('deviceAdded', device),
      removed: (device) => emit('deviceRemoved', device),
      routed: (device) => emit('deviceUpdated', { device, kind: 'audiooutput', lost: false }),
    });
    const release = (): void => {
      this.#entrance.call?.release();
      this.#devices.stop();
      this.#deviceList.stop();
    };
    this.#entrance = new Entrance({
      store,
      emit,
      supportsWebRtc: () => this.#page.supportsWebRtc(),
      load: async () => {
        const { Call } = await import('./call.js');
        return new Call({
          environment,
          store,
          devices: this.#devices,
          options: () => this.#options,
          emit,
          openDevices: (quality) => this.#openDevices(quality),
          setCameraMuted: (muted) => this.setCameraMuted(muted),
          release,
        });
      },
      begin: () => this.#begin(),
      release,
    });
    store.subscribe((state) => emit('stateChanged', state));
  }

  /** Frozen; a new object after every change. */
  get state(): RoomState {
    return this.#store.current;
  }

  get options(): RoomOptions {
    return this.#options;
  }

  /** Options count from the next join. */
  setOptions(options: Partial<RoomOptions>): void {
    this.#options = { ...this.#options, ...options };
  }

  /** Called now and after every change. @returns a function that ends the subscription. */
  subscribe(listener: (state: RoomState) => void): () => void {
    listener(this.state);
    return this.#store.subscribe(listener);
  }

  /** Loudness, 0…1, of a talker's slot or of oneself; meant for meters that draw themselves. */
  level(slot: number | 'self'): number {
    if (slot === 'self' && this.state.connection !== 'connected') return this.#devices.level ?? 0;
    return this.#entrance.call?.level(slot) ?? 0;
  }

  // ── being in the room ─────────────────────────────────────────────────────────────────────────────────────────

  /** Opens the devices before joining, for a preview. Never rejects. */
  async preview(quality = 'HD'): Promise<void> {
    await this.#openDevices(quality);
  }

  /** Fetches the code of a call ahead of {@link join}, which otherwise does. Never rejects; `join` tries again. */
  preload(): Promise<void> {
    return this.#entrance.preload();
  }

  /**
   * Joins. Resolves when admitted; publishing goes on by itself.
   * @param ready what has to be there first; nothing is sent before, and when it rejects the join fails with that.
   * @throws {RoomError} `token-malformed`, `token-…`, `server-unreachable`, `browser-unsupported`, `room-full` …;
   * `connect-failed` when the code of a call cannot be fetched, `already-in-state` while joined or joining.
   */
  join(token: TokenSource, ready?: Promise<unknown>): Promise<void> {
    return this.#entrance.join(token, ready);
  }

  /**
   * Leaves. Resolves when devices, media connections and socket are released.
   * @throws {RoomError} `disconnect-running` while one is running, `disconnect-done` when not in a room.
   */
  disconnect(): Promise<void> {
    return this.#entrance.leave();
  }

  // ── own media ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Sends the microphone no more, or again. @throws {RoomError} `device-not-found` without one, `not-connected` */
  setMicrophoneMuted(muted: boolean): Promise<void> {
    return this.#setMuted('audio', muted);
  }

  /** Sends the camera no more, or again. @throws {RoomError} `device-not-found` without one, `not-connected` */
  setCameraMuted(muted: boolean): Promise<void> {
    return this.#setMuted('video', muted);
  }

  /** Asks the browser again for devices that could not be had, and publishes them. Never rejects. */
  async retryDevices(): Promise<void> {
    await this.#openDevices(this.#entrance.call?.quality ?? 'HD');
    await this.#entrance.call?.publishIfWanted();
  }

  /** Publishes microphone and camera, after {@link unpublish} or when joined without. @throws {RoomError} */
  publish(): Promise<void> {
    return this.#inCall((call) => call.publish());
  }

  /** Takes the own stream out of the room; devices stay open. @throws {RoomError} `not-connected` */
  unpublish(): Promise<void> {
    return this.#inCall((call) => call.unpublish());
  }

  /**
   * Shares a screen, after asking the person which.
   * @throws {RoomError} `share-running`, `device-permission-denied`, `not-enabled`, `not-connected`
   */
  startScreenShare(): Promise<void> {
    return this.#inCall((call) => call.startScreenShare());
  }

  /** Ends one's own share; nothing happens without one. */
  async stopScreenShare(): Promise<void> {
    await this.#entrance.call?.stopScreenShare();
  }

  // ── devices ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Everything this browser lets us see, and the output routes in the words of the native SDKs. Never rejects. */
  getDevices(): Promise<DeviceListing> {
    return this.#deviceList.listing();
  }

  /** Where sound comes out. Never rejects. */
  getSelectedDevice(): Promise<AudioRoute> {
    return this.#deviceList.selected();
  }

  /**
   * Changes the microphone without any renegotiation; one that is not open yet is used when it is opened.
   * @param id `deviceId`; empty = the browser's choice.
   * @throws {RoomError} `device-id-invalid`, `device-not-found`, `device-in-use` …; the old one stays then.
   */
  setMicrophone(id: string): Promise<void> {
    return this.#devices.choose('audio', id);
  }

  /** Changes the camera; see {@link setMicrophone}. @throws {RoomError} */
  setCamera(id: string): Promise<void> {
    return this.#devices.choose('video', id);
  }

  /** Changes where sound comes out. @throws {RoomError} `not-enabled` where the browser decides, `device-not-found` */
  async setSpeaker(id: string): Promise<void> {
    await this.#deviceList.watch();
    this.#deviceList.setSpeaker(id);
  }

  /** Switches the browser's own processing of the microphone. @throws {RoomError} */
  setProcessing(changes: Partial<Processing>): Promise<void> {
    return this.#devices.setProcessing(changes);
  }

  /** Largest picture of one's own camera. @throws {RoomError} */
  setQualityCeiling(quality: 'HD' | 'SD' | 'LD'): Promise<void> {
    return this.#devices.setVideoSize(cameraSize(quality));
  }

  // ── what one receives ─────────────────────────────────────────────────────────────────────────────────────────

  /** @throws {RoomError} */
  getTalkerCount(): Promise<number> {
    return this.#inCall(({ reception }) => reception.talkerCount());
  }

  /** @throws {RoomError} */
  getMaxTalkers(): Promise<number> {
    return this.#inCall(({ reception }) => reception.maxTalkers());
  }

  /** @param count talkers to receive, 0 up to the room's maximum @throws {RoomError} `parameter-invalid` */
  setTalkerCount(count: number): Promise<void> {
    return this.#inCall(({ reception }) => reception.setTalkerCount(count));
  }

  /** @throws {RoomError} `parameter-invalid` */
  setReceiveQuality(quality: ReceiveQuality): Promise<void> {
    return this.#inCall(({ reception }) => reception.setQuality(quality));
  }

  /** Neither sends nor receives pictures, or does so again. @throws {RoomError} */
  setAudioOnly(on: boolean): Promise<void> {
    return this.#inCall((call) => call.setAudioOnly(on));
  }

  /** Which slots have their picture on screen; the others need not travel. Never rejects. */
  setSeen(slots: readonly number[]): void {
    this.#entrance.call?.reception.setSeen(slots);
  }

  /** Keeps people among the talkers one receives. @throws {RoomError} */
  pin(clientIds: string[]): Promise<void> {
    return this.#inCall(({ reception }) => reception.pin(clientIds));
  }

  /** @throws {RoomError} */
  unpin(clientIds: string[]): Promise<void> {
    return this.#inCall(({ reception }) => reception.unpin(clientIds));
  }

  /** Wants to be told who is heard (`talkersHeard`), or no longer. @throws {RoomError} */
  subscribeTalkerNotification(enable: boolean): Promise<void> {
    return this.#inCall(({ reception }) => reception.hearTalkers(enable));
  }

  /** Everything the server keeps of what this client asked for with advanced options. @throws {RoomError} */
  async getAdvancedOptions(): Promise<unknown[]> {
    const { options } = await this.#inCall((call) => call.request('getAdvancedOptions'));
    return Array.isArray(options) ? (options as unknown[]) : [];
  }

  /** What travels, and how well. The first call tells no rates. */
  async statistics(): Promise<RoomStatistics> {
    const { call } = this.#entrance;
    return call ? call.statistics() : { at: this.#page.now(), roundTripMs: undefined, streams: [] };
  }

  // ── talking to each other ─────────────────────────────────────────────────────────────────────────────────────

  /**
   * Says something to everybody, or to some. During a reconnect it waits until it can be sent.
   * @param recipients client ids; empty = everybody.
   * @throws {RoomError} `not-connected`, `parameter-invalid` for an empty text, `text-too-large`.
   */
  sendMessage(text: string, recipients: string[] = []): Promise<ChatMessage> {
    return this.#inCall((call) => call.sendMessage(text, recipients));
  }

  /** Sends any JSON value to other programs in the room. @throws {RoomError} `not-connected`, `text-too-large` */
  sendUserData(data: unknown, recipients: string[] = []): Promise<void> {
    return this.#inCall((call) => call.sendUserData(data, recipients));
  }

  /** Raises or lowers one's hand; in a lecture that asks for the floor. @throws {RoomError} */
  raiseHand(raised: boolean): Promise<void> {
    return this.#inCall((call) => call.raiseHand(raised));
  }

  /** Shows everybody an emoji for a moment. @throws {RoomError} */
  react(emoji: string): Promise<void> {
    return this.#inCall((call) => call.react(emoji));
  }

  /**
   * Asks for another role, takes the request back, or answers one as a moderator (protocol §6 `changeUserRoleOption`).
   * @param action `request` and `cancel` concern oneself, `accept` and `deny` the person named. @throws {RoomError}
   */
  async requestRole(
    action: 'request' | 'cancel' | 'accept' | 'deny',
    role: string,
    clientId = '',
  ): Promise<void> {
    const words = {
      request: 'requestInitiate',
      cancel: 'requestCancel',
      accept: 'requestAccepted',
      deny: 'requestDenied',
    } as const;
    await this.#inCall((call) =>
      call.request('changeUserRoleOption', clientId ? { clientId, role } : { role }, words[action]),
    );
  }

  // ── helpers ───────────────────────────────────────────────────────────────────────────────────────────────────

  #inCall<T>(verb: (call: Call) => Promise<T>): Promise<T> {
    return this.#entrance.run(verb);
  }

  /** A join begins: what an earlier session left is cleared. */
  #begin(): void {
    const { localInfo, roomInfo } = this.#options;
    this.#store.update({
      error: undefined,
      ending: undefined,
      messages: Object.freeze([]),
      reconnect: undefined,
      audioOnly: roomInfo.audio_only && !roomInfo.chat_only,
      chatOnly: roomInfo.chat_only,
    });
    if (!this.#devices.has('audio')) this.#devices.setMuted('audio', localInfo.audioMuted);
    if (!this.#devices.has('video')) this.#devices.setMuted('video', localInfo.videoMuted);
  }

  #openDevices(quality: string): Promise<void> {
    const { localInfo, roomInfo } = this.#options;
    const { connection } = this.state;
    if (connection === 'idle' || connection === 'disconnected') {
      this.#devices.setMuted('audio', localInfo.audioMuted);
      this.#devices.setMuted('video', localInfo.videoMuted);
    }
    return this.#devices.start({
      audio: localInfo.audio && !roomInfo.chat_only,
      video: localInfo.video && !roomInfo.audio_only && !roomInfo.chat_only,
      videoSize: cameraSize(quality),
      maxFrameRate: 30,
    });
  }

  async #setMuted(kind: MediaKind, muted: boolean): Promise<void> {
    if (!this.#devices.has(kind)) {
      // Before a call there may be a preview to mute.
      if (/^(idle|disconnected)$/.test(this.state.connection)) throw notConnected();
      throw new RoomError(
        'device-not-found',
        `There is no ${kind === 'audio' ? 'microphone' : 'camera'} to mute.`,
      );
    }
    if (this.#devices.isMuted(kind) === muted) return;
    if (!muted && this.state.hardMuted[kind]) {
      throw new RoomError('hard-muted', 'A moderator has muted you. Wait until you are unmuted.');
    }
    this.#devices.setMuted(kind, muted);
    await this.#entrance.call?.muted(kind, muted);
  }
}

import { ackEventOf } from './acks.js';
import { AdvancedOptions } from './advanced-options.js';
import { Chat } from './chat.js';
import { type AudioRoute, DeviceList, type DeviceListing } from './device-list.js';
import { Emitter } from './emitter.js';
import { ending } from './endings.js';
import { browserEnvironment, type EngineEnvironment } from './environment.js';
import { RoomError } from './errors.js';
import type { RoomEvents } from './events.js';
import { Floor } from './floor.js';
import { Hands } from './hands.js';
import { LocalDevices } from './local-devices.js';
import { cameraSize, type MediaKind, type Processing } from './local-media.js';
import { Messenger } from './messenger.js';
import { Moderation } from './moderation.js';
import { defaultOptions, type RoomOptions } from './options.js';
import { OwnStream } from './own-stream.js';
import { Participants } from './participants.js';
import { Reception } from './reception.js';
import { RoomConnection, type TokenSource } from './room-connection.js';
import { RoomModes } from './room-modes.js';
import { type ChatMessage, type ReceiveQuality, type RoomState, RoomStateStore } from './room-state.js';
import { ScreenShare } from './screen-share.js';
import { type RoomParts, ServerMessageHandler } from './server-message-handler.js';
import type { Session } from './session.js';
import { SharePermissions } from './share-permissions.js';
import { measuredConnections, receivedPictures } from './measured-media.js';
import { SessionFlow } from './session-flow.js';
import { type RoomStatistics, Statistics } from './statistics.js';
import { TalkerList } from './talkers.js';

export type { TokenSource };

/**
 * The room engine: one room, one person in it. Works without any user interface; read {@link state}, listen to
 * {@link RoomEvents}, call the verbs. Every verb settles when the thing has happened and rejects with a `RoomError`;
 * `not-connected` outside a room.
 */
export class Room extends Emitter<RoomEvents> {
  readonly #store = new RoomStateStore();
  readonly #environment: EngineEnvironment;
  readonly #devices: LocalDevices;
  readonly #deviceList: DeviceList;
  readonly #participants = new Participants();
  readonly #chat = new Chat();
  readonly #messenger: Messenger;
  readonly #talkers: TalkerList;
  readonly #screen: ScreenShare;
  readonly #own: OwnStream;
  readonly #hands: Hands;
  readonly #modes: RoomModes;
  readonly #reception: Reception;
  readonly #messages: ServerMessageHandler;
  readonly #connection: RoomConnection;
  readonly #advanced: AdvancedOptions;
  readonly #statistics = new Statistics();
  readonly #flow: SessionFlow;
  /** Verbs of moderators; the server decides who is one. */
  readonly moderation: Moderation;
  /** Who may speak in a lecture. */
  readonly floor: Floor;
  /** Who may share, in rooms where that has to be asked for. */
  readonly sharePermissions: SharePermissions;
  #options: RoomOptions;
  /** Devices being opened by the join that runs. */
  #opening: Promise<void> = Promise.resolve();
  /** Own camera as it was before audio-only. */
  #cameraWasOn = false;

  constructor(options: Partial<RoomOptions> = {}, environment: EngineEnvironment = browserEnvironment) {
    super();
    const store = this.#store;
    this.#environment = environment;
    this.#options = { ...defaultOptions(), ...options };
    const emit = <K extends keyof RoomEvents>(name: K, payload: RoomEvents[K]): void =>
      this.emit(name, payload);
    const call = (name: string, ...args: unknown[]): Promise<Record<string, unknown>> =>
      this.#call(name, ...args);
    const session = (): Session | undefined => this.#connection.session;
    const media = (): RoomConnection['media'] => this.#connection.media;

    this.#devices = new LocalDevices(environment, {
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
      replaced: (kind, track) => void this.#trackReplaced(kind, track),
      lost: (kind, fallback) => {
        const device = fallback ? this.#devices.idInUse(kind) : '';
        emit('deviceUpdated', { device, kind, lost: !fallback });
        const error = this.state.deviceErrors[kind === 'audio' ? 'microphone' : 'camera'];
        if (error) emit('mediaDenied', { kind, error });
      },
    });
    this.#deviceList = new DeviceList(environment, store, {
      added: (device) => emit('deviceAdded', device),
      removed: (device) => emit('deviceRemoved', device),
      routed: (device) => emit('deviceUpdated', { device, kind: 'audiooutput', lost: false }),
    });
    this.#talkers = new TalkerList(
      environment,
      {
        slot: (slot) => media()?.subscriber?.audioLevel(slot) ?? 0,
        self: async () =>
          this.#devices.level ??
          (await media()
            ?.publisher('camera')
            ?.audioLevel()
            .catch(() => 0)) ??
          0,
        stream: (slot, picture) => media()?.subscriber?.[picture ? 'streams' : 'sounds'].get(slot),
      },
      () => this.#messages.updateTalkers(),
    );
    this.#screen = new ScreenShare(environment, () => void this.stopScreenShare().catch(() => {}));
    this.floor = new Floor(store, call);
    this.#hands = new Hands(
      store,
      this.floor,
      (message, recipients) => this.#messenger.send('user_data', message, recipients),
      () => environment.now(),
    );
    this.#own = new OwnStream({
      store,
      devices: this.#devices,
      options: () => this.#options,
      media,
      admission: () => this.#connection.admission,
      emit,
    });
    this.#modes = new RoomModes({
      environment,
      store,
      participants: this.#participants,
      floor: this.floor,
      hands: this.#hands,
      own: this.#own,
      media,
      muteCamera: () => void this.setCameraMuted(true).catch(() => {}),
      emit,
    });
    this.#reception = new Reception(store, session, call, (ability) => this.#connection.can(ability));
    const parts: RoomParts = {
      store,
      participants: this.#participants,
      chat: this.#chat,
      talkers: this.#talkers,
      devices: this.#devices,
      reception: this.#reception,
      floor: this.floor,
      hands: this.#hands,
      modes: this.#modes,
      own: this.#own,
      screen: this.#screen,
      session,
      media,
      emit,
    };
    this.#messages = new ServerMessageHandler(parts);
    this.moderation = new Moderation(call, this.#messages);
    this.sharePermissions = new SharePermissions(call);
    this.#advanced = new AdvancedOptions(
      environment,
      () => receivedPictures(this.#connection.media, this.state),
      (update) => emit('advancedOption', update),
    );
    this.#connection = new RoomConnection({
      environment,
      store,
      options: () => this.#options,
      emit,
      messages: this.#messages,
      media: {
        published: (source, streamId) => {
          if (source === 'camera') this.#own.arrived(streamId);
        },
        unpublished: (source) => {
          if (source === 'camera') this.#own.gone();
        },
        subscribed: (subscriber) => {
          store.update({ slotStreams: Object.freeze([...subscriber.sounds.values()]) });
          this.#messages.updateShare(this.state.share);
          this.#messages.updateTalkers();
        },
        failed: (error) => emit('operationFailed', error),
      },
      openDevices: (quality) => (this.#opening = this.#openDevices(quality)),
      begin: () => this.#flow.begin(),
      admitted: (ours, message, how) => this.#flow.admitted(ours, message, how),
      lost: (resumable) => this.#flow.lost(resumable),
      mayReturn: () =>
        this.#connection.admission?.room.settings.adhoc && this.state.participants.length <= 1
          ? ending('room-empty', 1178)
          : undefined,
      release: () => this.#flow.release(),
      over: () => this.#flow.over(),
      ended: () => this.#own.gone(),
      userRef: () => this.#participants.get(this.state.clientId)?.user_ref ?? '',
    });
    this.#messenger = new Messenger(environment, this.#connection, () => this.state);
    this.#flow = new SessionFlow({
      ...parts,
      deviceList: this.#deviceList,
      advanced: this.#advanced,
      messenger: this.#messenger,
      connection: this.#connection,
      options: () => this.#options,
      opening: () => this.#opening,
      updateTalkers: () => this.#messages.updateTalkers(),
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
    return this.#talkers.level(slot);
  }

  // ── being in the room ─────────────────────────────────────────────────────────────────────────────────────────

  /** Opens the devices before joining, for a preview. Never rejects. */
  async preview(quality = 'HD'): Promise<void> {
    await this.#openDevices(quality);
  }

  /**
   * Joins. Resolves when admitted; publishing goes on by itself.
   * @throws {RoomError} `token-malformed`, `token-…`, `server-unreachable`, `browser-unsupported`, `room-full` …;
   * `already-in-state` while joined or joining.
   */
  join(token: TokenSource): Promise<void> {
    return this.#connection.join(token);
  }

  /**
   * Leaves. Resolves when devices, media connections and socket are released.
   * @throws {RoomError} `disconnect-running` while one is running, `disconnect-done` when not in a room.
   */
  disconnect(): Promise<void> {
    return this.#connection.leave();
  }

  // ── own media ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Sends the microphone no more, or again. @throws {RoomError} `device-not-found` without a microphone. */
  setMicrophoneMuted(muted: boolean): Promise<void> {
    return this.#setMuted('audio', muted);
  }

  /** Sends the camera no more, or again. @throws {RoomError} `device-not-found` without a camera. */
  setCameraMuted(muted: boolean): Promise<void> {
    return this.#setMuted('video', muted);
  }

  /** Asks the browser again for devices that could not be had, and publishes them. Never rejects. */
  async retryDevices(): Promise<void> {
    await this.#openDevices(this.#connection.admission?.room.settings.quality ?? 'HD');
    await this.#own.publishIfWanted();
  }

  /** Publishes microphone and camera, after {@link unpublish} or when joined without. @throws {RoomError} */
  async publish(): Promise<void> {
    this.#connection.require();
    await this.#own.publish();
  }

  /** Takes the own stream out of the room; devices stay open. @throws {RoomError} `not-connected` */
  async unpublish(): Promise<void> {
    this.#connection.require();
    await this.#own.unpublish();
  }

  /**
   * Shares a screen, after asking the person which.
   * @throws {RoomError} `share-running`, `device-permission-denied`, `not-enabled`, `not-connected`
   */
  async startScreenShare(): Promise<void> {
    this.#connection.require();
    await this.#acknowledging('screen-share-start-ack', () =>
      this.#screen.start(this.#connection.media!, { name: this.state.name }),
    );
  }

  /** Ends one's own share; nothing happens without one. */
  async stopScreenShare(): Promise<void> {
    if (!this.#screen.stream) return;
    await this.#acknowledging('screen-share-stop-ack', () => this.#screen.stop(this.#connection.media));
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
   * @throws {RoomError} `device-not-found`, `device-in-use` …; the old one stays then.
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
    return this.#reception.talkerCount();
  }

  /** @throws {RoomError} */
  getMaxTalkers(): Promise<number> {
    return this.#reception.maxTalkers();
  }

  /** @param count talkers to receive, 0 up to the room's maximum @throws {RoomError} `parameter-invalid` */
  setTalkerCount(count: number): Promise<void> {
    return this.#reception.setTalkerCount(count);
  }

  /** @throws {RoomError} `parameter-invalid` */
  setReceiveQuality(quality: ReceiveQuality): Promise<void> {
    return this.#reception.setQuality(quality);
  }

  /** Neither sends nor receives pictures, or does so again. @throws {RoomError} */
  async setAudioOnly(on: boolean): Promise<void> {
    await this.#reception.setAudioOnly(on);
    if (!this.#devices.has('video')) return;
    if (on) {
      this.#cameraWasOn = this.state.camera === 'on';
      if (this.#cameraWasOn) await this.#setMuted('video', true);
    } else if (this.#cameraWasOn && !this.state.hardMuted.video) await this.#setMuted('video', false);
  }

  /** Which slots have their picture on screen; the others need not travel. Never rejects. */
  setSeen(slots: readonly number[]): void {
    this.#reception.setSeen(slots);
  }

  /** Keeps people among the talkers one receives. @throws {RoomError} */
  pin(clientIds: string[]): Promise<void> {
    return this.#reception.pin(clientIds);
  }

  /** @throws {RoomError} */
  unpin(clientIds: string[]): Promise<void> {
    return this.#reception.unpin(clientIds);
  }

  /** Wants to be told who is heard (`talkersHeard`), or no longer. @throws {RoomError} */
  async subscribeTalkerNotification(enable: boolean): Promise<void> {
    await this.#call('setAdvancedOptions', [{ id: 'speaker-notification', enable }]);
  }

  /** What travels, and how well. The first call tells no rates. */
  statistics(): Promise<RoomStatistics> {
    return this.#statistics.read(
      measuredConnections(this.#connection.media, this.state),
      this.#environment.now(),
    );
  }

  // ── talking to each other ─────────────────────────────────────────────────────────────────────────────────────

  /**
   * Says something to everybody, or to some. During a reconnect it waits until it can be sent.
   * @param recipients client ids; empty = everybody.
   * @throws {RoomError} `not-connected`, `parameter-invalid` for an empty text, `text-too-large`.
   */
  async sendMessage(text: string, recipients: string[] = []): Promise<ChatMessage> {
    if (text.trim() === '') throw new RoomError('parameter-invalid', 'There is no text to send.');
    const { id, timestamp } = await this.#acknowledging('send-message-ack', () =>
      this.#messenger.send('chat', text, recipients),
    );
    const { name, clientId } = this.state;
    const message = this.#chat.add(
      {
        senderId: clientId,
        from: name,
        text,
        timestamp,
        broadcast: recipients.length === 0,
        recipients: Object.freeze([...recipients]),
        isSelf: true,
      },
      id,
    )!;
    this.#store.update({ messages: this.#chat.messages });
    return message;
  }

  /** Sends any JSON value to other programs in the room. @throws {RoomError} `not-connected`, `text-too-large` */
  async sendUserData(data: unknown, recipients: string[] = []): Promise<void> {
    await this.#acknowledging('send-data-ack', () => this.#messenger.send('user_data', data, recipients));
  }

  /** Raises or lowers one's hand; in a lecture that asks for the floor. @throws {RoomError} */
  raiseHand(raised: boolean): Promise<void> {
    return this.#hands.raise(raised);
  }

  /** Shows everybody an emoji for a moment. @throws {RoomError} */
  async react(emoji: string): Promise<void> {
    await this.#hands.react(emoji);
    this.emit('reactionReceived', { clientId: this.state.clientId, emoji });
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
    await this.#call('changeUserRoleOption', clientId ? { clientId, role } : { role }, words[action]);
  }

  // ── helpers ───────────────────────────────────────────────────────────────────────────────────────────────────

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
    if (this.#participants.setMuted(this.state.clientId, kind, muted)) this.#messages.updateParticipants();
    // Also during a reconnect: what still flows must stop at once. The others are told when somebody can.
    await this.#connection.media?.setTrack(kind, this.#devices.live(kind));
    if (this.state.connection === 'connected') {
      this.#connection.session?.notify(`user-${kind}-${muted ? 'muted' : 'unmuted'}`);
    }
  }

  /** Another device took over: its track goes out where the old one did, without any negotiation. */
  async #trackReplaced(kind: MediaKind, track: MediaStreamTrack | undefined): Promise<void> {
    await this.#connection.media?.replaceTrack(kind, track).catch(() => {});
  }

  async #call(name: string, ...args: unknown[]): Promise<Record<string, unknown>> {
    const session = this.#connection.require();
    const event = ackEventOf(name, args);
    return event
      ? this.#acknowledging(event, () => session.call(name, ...args))
      : session.call(name, ...args);
  }

  /** Runs a verb and tells its answer, good or bad, as the event the SDKs have for it. */
  async #acknowledging<T>(event: string, run: () => Promise<T>): Promise<T> {
    try {
      const answer = await run();
      const fields = typeof answer === 'object' && answer !== null ? { ...answer } : {};
      this.#acknowledge({ event, result: 0, message: 'success', answer: fields });
      return answer;
    } catch (cause) {
      const error = RoomError.from(cause);
      this.#acknowledge({ event, result: error.code, message: error.message, answer: {} });
      throw error;
    }
  }

  /** Nothing is told of a session that is over. */
  #acknowledge(answer: RoomEvents['acknowledged']): void {
    const { connection } = this.state;
    if (connection !== 'idle' && connection !== 'disconnected') this.emit('acknowledged', answer);
  }
}

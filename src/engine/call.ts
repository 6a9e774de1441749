import { browserEnvironment } from './browser-environment.js';
import { Chat } from './chat.js';
import { ending } from './endings.js';
import type { EngineEnvironment } from './environment.js';
import { RoomError } from './errors.js';
import type { Emit, RoomEvents } from './events.js';
import type { Floor } from './floor.js';
import { FloorList } from './floor-list.js';
import { Hands } from './hands.js';
import type { LocalDevices } from './local-devices.js';
import type { MediaKind } from './local-media.js';
import { measuredConnections } from './measured-media.js';
import { Messenger } from './messenger.js';
import type { Moderation } from './moderation.js';
import type { RoomOptions } from './options.js';
import { OwnStream } from './own-stream.js';
import { Participants } from './participants.js';
import { Reception } from './reception.js';
import { RoomConnection, type TokenSource } from './room-connection.js';
import { RoomModes } from './room-modes.js';
import type { ChatMessage, RoomStateStore } from './room-state.js';
import { ScreenShare } from './screen-share.js';
import { loadSeldom } from './seldom-part.js';
import { type RoomParts, ServerMessageHandler } from './server-message-handler.js';
import { SessionFlow } from './session-flow.js';
import type { Session } from './session.js';
import type { SharePermissions } from './share-permissions.js';
import { type RoomStatistics, Statistics } from './statistics.js';
import { TalkerList } from './talkers.js';

/** What there is before a call, and stays after it. */
export interface CallParts {
  /** `undefined` = the browser's. */
  environment: EngineEnvironment | undefined;
  store: RoomStateStore;
  devices: LocalDevices;
  options: () => RoomOptions;
  emit: Emit;
  /** Opens the devices for a room of this quality. Never rejects. */
  openDevices(quality: string): Promise<void>;
  setCameraMuted(muted: boolean): Promise<void>;
  /** Devices, and with {@link Call.release} what the call holds, are let go. */
  release(): void;
}

/**
 * Everything of a room that needs a server: one for all sessions of a room object, fetched before the first of them.
 * The verbs are those of `Room`, which says what they do.
 */
export class Call {
  readonly reception: Reception;
  readonly #environment: EngineEnvironment;
  readonly #participants = new Participants();
  readonly #chat = new Chat();
  readonly #statistics = new Statistics();
  readonly #messenger: Messenger;
  readonly #talkers: TalkerList;
  readonly #screen: ScreenShare;
  readonly #own: OwnStream;
  readonly #hands: Hands;
  readonly #floor: FloorList;
  readonly #messages: ServerMessageHandler;
  readonly #connection: RoomConnection;
  readonly #flow: SessionFlow;
  /** Devices being opened by the join that runs. */
  #opening: Promise<void> = Promise.resolve();
  /** Own camera as it was before audio-only. */
  #cameraWasOn = false;
  readonly #request = this.request.bind(this);

  constructor(private readonly parts: CallParts) {
    const { store, devices, options, emit, environment = browserEnvironment } = parts;
    this.#environment = environment;
    const request = this.#request;
    const session = (): Session | undefined => this.#connection.session;
    const media = (): RoomConnection['media'] => this.#connection.media;
    const can = (ability: string): boolean => this.#connection.can(ability);

    this.#talkers = new TalkerList(
      environment,
      {
        slot: (slot) => media()?.subscriber?.audioLevel(slot) ?? 0,
        self: async () =>
          devices.level ??
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
    const floor = new FloorList(store);
    this.#floor = floor;
    this.#hands = new Hands(
      store,
      () => this.floor(),
      (message, recipients) => this.#messenger.send('user_data', message, recipients),
      () => environment.now(),
    );
    this.#own = new OwnStream({
      store,
      devices,
      options,
      media,
      admission: () => this.#connection.admission,
      emit,
    });
    const modes = new RoomModes({
      environment,
      store,
      participants: this.#participants,
      floor,
      hands: this.#hands,
      own: this.#own,
      media,
      muteCamera: () => void parts.setCameraMuted(true).catch(() => {}),
      emit,
    });
    this.reception = new Reception(store, session, request, can);
    const roomParts: RoomParts = {
      store,
      participants: this.#participants,
      chat: this.#chat,
      talkers: this.#talkers,
      devices,
      reception: this.reception,
      floor,
      hands: this.#hands,
      modes,
      own: this.#own,
      screen: this.#screen,
      session,
      media,
      emit,
    };
    this.#messages = new ServerMessageHandler(roomParts);
    this.#connection = new RoomConnection({
      environment,
      store,
      options,
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
          this.#messages.updateShare(store.current.share);
          this.#messages.updateTalkers();
          subscriber.ready.then(
            () => this.#messages.showShareToldOf(),
            () => {},
          );
        },
        failed: (error, which) => {
          if (which === 'screen') this.#screen.release();
          emit('operationFailed', error);
        },
      },
      openDevices: (quality) => (this.#opening = parts.openDevices(quality)),
      admitted: (ours, message, how) => {
        this.#messages.shareIs(message.room.shareOn);
        this.#flow.admitted(ours, message, how);
        this.#messages.hardMutesAre(store.current.hardMuted, how === 'first');
      },
      lost: (resumable) => this.#flow.lost(resumable),
      mayReturn: () =>
        this.#connection.admission?.room.settings.adhoc && store.current.participants.length <= 1
          ? ending('room-empty', 1178)
          : undefined,
      release: () => parts.release(),
      over: () => this.#flow.over(),
      ended: () => this.#own.gone(),
      userRef: () => this.#participants.get(store.current.clientId)?.user_ref ?? '',
    });
    this.#messenger = new Messenger(environment, this.#connection, () => store.current);
    this.#flow = new SessionFlow({
      ...roomParts,
      advanced: ({ AdvancedOptions, receivedPictures }) =>
        new AdvancedOptions(
          environment,
          () => receivedPictures(media(), store.current),
          (update) => emit('advancedOption', update),
        ),
      messenger: this.#messenger,
      connection: this.#connection,
      options,
      opening: () => this.#opening,
      updateTalkers: () => this.#messages.updateTalkers(),
    });
  }

  // ── being in the room ─────────────────────────────────────────────────────────────────────────────────────────

  /** To be called when the state is `joining`. @throws {RoomError} */
  join(token: TokenSource): Promise<void> {
    this.#flow.begin();
    return this.#connection.join(token);
  }

  /** To be called in any state that can be left. Never rejects. */
  leave(): Promise<void> {
    return this.#connection.leave();
  }

  /** Lets go what the call has opened beside its connection. */
  release(): void {
    this.#flow.release();
  }

  /** Sends a request and tells its answer as the event the SDKs have for it. @throws {RoomError} `not-connected` */
  async request(name: string, ...args: unknown[]): Promise<Record<string, unknown>> {
    this.#connection.require();
    const { ackEventOf } = await loadSeldom();
    const session = this.#connection.require();
    const event = ackEventOf(name, args);
    return event
      ? this.#acknowledging(event, () => session.call(name, ...args))
      : session.call(name, ...args);
  }

  /** @throws {RoomError} `not-connected` */
  async moderation(): Promise<Moderation> {
    this.#connection.require();
    const { Moderation } = await loadSeldom();
    return new Moderation(this.#request, this.#messages);
  }

  /** @throws {RoomError} `not-connected` */
  async floor(): Promise<Floor> {
    this.#connection.require();
    const { Floor } = await loadSeldom();
    return new Floor(this.#floor, this.#request);
  }

  /** @throws {RoomError} `not-connected` */
  async sharePermissions(): Promise<SharePermissions> {
    this.#connection.require();
    const { SharePermissions } = await loadSeldom();
    return new SharePermissions(this.#request);
  }

  // ── own media ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Quality of the room, once it is known. */
  get quality(): string | undefined {
    return this.#connection.admission?.room.settings.quality;
  }

  /** A device of ours was muted or unmuted; what flows of it stops at once, also during a reconnect. */
  async muted(kind: MediaKind, muted: boolean): Promise<void> {
    const { store, devices } = this.parts;
    const { clientId, connection } = store.current;
    if (this.#participants.setMuted(clientId, kind, muted)) this.#messages.updateParticipants();
    await this.#connection.media?.setTrack(kind, devices.live(kind));
    // Who is coming back tells it then.
    if (connection === 'connected') {
      this.#connection.session?.notify(`user-${kind}-${muted ? 'muted' : 'unmuted'}`);
    }
  }

  /** Another device took over: its track goes out where the old one did, without any negotiation. Never rejects. */
  async replaced(kind: MediaKind, track: MediaStreamTrack | undefined): Promise<void> {
    await this.#connection.media?.replaceTrack(kind, track).catch(() => {});
  }

  /** Publishes devices that could be opened after all. Never rejects. */
  publishIfWanted(): Promise<void> {
    return this.#own.publishIfWanted();
  }

  async publish(): Promise<void> {
    this.#connection.require();
    await this.#own.publish();
  }

  async unpublish(): Promise<void> {
    this.#connection.require();
    await this.#own.unpublish();
  }

  async startScreenShare(): Promise<void> {
    this.#connection.require();
    const { chatOnly, name } = this.parts.store.current;
    await this.#acknowledging('screen-share-start-ack', async () => {
      if (chatOnly) throw new RoomError('not-enabled', 'Nothing is shared in a room that is only chat.');
      await this.#screen.start(this.#connection.media!, { name });
    });
  }

  async stopScreenShare(): Promise<void> {
    if (!this.#screen.stream) return;
    await this.#acknowledging('screen-share-stop-ack', () => this.#screen.stop(this.#connection.media));
  }

  // ── what one receives ─────────────────────────────────────────────────────────────────────────────────────────

  async setAudioOnly(on: boolean): Promise<void> {
    const { parts } = this;
    await this.reception.setAudioOnly(on);
    if (!parts.devices.has('video')) return;
    const { camera, hardMuted } = parts.store.current;
    if (on) {
      this.#cameraWasOn = camera === 'on';
      if (this.#cameraWasOn) await parts.setCameraMuted(true);
    } else if (this.#cameraWasOn && !hardMuted.video) await parts.setCameraMuted(false);
  }

  /** Loudness, 0…1. */
  level(slot: number | 'self'): number {
    return this.#talkers.level(slot);
  }

  statistics(): Promise<RoomStatistics> {
    return this.#statistics.read(
      measuredConnections(this.#connection.media, this.parts.store.current),
      this.#environment.now(),
    );
  }

  // ── talking to each other ─────────────────────────────────────────────────────────────────────────────────────

  async sendMessage(text: string, recipients: string[]): Promise<ChatMessage> {
    if (text.trim() === '') throw new RoomError('parameter-invalid', 'There is no text to send.');
    const { id, timestamp } = await this.#acknowledging('send-message-ack', () =>
      this.#messenger.send('chat', text, recipients),
    );
    const { store } = this.parts;
    const { name, clientId } = store.current;
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
    store.update({ messages: this.#chat.messages });
    return message;
  }

  async sendUserData(data: unknown, recipients: string[]): Promise<void> {
    await this.#acknowledging('send-data-ack', () => this.#messenger.send('user_data', data, recipients));
  }

  raiseHand(raised: boolean): Promise<void> {
    return this.#hands.raise(raised);
  }

  async react(emoji: string): Promise<void> {
    await this.#hands.react(emoji);
    const { store, emit } = this.parts;
    emit('reactionReceived', { clientId: store.current.clientId, emoji });
  }

  // ── helpers ───────────────────────────────────────────────────────────────────────────────────────────────────

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
    const { store, emit } = this.parts;
    const { connection } = store.current;
    if (connection !== 'idle' && connection !== 'disconnected') emit('acknowledged', answer);
  }
}

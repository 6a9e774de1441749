import type { RoomConnected, StreamId } from '../protocol/index.js';
import { Chat } from './chat.js';
import { type ConnectionCause, nextState } from './connection-state.js';
import { Emitter } from './emitter.js';
import { ending, endingFrom } from './endings.js';
import { browserEnvironment, type EngineEnvironment, wait } from './environment.js';
import { RoomError } from './errors.js';
import type { RoomEvents } from './events.js';
import { LocalDevices } from './local-devices.js';
import { Moderation } from './moderation.js';
import { cameraSize } from './local-media.js';
import { defaultOptions, type RoomOptions, timeoutIntervalMs } from './options.js';
import { Participants } from './participants.js';
import { reconnectDelay } from './reconnect-policy.js';
import { type ChatMessage, type Ending, type RoomState, RoomStateStore } from './room-state.js';
import { type JoinRequest, readToken, Session, type SessionListener } from './session.js';
import { ScreenShare } from './screen-share.js';
import { ServerMessageHandler } from './server-message-handler.js';
import { TalkerList } from './talkers.js';

/** A token, or how to get one; the function is called again for every reconnect. */
export type TokenSource = string | (() => Promise<string>);

/**
 * The room engine: one room, one person in it. Works without any user interface; read {@link state}, listen to
 * {@link RoomEvents}, call the verbs.
 */
export class Room extends Emitter<RoomEvents> {
  readonly #store = new RoomStateStore();
  readonly #environment: EngineEnvironment;
  readonly #devices: LocalDevices;
  readonly #participants = new Participants();
  readonly #chat = new Chat();
  readonly #talkers: TalkerList;
  readonly #screen: ScreenShare;
  readonly #messages: ServerMessageHandler;
  /** Verbs of moderators; the server decides who is one. */
  readonly moderation = new Moderation(
    (name, ...args) => this.#requireSession().call(name, ...args),
    (clientId) => this.#messages.guestAnswered(clientId),
  );
  #options: RoomOptions;
  #session: Session | undefined;
  #admission: RoomConnected | undefined;
  #token: TokenSource = '';
  #leaving: Promise<void> | undefined;
  /** Id of the own stream while it is in the room. */
  #published: StreamId | undefined;
  /** Taken out by {@link unpublish}: stays out until {@link publish}, also over a reconnect. */
  #withdrawn = false;
  /** Changes with every join and every ending; what belongs to an older one stops itself. */
  #epoch = 0;

  constructor(options: Partial<RoomOptions> = {}, environment: EngineEnvironment = browserEnvironment) {
    super();
    this.#environment = environment;
    this.#options = { ...defaultOptions(), ...options };
    this.#devices = new LocalDevices(environment, {
      changed: (state) => this.#store.update(state),
      allowed: (kinds) => this.emit('mediaAllowed', { kinds }),
      denied: (kind, error) => this.emit('mediaDenied', { kind, error }),
    });
    this.#talkers = new TalkerList(
      environment,
      {
        slot: (slot) => this.#session?.subscriber?.audioLevel(slot) ?? 0,
        self: async () =>
          (await this.#session
            ?.publisher('camera')
            ?.audioLevel()
            .catch(() => 0)) ?? 0,
        stream: (slot, picture) => this.#session?.subscriber?.[picture ? 'streams' : 'sounds'].get(slot),
      },
      () => this.#messages.updateTalkers(),
    );
    this.#messages = new ServerMessageHandler({
      store: this.#store,
      participants: this.#participants,
      chat: this.#chat,
      talkers: this.#talkers,
      devices: this.#devices,
      session: () => this.#session,
      screen: () => this.#screen,
      emit: (name, payload) => this.emit(name, payload),
    });
    this.#screen = new ScreenShare(environment, () => void this.stopScreenShare().catch(() => {}));
    this.#store.subscribe((state) => this.emit('stateChanged', state));
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
    return this.#talkers.level(slot);
  }

  /** Opens the devices before joining, for a preview. Never rejects. */
  async preview(quality = 'HD'): Promise<void> {
    const { localInfo } = this.#options;
    if (this.state.connection === 'idle' || this.state.connection === 'disconnected') {
      this.#devices.setMuted('audio', localInfo.audioMuted);
      this.#devices.setMuted('video', localInfo.videoMuted);
    }
    await this.#startDevices(quality);
  }

  /**
   * Joins. Resolves when admitted; publishing goes on by itself.
   * @throws {RoomError} `token-malformed`, `token-…`, `server-unreachable`, `browser-unsupported`, `room-full` …;
   * `already-in-state` while joined or joining.
   */
  async join(token: TokenSource): Promise<void> {
    if (!this.#apply('join')) throw new RoomError('already-in-state', 'The room is joined already.');
    const epoch = ++this.#epoch;
    this.#token = token;
    this.#withdrawn = false;
    this.#chat.clear();
    this.#store.update({ error: undefined, ending: undefined, messages: [], reconnect: undefined });
    try {
      if (!this.#environment.supportsWebRtc()) {
        throw new RoomError(
          'browser-unsupported',
          'This browser is too old for video rooms. Update it, then try again.',
        );
      }
      const text = typeof token === 'string' ? token : await token();
      this.#stillIn(epoch);
      const quality = readToken(text).token.roomMeta?.settings.quality;
      const { localInfo } = this.#options;
      if (!this.#devices.has('audio')) this.#devices.setMuted('audio', localInfo.audioMuted);
      if (!this.#devices.has('video')) this.#devices.setMuted('video', localInfo.videoMuted);
      const devices = this.#startDevices(typeof quality === 'string' ? quality : 'HD');
      const message = await this.#connect(text, epoch);
      this.#admitted(message, false);
      void devices.then(() => this.#publishIfWanted(epoch));
    } catch (cause) {
      const error = RoomError.from(cause, 'connect-failed');
      // Left or turned away meanwhile: that has been dealt with.
      if (epoch !== this.#epoch) throw error;
      this.#session?.close();
      this.#session = undefined;
      this.#devices.stop();
      this.#store.update({ error });
      this.#apply('failed');
      this.emit('failed', error);
      throw error;
    }
  }

  /**
   * Leaves. Resolves when devices, media connections and socket are released.
   * @throws {RoomError} `disconnect-running` while one is running, `disconnect-done` when not in a room.
   */
  disconnect(): Promise<void> {
    if (this.#leaving)
      return Promise.reject(new RoomError('disconnect-running', 'The room is being left already.'));
    const { connection } = this.state;
    if (connection === 'idle' || connection === 'disconnected') {
      // A preview may hold devices without any connection.
      this.#devices.stop();
      return Promise.reject(new RoomError('disconnect-done', 'The room was left already.'));
    }
    const wasConnected = connection === 'connected' || connection === 'reconnecting';
    this.#leaving = (async () => {
      this.#epoch += 1;
      const session = this.#session;
      this.#session = undefined;
      this.#release();
      if (wasConnected) await session?.leave();
      else session?.close();
      this.#finish(ending('left', 2006), 'leave', wasConnected);
    })().finally(() => (this.#leaving = undefined));
    return this.#leaving;
  }

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
    const epoch = this.#epoch;
    await this.#startDevices(this.#admission?.room.settings.quality ?? 'HD');
    if (this.state.connection === 'connected') await this.#publishIfWanted(epoch);
  }

  /**
   * Says something to everybody, or to some.
   * @param recipients client ids; empty = everybody.
   * @throws {RoomError} `not-connected`, `parameter-invalid` for an empty text.
   */
  async sendMessage(text: string, recipients: string[] = []): Promise<ChatMessage> {
    const session = this.#requireSession();
    if (text.trim() === '') throw new RoomError('parameter-invalid', 'There is no text to send.');
    const { name, clientId } = this.state;
    await session.sendData(text, 'chat', recipients, { name });
    const message = this.#chat.add({
      senderId: clientId,
      from: name,
      text,
      timestamp: this.#environment.now(),
      broadcast: recipients.length === 0,
      isSelf: true,
    });
    this.#store.update({ messages: this.#chat.messages });
    return message;
  }

  /** Sends any JSON value to other programs in the room. @throws {RoomError} `not-connected` */
  async sendUserData(data: unknown, recipients: string[] = []): Promise<void> {
    await this.#requireSession().sendData(data, 'user_data', recipients, { name: this.state.name });
  }

  /** Publishes microphone and camera, after {@link unpublish} or when joined without. @throws {RoomError} */
  async publish(): Promise<void> {
    const session = this.#requireSession();
    const audio = this.#devices.has('audio');
    const video = this.#devices.has('video');
    if (!audio && !video)
      throw new RoomError('no-media-requested', 'There is no microphone or camera to publish.');
    this.#withdrawn = false;
    const { defaultVideoBW, maxVideoBW } = this.#admission!;
    await session.publish(
      'camera',
      {
        audio,
        video,
        muted: { audio: this.#devices.isMuted('audio'), video: this.#devices.isMuted('video') },
        attributes: { ...this.#options.localInfo.attributes, name: this.state.name },
        minVideoKbps: 0,
        maxVideoKbps: maxVideoBW || defaultVideoBW,
      },
      { audio: this.#devices.live('audio'), video: this.#devices.live('video') },
    );
  }

  /** Takes the own stream out of the room; devices stay open. @throws {RoomError} `not-connected` */
  async unpublish(): Promise<void> {
    const session = this.#requireSession();
    this.#withdrawn = true;
    await session.unpublish('camera');
    this.#unpublished();
  }

  /**
   * Shares a screen, after asking the person which.
   * @throws {RoomError} `share-running`, `device-permission-denied`, `not-enabled`, `not-connected`
   */
  async startScreenShare(): Promise<void> {
    await this.#screen.start(this.#requireSession(), { name: this.state.name });
  }

  /** Ends one's own share; nothing happens without one. */
  async stopScreenShare(): Promise<void> {
    await this.#screen.stop(this.#session);
  }

  // ── connecting ────────────────────────────────────────────────────────────────────────────────────────────────

  async #connect(token: string, epoch: number, rejoin?: JoinRequest['rejoin']): Promise<RoomConnected> {
    const { localInfo, roomInfo, advanceOptions } = this.#options;
    const session: Session = new Session(
      {
        token,
        data: localInfo.data,
        forceRelay: roomInfo.forceTurn,
        receive: roomInfo.chat_only ? 'nothing' : roomInfo.audio_only ? 'audio' : 'all',
        advancedOptions: advanceOptions,
        ...(rejoin ? { rejoin } : {}),
      },
      this.#environment,
      this.#listenTo(() => session),
    );
    this.#session = session;
    const message = await session.join();
    if (epoch !== this.#epoch) session.close();
    this.#stillIn(epoch);
    return message;
  }

  #stillIn(epoch: number): void {
    if (epoch !== this.#epoch) throw new RoomError('normal-disconnect', 'The room was left while joining.');
  }

  /** Events of a session that was replaced or left mean nothing any more. */
  #listenTo(own: () => Session): SessionListener {
    const ifCurrent =
      <A extends unknown[]>(handle: (...args: A) => void) =>
      (...args: A): void => {
        if (this.#session === own()) handle(...args);
      };
    return {
      awaited: ifCurrent((why) => {
        if (!this.#apply('awaited')) return;
        this.#store.update({ awaiting: why });
        this.emit('awaited', { event_type: why });
      }),
      message: (name, payload) => {
        if (this.#session === own()) this.#messages.received(name, payload);
      },
      data: ifCurrent((envelope) => this.#messages.data(envelope)),
      published: ifCurrent((source, streamId) => {
        if (source !== 'camera') return;
        this.#published = streamId;
        this.#store.update({ published: true });
        this.emit('streamPublished', { streamId });
      }),
      unpublished: ifCurrent((source) => {
        if (source === 'camera') this.#unpublished();
      }),
      subscribed: ifCurrent((subscriber) => {
        this.#store.update({ slotStreams: Object.freeze([...subscriber.sounds.values()]) });
        this.#messages.updateShare(this.state.share);
        this.#messages.updateTalkers();
      }),
      ended: ifCurrent((payload) => {
        const { connection } = this.state;
        // While joining, the running join() reports it.
        if (connection === 'joining') return;
        if (connection === 'awaiting')
          this.#finish(ending('denied', endingFrom(payload).code), 'failed', true);
        else this.#finish(endingFrom(payload), 'ended', true);
      }),
      dropped: ifCurrent(() => {
        if (this.state.connection === 'connected') void this.#reconnect();
      }),
      failed: ifCurrent((error) => this.emit('operationFailed', error)),
    };
  }

  #admitted(message: RoomConnected, again: boolean): void {
    const session = this.#session!;
    this.#admission = message;
    const users = message.userList;
    const me = message.user ?? users.find(({ clientId }) => clientId === session.clientId);
    const { joined, left } = this.#participants.reset(session.clientId, users);
    const room = { id: message.id, name: message.room.name };
    this.#talkers.set({ active: false, activeList: [] });
    this.#store.update({
      roomId: room.id,
      roomName: room.name,
      clientId: session.clientId,
      name: me?.name || this.#options.localInfo.name,
      role: me?.role ?? 'participant',
      participants: this.#participants.list,
      published: false,
      error: undefined,
      reconnect: undefined,
      awaiting: undefined,
      share: undefined,
      canShare: message.room.share,
      locked: message.room.locked,
      guests: Object.freeze([]),
      hardMuted: message.room.mute && me?.role !== 'moderator' ? hardMutes.audio : hardMutes.none,
    });
    if (this.state.hardMuted.audio) this.#devices.setMuted('audio', true);
    session.startMedia();
    this.#talkers.start();
    this.#apply('admitted');
    if (again) {
      this.emit('reconnected', { room });
      for (const user of left) this.emit('participantLeft', user);
      for (const user of joined) this.emit('participantJoined', user);
    } else {
      this.emit('connected', {
        room,
        me: me ?? { clientId: session.clientId, name: this.state.name, role: 'participant' },
        users,
      });
    }
  }

  async #reconnect(): Promise<void> {
    const epoch = this.#epoch;
    const {
      allow_reconnect: allowed,
      number_of_attempts: maxAttempts,
      timeout_interval: interval,
    } = this.#options.roomInfo;
    const oldClientId = this.#session!.clientId;
    const { roomId, name, role } = this.state;
    const userRef = this.#participants.get(oldClientId)?.user_ref ?? '';
    this.#session = undefined;
    this.#talkers.stop();
    this.#messages.updateTalkers();
    if (allowed) this.#store.update({ reconnect: Object.freeze({ attempt: 0, maxAttempts }) });
    this.#apply('dropped');
    this.emit('connectionLost', { message: 'The connection to the room was lost.' });
    this.#unpublished();
    if (epoch !== this.#epoch) return;
    if (!allowed) return this.#finish(ending('network', 1163), 'gaveUp', true);
    for (let attempt = 1; ; attempt++) {
      const delayMs = reconnectDelay({
        attempt,
        maxAttempts,
        intervalMs: timeoutIntervalMs(interval),
        random: this.#environment.random(),
      });
      if (delayMs === undefined) break;
      await wait(this.#environment, delayMs);
      if (epoch !== this.#epoch) return;
      this.#store.update({ reconnect: Object.freeze({ attempt, maxAttempts }) });
      this.emit('reconnecting', { attempt, maxAttempts });
      try {
        const token = typeof this.#token === 'string' ? this.#token : await this.#token();
        const message = await this.#connect(token, epoch, {
          oldClientId,
          roomId,
          attempt,
          name,
          role,
          userRef,
        });
        this.#admitted(message, true);
        void this.#publishIfWanted(epoch);
        this.#screen.resume(this.#session!, { name }).catch(() => this.#screen.release());
        return;
      } catch (error) {
        if (epoch !== this.#epoch) return;
        this.#session = undefined;
        // A server that knows us no more says the same every time.
        if (typeof this.#token === 'string' && isRefusal(RoomError.from(error))) break;
      }
    }
    this.#finish(ending('reconnect-failed', 5087), 'gaveUp', true);
  }

  // ── media ─────────────────────────────────────────────────────────────────────────────────────────────────────

  #startDevices(quality: string): Promise<void> {
    const { localInfo, roomInfo } = this.#options;
    return this.#devices.start({
      audio: localInfo.audio && !roomInfo.chat_only,
      video: localInfo.video && !roomInfo.audio_only && !roomInfo.chat_only,
      videoSize: cameraSize(quality),
      maxFrameRate: 30,
    });
  }

  /** The own stream is out of the room; told if it ever was in. */
  #unpublished(): void {
    const streamId = this.#published;
    this.#published = undefined;
    this.#store.update({ published: false });
    if (streamId !== undefined) this.emit('streamUnpublished', { streamId });
  }

  async #publishIfWanted(epoch: number): Promise<void> {
    if (epoch !== this.#epoch || this.state.connection !== 'connected' || this.#withdrawn) return;
    if (!this.#devices.has('audio') && !this.#devices.has('video')) return;
    if (this.state.role === 'viewer' || this.state.role === 'audience') return;
    await this.publish().catch((error: unknown) => {
      if (epoch === this.#epoch)
        this.emit('operationFailed', RoomError.from(error, 'media-connection-failed'));
    });
  }

  async #setMuted(kind: 'audio' | 'video', muted: boolean): Promise<void> {
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
    if (this.#participants.setMuted(this.state.clientId, kind, muted)) {
      this.#store.update({ participants: this.#participants.list });
    }
    if (this.state.connection === 'connected') await this.#session?.setMuted(kind, this.#devices.live(kind));
  }

  // ── state ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The only place where the connection state moves. @returns false where the cause means nothing. */
  #apply(cause: ConnectionCause): boolean {
    const from = this.state.connection;
    const to = nextState(from, cause);
    if (!to) return false;
    if (to !== from) console.info(`enx-room: ${from} → ${to} (${cause})`);
    this.#store.update({ connection: to });
    return true;
  }

  #requireSession(): Session {
    if (this.state.connection !== 'connected' || !this.#session) {
      throw new RoomError('not-connected', 'The room is not connected.');
    }
    return this.#session;
  }

  #release(): void {
    this.#talkers.stop();
    this.#screen.release();
    this.#devices.stop();
  }

  /** The one way out of a session: everything is released before anybody is told. */
  #finish(end: Ending, cause: ConnectionCause, wasConnected: boolean): void {
    this.#epoch += 1;
    this.#session?.close();
    this.#session = undefined;
    this.#release();
    this.#talkers.set({ active: false, activeList: [] });
    this.#participants.reset('', []);
    this.#store.update({
      ending: end,
      reconnect: undefined,
      published: false,
      active: false,
      talking: false,
      talkers: Object.freeze([]),
      slotStreams: Object.freeze([]),
      participants: Object.freeze([]),
      guests: Object.freeze([]),
      share: undefined,
      awaiting: undefined,
      hardMuted: hardMutes.none,
    });
    this.#apply(cause);
    if (!wasConnected) return;
    this.#unpublished();
    this.emit('disconnected', end);
    this.emit('exited', end);
  }
}

/** What the server will not change its mind about. */
const isRefusal = ({ name }: RoomError): boolean => name === 'room-gone' || name.startsWith('token-');

const hardMutes = {
  none: Object.freeze({ audio: false, video: false }),
  audio: Object.freeze({ audio: true, video: false }),
};

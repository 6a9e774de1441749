import {
  decodeToken,
  type IceServer,
  PROTOCOL_VERSION,
  type RoomConnected,
  type RoomDisconnected,
  type ServerMessages,
  type StreamId,
  type Token,
} from '../protocol/index.js';
import { DataTransport } from './data-transport.js';
import { type EngineEnvironment, within } from './environment.js';
import { RoomError } from './errors.js';
import { PublisherTransport, type PublisherOptions } from './publisher-transport.js';
import { SignallingClient } from './signalling-client.js';
import { SubscriberTransport } from './subscriber-transport.js';
import type { PeerTransport, TransportContext } from './peer-transport.js';

/** Between the accepted token and admission; a server that lets people wait says so. */
const ADMISSION_TIMEOUT_MS = 20_000;
/** How long a message waits for the data channel before it goes over the socket. */
const DATA_WAIT_MS = 4000;
/** Waiting for the server to acknowledge our leaving (protocol §9.1). */
const LEAVE_WAIT_MS = 1000;
/** Rebuilding one media connection over and over helps nobody. */
const MAX_REPAIRS = 7;

export interface SessionListener {
  /** The server lets us wait. */
  awaited(why: 'knock' | 'wait_for_moderator'): void;
  /** A message about people and talkers; media messages are dealt with here. */
  message<K extends keyof ServerMessages>(name: K, payload: ServerMessages[K]): void;
  data(envelope: unknown): void;
  published(source: StreamSource, streamId: StreamId): void;
  unpublished(source: StreamSource, streamId: StreamId): void;
  /** The receiving connection was built (again); its streams are new objects. */
  subscribed(subscriber: SubscriberTransport): void;
  /** The server ended the session. */
  ended(payload: RoomDisconnected): void;
  /** The socket was lost. */
  dropped(reason: string): void;
  /** A media connection is beyond repair. */
  failed(error: RoomError): void;
}

export interface JoinRequest {
  token: string;
  data: boolean;
  forceRelay: boolean;
  /** What to receive of others: everything, sound alone, or no media at all. */
  receive: 'all' | 'audio' | 'nothing';
  advancedOptions: { id: string; enable: boolean }[];
  rejoin?: {
    oldClientId: string;
    roomId: string;
    attempt: number;
    name: string;
    role: string;
    userRef: string;
  };
}

/** What a stream shows. */
export type StreamSource = 'camera' | 'screen';

export interface LocalTracks {
  audio?: MediaStreamTrack | undefined;
  video?: MediaStreamTrack | undefined;
}

const shareTurn = { req: 'start', pubType: 'screen', override: true };

/** A stream we send: what it is made of, and the connection it goes over at the moment. */
interface Publication {
  options: PublisherOptions;
  tracks: LocalTracks;
  transport?: PublisherTransport;
}

/** @throws {RoomError} `token-malformed`, `token-oversized` */
export function readToken(text: string): { token: Token; raw: Record<string, unknown> } {
  const decoded = decodeToken(text);
  if (!decoded.ok) throw new RoomError(decoded.problem, `This is not a room token: ${decoded.reason}.`);
  return decoded;
}

/**
 * One admitted connection: a socket and the media connections that belong to it. After a reconnect there is a new
 * Session; what outlives it (devices, chat, people) is the Room's.
 */
export class Session {
  clientId = '';
  readonly #signalling: SignallingClient;
  readonly #raw: Record<string, unknown>;
  /** `patient` calls off the time limit. */
  #admission:
    { resolve(message: RoomConnected): void; reject(error: RoomError): void; patient(): void } | undefined;
  #iceServers: IceServer[] = [];
  #slots: RoomConnected['streams'] = [];
  #dataStream: StreamId | undefined;
  #subscriber: SubscriberTransport | undefined;
  readonly #publications = new Map<StreamSource, Publication>();
  #waiting: RoomConnected | undefined;
  #data: DataTransport | undefined;
  #outbox: Promise<unknown> = Promise.resolve();
  #repairs = 0;
  #closed = false;

  /** Opens the socket at once. @throws {RoomError} for a token that is not one. */
  constructor(
    private readonly request: JoinRequest,
    private readonly environment: EngineEnvironment,
    private readonly listener: SessionListener,
  ) {
    const { token, raw } = readToken(request.token);
    this.#raw = raw;
    this.#signalling = new SignallingClient(token, environment, {
      message: (name, payload) => this.#received(name, payload),
      unknown: (name, payload) => this.#unknown(name, payload),
      closed: (reason) => this.#lost(reason),
    });
  }

  get subscriber(): SubscriberTransport | undefined {
    return this.#subscriber;
  }

  publisher(source: StreamSource): PublisherTransport | undefined {
    return this.#publications.get(source)?.transport;
  }

  /** Resolves with the admission, however long the server lets us wait after saying so. @throws {RoomError} */
  async join(): Promise<RoomConnected> {
    await this.#signalling.opened();
    const admission = new Promise<RoomConnected>((resolve, reject) => {
      const timer = this.environment.setTimeout(
        () => reject(new RoomError('connect-refused', 'The room did not let you in.')),
        ADMISSION_TIMEOUT_MS,
      );
      this.#admission = { resolve, reject, patient: () => this.environment.clearTimeout(timer) };
    });
    admission.catch(() => {});
    try {
      const { clientId } = await this.#signalling.request('token', this.#tokenMessage());
      this.clientId = typeof clientId === 'string' ? clientId : '';
      return await admission;
    } finally {
      this.#admission?.patient();
    }
  }

  /** Everything that can be sent right after admission is sent at once. */
  startMedia(): void {
    if (this.#dataStream !== undefined && this.request.data) this.#startData();
    if (this.request.receive === 'nothing') return;
    this.#startSubscriber();
    if (this.request.receive === 'audio') void this.#receiveNoVideo();
  }

  /** Pictures are switched off at the server, so that they do not even travel (protocol §5.4). */
  async #receiveNoVideo(): Promise<void> {
    try {
      const { numTalkers } = await this.#signalling.request('getNumberOfTalker');
      const talkers = typeof numTalkers === 'number' ? numTalkers : this.#slots.length;
      await this.#signalling.request('setNumberOfTalker', {
        numTalkers: talkers,
        numAudioTalkers: Math.max(3, talkers),
        numVideoTalkers: 0,
      });
    } catch (error) {
      if (!this.#closed) this.listener.failed(RoomError.from(error));
    }
  }

  /** Publishes a stream, replacing one from the same source. @throws {RoomError} */
  async publish(source: StreamSource, options: PublisherOptions, tracks: LocalTracks): Promise<StreamId> {
    const replaced = this.#publications.get(source);
    const publication: Publication = { options, tracks };
    this.#publications.set(source, publication);
    if (replaced) this.#withdraw(source, replaced);
    return this.#startPublisher(source, publication);
  }

  /** @returns the id the stream had, `undefined` if there was none. */
  async unpublish(source: StreamSource): Promise<StreamId | undefined> {
    const transport = this.#publications.get(source)?.transport;
    const streamId = transport?.streamId;
    this.#publications.delete(source);
    transport?.close();
    if (streamId !== undefined) await this.#signalling.request('unpublish', streamId);
    return streamId;
  }

  /** Takes effect at once, without signalling beyond the notice. */
  async setMuted(kind: 'audio' | 'video', track: MediaStreamTrack | undefined): Promise<void> {
    const camera = this.#publications.get('camera');
    if (camera) {
      camera.tracks[kind] = track;
      camera.options.muted[kind] = !track;
    }
    await camera?.transport?.setTrack(kind, track);
    this.#signalling.notify(`user-${kind}-${track ? 'unmuted' : 'muted'}`);
  }

  /** Sends text or data in the order of the calls, over the data connection or, where there is none, the socket. */
  sendData(
    message: unknown,
    type: 'chat' | 'user_data',
    recipients: string[],
    sender: { name: string },
  ): Promise<void> {
    const broadcast = recipients.length === 0;
    const send = async (): Promise<void> => {
      const data = this.#data;
      if (data && !data.open) {
        await within(this.environment, data.opened, DATA_WAIT_MS, () => new Error('not open')).catch(
          () => {},
        );
      }
      const envelope = {
        type,
        message,
        broadcast,
        clients: recipients,
        sender: sender.name,
        senderId: this.clientId,
        timestamp: this.environment.now(),
      };
      if (data?.open) {
        try {
          return data.send(JSON.stringify(envelope));
        } catch {
          // Too large for one message of the channel: the socket takes it.
        }
      }
      await this.#signalling.request('sendDataStreamToRoom', {
        msg: message,
        broadcast,
        clients: recipients,
        type,
      });
    };
    const sent = this.#outbox.then(send);
    this.#outbox = sent.catch(() => {});
    return sent;
  }

  call(name: string, ...args: unknown[]): Promise<Record<string, unknown>> {
    return this.#signalling.request(name, ...args);
  }

  /** Says goodbye and closes everything. Resolves after the socket is closed, at most a second later. */
  async leave(): Promise<void> {
    if (this.#closed) return;
    this.#closeMedia();
    await within(
      this.environment,
      this.#signalling.request('drop', { self: true }),
      LEAVE_WAIT_MS,
      () => new Error(),
    ).catch(() => {});
    this.close();
  }

  /** Closes everything at once, without a word. @param reason what a join that is still running rejects with. */
  close(reason = new RoomError('normal-disconnect', 'The room was left.')): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closeMedia();
    this.#admission?.reject(reason);
    this.#signalling.close(reason);
  }

  #closeMedia(): void {
    for (const { transport } of this.#publications.values()) transport?.close();
    this.#publications.clear();
    this.#subscriber?.close();
    this.#data?.close();
    this.#subscriber = this.#data = undefined;
  }

  #tokenMessage(): Record<string, unknown> {
    const { data, advancedOptions, rejoin } = this.request;
    const agent = this.environment.userAgent();
    return {
      ...this.#raw,
      version: PROTOCOL_VERSION,
      hostType: /firefox/i.test(agent)
        ? 'mozilla'
        : /edg\//i.test(agent)
          ? 'edge'
          : /chrome|chromium/i.test(agent)
            ? 'chrome-stable'
            : 'safari',
      hostVersion: /(?:firefox|edg|chrome|version)\/([\d.]+)/i.exec(agent)?.[1] ?? '',
      hostDeviceType: /mobile|android/i.test(agent) ? 'mobile' : 'desktop',
      userAgent: agent,
      advancedOptions,
      singlePC: 'subs',
      dataChannel: data,
      ...(rejoin
        ? {
            isReconnecting: true,
            reconnectAttempt: rejoin.attempt,
            reconnectCount: rejoin.attempt,
            oldClientIdForReconnect: rejoin.oldClientId,
            room: rejoin.roomId,
            role: rejoin.role,
            name: rejoin.name,
            user_ref: rejoin.userRef,
          }
        : {}),
    };
  }

  get #transportContext(): TransportContext {
    return {
      signalling: this.#signalling,
      environment: this.environment,
      configuration: {
        iceServers: this.#iceServers,
        ...(this.request.forceRelay ? { iceTransportPolicy: 'relay' as const } : {}),
      },
    };
  }

  #received<K extends keyof ServerMessages>(name: K, payload: ServerMessages[K]): void {
    switch (name) {
      case 'room-connected':
        return this.#roomConnected(payload as RoomConnected);
      case 'room-awaited':
        return this.#await((payload as ServerMessages['room-awaited']).event_type);
      case 'roomManagementEvents': {
        const { id, roomData } = payload as ServerMessages['roomManagementEvents'];
        if (id !== 'wait-room-disabled' || !this.#waiting) return this.listener.message(name, payload);
        const waited = this.#waiting;
        this.#waiting = undefined;
        return this.#roomConnected({ ...waited, ...roomData, room: { ...waited.room, waitRoom: false } });
      }
      case 'room-disconnected':
        return this.#ended(payload as RoomDisconnected);
      case 'media_engine_connecting':
        return this.#media(payload as ServerMessages['media_engine_connecting']);
      case 'onDataStreamToRoom':
        return this.listener.data(payload);
      default:
        return this.listener.message(name, payload);
    }
  }

  #roomConnected(message: RoomConnected): void {
    this.clientId = this.clientId || (message.clientId ?? message.user?.clientId ?? '');
    this.#iceServers = message.iceServers;
    this.#slots = message.streams;
    this.#dataStream = message.dataChannelStream?.id;
    if (!message.room.waitRoom) return this.#admission?.resolve(message);
    // Known, but not in yet: the rest comes with the moderator (protocol §11.2).
    this.#waiting = message;
    this.#await('wait_for_moderator');
  }

  #await(why: 'knock' | 'wait_for_moderator'): void {
    this.#admission?.patient();
    if (this.#awaited === why) return;
    this.#awaited = why;
    this.listener.awaited(why);
  }
  #awaited: 'knock' | 'wait_for_moderator' | undefined;

  #media({ streamId, peerId, msg }: ServerMessages['media_engine_connecting']): void {
    const transports: (PeerTransport | undefined)[] =
      peerId !== undefined
        ? [this.#subscriber]
        : [...[...this.#publications.values()].map(({ transport }) => transport), this.#data];
    const id = peerId ?? streamId;
    if (id === undefined) return;
    // Servers may answer with "5" where we said 5.
    transports.find((transport) => String(transport?.streamId) === String(id))?.handle(msg);
  }

  /** Reports of the server about broken media that the published client repairs upon (protocol §7). */
  #unknown(name: string, payload: unknown): void {
    if (name === 'onRemoveStream') {
      const id = (payload as { id?: unknown } | null)?.id;
      for (const [source, { transport }] of this.#publications) {
        const own = transport?.streamId;
        if (own !== undefined && String(own) === String(id)) this.#repair(source);
      }
    } else if (name === 'onBandwidthAlert' && Array.isArray(payload)) {
      if (payload.some((entry: { bw?: unknown } | null) => entry?.bw === 'unknown')) {
        this.#repair('subscriber');
        // A server that lost one path has often lost them all, and a dead data path would only show after minutes.
        if (this.#data) this.#repair('data');
      }
    } else {
      console.debug(`enx-room: message ${name} is not known`);
    }
  }

  #startData(): void {
    const data = new DataTransport(this.#transportContext, this.#dataStream!);
    this.#data = data;
    data.onmessage = (text) => {
      try {
        this.listener.data(JSON.parse(text));
      } catch {
        // Known clients send text that is no JSON at times (protocol §10).
      }
    };
    data.onfailed = () => this.#repair('data');
    data.connect().catch((error: unknown) => this.#transportFailed(data, error));
  }

  #startSubscriber(): void {
    if (this.#slots.length === 0) return;
    const subscriber = new SubscriberTransport(this.#transportContext, this.#slots);
    this.#subscriber = subscriber;
    subscriber.onfailed = () => this.#repair('subscriber');
    this.listener.subscribed(subscriber);
    subscriber.subscribe().catch((error: unknown) => this.#transportFailed(subscriber, error));
  }

  async #startPublisher(source: StreamSource, publication: Publication): Promise<StreamId> {
    const { options, tracks } = publication;
    let transport: PublisherTransport | undefined;
    let streamId: StreamId;
    try {
      // A screen needs a turn, also when it is only being repaired (protocol §5.5).
      if (source === 'screen') await this.#signalling.request('auxilaryPublishRequests', shareTurn);
      if (this.#publications.get(source) !== publication) {
        throw new RoomError('media-connection-failed', 'The stream was withdrawn meanwhile.');
      }
      transport = new PublisherTransport(this.#transportContext, options);
      publication.transport = transport;
      transport.onfailed = () => this.#repair(source);
      streamId = await transport.publish(tracks);
    } catch (error) {
      transport?.close();
      if (this.#publications.get(source) === publication) this.#publications.delete(source);
      throw error;
    }
    transport.ready.then(
      () => {
        if (publication.transport !== transport || this.#publications.get(source) !== publication) return;
        // Joined muted: told once the stream is there (protocol §4.2).
        for (const kind of ['audio', 'video'] as const) {
          if (source === 'camera' && options[kind] && options.muted[kind]) {
            this.#signalling.notify(`user-${kind}-muted`);
          }
        }
        this.listener.published(source, streamId);
      },
      () => {},
    );
    return streamId;
  }

  /** Takes away the connection of a stream that is to get another one. */
  #withdraw(source: StreamSource, { transport }: Publication): void {
    const streamId = transport?.streamId;
    transport?.close();
    if (streamId === undefined) return;
    this.#signalling.notify('unpublish', streamId);
    this.listener.unpublished(source, streamId);
  }

  #transportFailed(transport: PeerTransport, error: unknown): void {
    if (transport.closed || this.#closed) return;
    transport.close();
    this.listener.failed(RoomError.from(error, 'media-connection-failed'));
  }

  /** New connection, new offer: the only repair the protocol knows (§1). */
  #repair(which: StreamSource | 'subscriber' | 'data'): void {
    if (this.#closed) return;
    this.#repairs += 1;
    if (this.#repairs > MAX_REPAIRS) {
      this.listener.failed(new RoomError('media-connection-failed', 'The media connection keeps breaking.'));
      return;
    }
    if (which === 'data') {
      this.#data?.close();
      this.#startData();
    } else if (which === 'subscriber') {
      this.#subscriber?.close();
      this.#startSubscriber();
    } else {
      const publication = this.#publications.get(which);
      if (!publication) return;
      this.#withdraw(which, publication);
      this.#startPublisher(which, publication).catch((error: unknown) => {
        if (!this.#closed) this.listener.failed(RoomError.from(error, 'media-connection-failed'));
      });
    }
  }

  #ended(payload: RoomDisconnected): void {
    const reason = payload.cause?.msg ?? payload.msg;
    this.close(
      new RoomError(
        'entry-denied',
        reason ? `The room did not let you in: ${reason}.` : 'The room did not let you in.',
      ),
    );
    this.listener.ended(payload);
  }

  #lost(reason: string): void {
    if (this.#closed) return;
    this.close(new RoomError('server-unreachable', 'The connection to the room server was lost.'));
    this.listener.dropped(reason);
  }
}

import type { IceServer, RoomConnected, ServerMessages, StreamId } from '../protocol/index.js';
import { DataTransport } from './data-transport.js';
import { type EngineEnvironment, within } from './environment.js';
import { notConnected, RoomError } from './errors.js';
import type { PeerTransport, Signaller, TransportContext } from './peer-transport.js';
import { PublisherTransport, type PublisherOptions } from './publisher-transport.js';
import { SubscriberTransport } from './subscriber-transport.js';

/** How long a message waits for the data channel before it goes over the socket. */
const DATA_WAIT_MS = 4000;
/** Rebuilding media connections over and over helps nobody (protocol §8.1). */
const MAX_REPAIRS = 7;

/** What a stream shows. */
export type StreamSource = 'camera' | 'screen';

export interface LocalTracks {
  audio?: MediaStreamTrack | undefined;
  video?: MediaStreamTrack | undefined;
}

export interface SessionMediaListener {
  published(source: StreamSource, streamId: StreamId): void;
  unpublished(source: StreamSource, streamId: StreamId): void;
  /** The receiving connection was built (again); its streams are new objects. */
  subscribed(subscriber: SubscriberTransport): void;
  /** A message of the data connection. */
  data(envelope: unknown): void;
  /** One media connection could not be made. */
  failed(error: RoomError, which: Broken): void;
  /** A media path is silent: the first sign of a network that is gone. */
  disturbed(): void;
  /** Repairing single connections does not help any more: the whole session has to be built anew. */
  beyondRepair(): void;
}

/** What the server said of media at admission. */
export interface MediaSetup {
  iceServers: IceServer[];
  slots: RoomConnected['streams'];
  dataStream: StreamId | undefined;
  forceRelay: boolean;
}

/** A stream we send: what it is made of, and the connection it goes over at the moment. */
interface Publication {
  options: PublisherOptions;
  tracks: LocalTracks;
  transport?: PublisherTransport;
}

type Broken = StreamSource | 'subscriber' | 'data';

const shareTurn = { req: 'start', pubType: 'screen', override: true };

/**
 * All media connections of one session: what is sent, what is received, and the data channel. They may outlive the
 * socket they were signalled over: while it is away nothing is repaired, and the next socket takes over.
 */
export class SessionMedia {
  #signaller: Signaller | undefined;
  #setup: MediaSetup = { iceServers: [], slots: [], dataStream: undefined, forceRelay: false };
  #subscriber: SubscriberTransport | undefined;
  #data: DataTransport | undefined;
  readonly #publications = new Map<StreamSource, Publication>();
  #outbox: Promise<unknown> = Promise.resolve();
  #repairs = 0;
  /** Connections that broke while there was no socket to repair them over. */
  readonly #broken = new Set<Broken>();
  /** Streams that were taken out while there was no socket to say so over. */
  readonly #ended: StreamId[] = [];
  #closed = false;

  constructor(
    private readonly environment: EngineEnvironment,
    private readonly listener: SessionMediaListener,
  ) {}

  get subscriber(): SubscriberTransport | undefined {
    return this.#subscriber;
  }

  publisher(source: StreamSource): PublisherTransport | undefined {
    return this.#publications.get(source)?.transport;
  }

  /** Every connection there is still carries media, so that a new socket may take over. */
  get alive(): boolean {
    const transports = [
      this.#subscriber,
      this.#data,
      ...[...this.#publications.values()].map(({ transport }) => transport),
    ].filter((transport) => transport !== undefined);
    return (
      !this.#closed && this.#broken.size === 0 && transports.length > 0 && transports.every(({ up }) => up)
    );
  }

  /**
   * From now on this socket carries the signalling; `undefined` = there is none for the moment.
   * What broke in between is repaired, what ended is said.
   */
  attach(signaller: Signaller | undefined): void {
    this.#signaller = signaller;
    if (!signaller) return;
    for (const streamId of this.#ended.splice(0)) signaller.notify('unpublish', streamId);
    for (const which of [...this.#broken]) this.#repair(which);
  }

  /** Opens what is received. */
  start(setup: MediaSetup, wants: { data: boolean; media: boolean }): void {
    this.#setup = setup;
    if (setup.dataStream !== undefined && wants.data) this.#startData();
    if (wants.media) this.#startSubscriber();
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
    if (streamId !== undefined) {
      if (this.#signaller) await this.#signaller.request('unpublish', streamId);
      else this.#ended.push(streamId);
    }
    return streamId;
  }

  /** Takes effect at once; the notice goes out if there is a socket. */
  async setTrack(kind: 'audio' | 'video', track: MediaStreamTrack | undefined): Promise<void> {
    const camera = this.#publications.get('camera');
    if (!camera) return;
    camera.tracks[kind] = track;
    camera.options.muted[kind] = !track;
    await camera.transport?.setTrack(kind, track);
  }

  /** The server wants no more than this of a picture of ours, kbit/s (protocol §12). Never rejects. */
  async capVideo(source: StreamSource, kbps: number): Promise<void> {
    await this.publisher(source)?.capVideo(kbps);
  }

  /** Another device: its track goes out where the old one did. `undefined` sends nothing, as a muted track does. */
  async replaceTrack(kind: 'audio' | 'video', track: MediaStreamTrack | undefined): Promise<void> {
    const camera = this.#publications.get('camera');
    if (!camera) return;
    camera.tracks[kind] = track;
    await camera.transport?.setTrack(kind, track);
  }

  /** The data channel takes messages at this moment. */
  get dataOpen(): boolean {
    return this.#data?.open ?? false;
  }

  /**
   * Sends envelopes in the order of the calls, over the data connection or, where there is none, as `fallback`.
   * @param envelope made at the moment of sending.
   */
  sendData(envelope: () => object, fallback: () => Promise<unknown>): Promise<void> {
    const send = async (): Promise<void> => {
      const data = this.#data;
      if (data && !data.open) {
        await within(this.environment, data.opened, DATA_WAIT_MS, () => new Error('not open')).catch(
          () => {},
        );
      }
      if (data?.open) {
        try {
          return data.send(JSON.stringify(envelope()));
        } catch {
          // Too large for one message of the channel: the socket takes it.
        }
      }
      await fallback();
    };
    const sent = this.#outbox.then(send);
    this.#outbox = sent.catch(() => {});
    return sent;
  }

  /** A media message of the server (protocol §4.1). */
  handle({ streamId, peerId, msg }: ServerMessages['media_engine_connecting']): void {
    const transports: (PeerTransport | undefined)[] =
      peerId !== undefined
        ? [this.#subscriber]
        : [...[...this.#publications.values()].map(({ transport }) => transport), this.#data];
    const id = peerId ?? streamId;
    if (id === undefined) return;
    // Servers may answer with "5" where we said 5.
    transports.find((transport) => String(transport?.streamId) === String(id))?.handle(msg);
  }

  /** The server has lost a stream of ours (protocol §7 `onRemoveStream`). */
  streamRemoved(id: unknown): void {
    for (const [source, { transport }] of this.#publications) {
      const own = transport?.streamId;
      if (own !== undefined && String(own) === String(id)) this.#repair(source);
    }
  }

  /** The server has lost track of what it sends us (protocol §7 `onBandwidthAlert`, `unknown`). */
  receptionLost(): void {
    this.#repair('subscriber');
    // A server that lost one path has often lost them all, and a dead data path would only show after minutes.
    if (this.#data) this.#repair('data');
  }

  close(): void {
    this.#closed = true;
    this.#signaller = undefined;
    for (const { transport } of this.#publications.values()) transport?.close();
    this.#publications.clear();
    this.#subscriber?.close();
    this.#data?.close();
    this.#subscriber = this.#data = undefined;
  }

  get #context(): TransportContext {
    const { iceServers, forceRelay } = this.#setup;
    return {
      // Whatever socket there is when something has to be said.
      signalling: {
        request: (name, ...args) => this.#requireSignaller().request(name, ...args),
        notify: (name, ...args) => this.#signaller?.notify(name, ...args),
      },
      environment: this.environment,
      disturbed: () => this.listener.disturbed(),
      configuration: {
        iceServers,
        ...(forceRelay ? { iceTransportPolicy: 'relay' as const } : {}),
      },
    };
  }

  #requireSignaller(): Signaller {
    if (!this.#signaller) throw notConnected();
    return this.#signaller;
  }

  #startData(): void {
    const data = new DataTransport(this.#context, this.#setup.dataStream!);
    this.#data = data;
    data.onmessage = (text) => {
      try {
        this.listener.data(JSON.parse(text));
      } catch {
        // Known clients send text that is no JSON at times (protocol §10).
      }
    };
    data.onfailed = () => this.#repair('data');
    data.connect().catch((error: unknown) => this.#transportFailed('data', data, error));
  }

  #startSubscriber(): void {
    if (this.#setup.slots.length === 0) return;
    const subscriber = new SubscriberTransport(this.#context, this.#setup.slots);
    this.#subscriber = subscriber;
    subscriber.onfailed = () => this.#repair('subscriber');
    this.listener.subscribed(subscriber);
    subscriber.subscribe().catch((error: unknown) => this.#transportFailed('subscriber', subscriber, error));
  }

  async #startPublisher(
    source: StreamSource,
    publication: Publication,
    isRepeated = false,
  ): Promise<StreamId> {
    const { options, tracks } = publication;
    const isWanted = (): boolean => this.#publications.get(source) === publication && !this.#closed;
    let transport: PublisherTransport | undefined;
    let streamId: StreamId;
    try {
      // A screen needs a turn, also when it is only being repaired (protocol §5.5).
      if (source === 'screen') await this.#requireSignaller().request('auxilaryPublishRequests', shareTurn);
      if (!isWanted()) throw withdrawn();
      transport = new PublisherTransport(this.#context, options);
      publication.transport = transport;
      transport.onfailed = () => this.#repair(source);
      streamId = await transport.publish(tracks);
      if (!isWanted()) {
        // The server gave it an id after we had thought better of it: nobody else would take it away again.
        this.#signaller?.notify('unpublish', streamId);
        throw withdrawn();
      }
    } catch (error) {
      transport?.close();
      if (this.#publications.get(source) === publication) {
        // Without an answer it may be had by asking once more.
        if (!isRepeated && this.#signaller && RoomError.from(error).name === 'server-unreachable')
          return this.#startPublisher(source, publication, true);
        this.#publications.delete(source);
      }
      throw error;
    }
    transport.ready.then(
      () => {
        if (publication.transport !== transport || !isWanted()) return;
        // Joined muted: told once the stream is there (protocol §4.2).
        for (const kind of ['audio', 'video'] as const) {
          if (source === 'camera' && options[kind] && options.muted[kind]) {
            this.#signaller?.notify(`user-${kind}-muted`);
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
    this.#signaller?.notify('unpublish', streamId);
    this.listener.unpublished(source, streamId);
  }

  #transportFailed(which: 'subscriber' | 'data', transport: PeerTransport, cause: unknown): void {
    if (transport.closed || this.#closed) return;
    transport.close();
    const error = RoomError.from(cause, 'media-connection-failed');
    // Without an answer it may be had by asking again; a refusal is final.
    if (error.name === 'server-unreachable') this.#repair(which);
    else this.listener.failed(error, which);
  }

  /** New connection, new offer: the only repair the protocol knows (§1). */
  #repair(which: Broken): void {
    if (this.#closed) return;
    if (!this.#signaller) {
      this.#broken.add(which);
      return;
    }
    this.#broken.delete(which);
    this.#repairs += 1;
    if (this.#repairs > MAX_REPAIRS) {
      // Told once; what breaks from now on stays broken.
      if (this.#repairs === MAX_REPAIRS + 1) this.listener.beyondRepair();
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
        if (!this.#closed) this.listener.failed(RoomError.from(error, 'media-connection-failed'), which);
      });
    }
  }
}

const withdrawn = (): RoomError =>
  new RoomError('media-connection-failed', 'The stream was withdrawn meanwhile.');

import type { Publish, StreamId } from '../../../src/protocol/index.js';
import {
  type DownlinkNotice,
  type MediaEngine,
  MediaError,
  type MediaRoom,
  type PublisherBitrates,
  type TransportId,
} from '../media/engine.js';
import type { Participant, Publication } from './participant.js';
import { bandwidthMessages, feedsOf, type Scene, slotIds, talkerList } from './reception.js';
import { RequestError } from './request-error.js';
import { assignSlots, TalkerRanking } from './talker-ranking.js';

export interface RoomMediaOptions {
  engine: MediaEngine;
  talkerSlots: number;
  bitrates: PublisherBitrates;
  participants: ReadonlyMap<string, Participant>;
  now: () => number;
  /** Text arrived on somebody's data connection. */
  dataReceived(from: Participant, text: string): void;
  /** Last word on a publication that is about to be. @throws {RequestError} */
  publishing(owner: Participant, publication: Publication, request: Publish): void;
  /** The stream in the share slot. */
  shared(): { participant: Participant; publication: Publication } | undefined;
  /** The stream in the canvas slot. */
  canvas(): { participant: Participant; publication: Publication } | undefined;
  /** Who can be heard, a few times a second: dBov by client id. */
  heard(levels: ReadonlyMap<string, number>): void;
  /** Client ids that everybody sees before all others. */
  spotlighted: ReadonlySet<string>;
  /** A publication came up or went away; one that never came up may go too. */
  publicationChanged(owner: Participant, publication: Publication, up: boolean): void;
}

/**
 * Media side of a room session: publications, connections, talker ranking, and the slots of every receiver.
 */
export class RoomMedia {
  static #nextStreamId = 10_000;
  readonly #room: MediaRoom;
  readonly #ranking = new TalkerRanking();
  readonly #owners = new Map<
    TransportId,
    { participant: Participant; publication?: Publication; up?: boolean }
  >();
  #updateQueued = false;
  #closed = false;

  constructor(private readonly options: RoomMediaOptions) {
    this.#room = options.engine.openRoom({
      transportReady: (transport) => this.#ready(transport),
      transportClosed: (transport) => this.#transportClosed(transport),
      dataReceived: (transport, text) => {
        const owner = this.#owners.get(transport);
        if (owner) options.dataReceived(owner.participant, text);
      },
      levels: (levels) => this.#levels(levels),
      downlinkChanged: (subscriber, notice) => this.#downlinkChanged(subscriber, notice),
      mediaLost: () => this.#mediaLost(),
    });
  }

  /** @throws {RequestError} */
  publish(participant: Participant, request: Publish): Publication {
    const { role } = participant;
    if (role === 'viewer' || role === 'audience') {
      throw new RequestError('not-authorised', 'Your role may not publish.');
    }
    if (request.state !== 'media_engine') {
      throw new RequestError('not-enabled', `Publishing "${request.state}" is not offered.`);
    }
    if (!request.audio && !request.video) {
      throw new RequestError('no-media-requested', 'Neither audio nor video to publish.');
    }
    const source = request.screen ? 'screen' : request.canvas ? 'canvas' : 'camera';
    const streamId = RoomMedia.#nextStreamId++;
    const publication: Publication = {
      streamId,
      transport: `${participant.clientId}/${streamId}`,
      source,
      audio: Boolean(request.audio),
      video: Boolean(request.video),
      ready: false,
    };
    this.options.publishing(participant, publication, request);
    // A second stream of the same kind replaces the first: that is how a client repairs what it lost. Its place among
    // the talkers, and the turn to share, pass on to the new one.
    for (const existing of [...participant.publications.values()]) {
      if (existing.source === source) this.#close(participant, existing);
    }
    participant.publications.set(streamId, publication);
    if (source === 'camera') {
      participant.muted.audio = !publication.audio || request.muteStream.audio;
      participant.muted.video = !publication.video || request.muteStream.video;
    }
    this.#owners.set(publication.transport, { participant, publication });
    return publication;
  }

  /** @returns false if the participant has no such stream. */
  unpublish(participant: Participant, streamId: StreamId): boolean {
    const publication = participant.publications.get(streamId);
    if (!publication) return false;
    this.#close(participant, publication);
    if (publication.source === 'camera') this.#ranking.remove(participant.clientId);
    this.options.publicationChanged(participant, publication, false);
    this.changed();
    return true;
  }

  #close(participant: Participant, publication: Publication): void {
    participant.publications.delete(publication.streamId);
    this.#closeTransport(publication.transport);
  }

  #closeTransport(transport: TransportId): void {
    this.#owners.delete(transport);
    this.#room.closeTransport(transport);
  }

  /** Every connection that this participant began is up. */
  isUp(participant: Participant): boolean {
    for (const owner of this.#owners.values())
      if (owner.participant === participant && !owner.up) return false;
    return true;
  }

  /**
   * The participant's client starts anew: its connections are closed. What it published stays listed until it publishes
   * that again, so that others do not see it go and come.
   */
  restart(participant: Participant): void {
    for (const publication of participant.publications.values()) {
      this.#owners.set(publication.transport, { participant, publication });
      this.#room.closeTransport(publication.transport);
    }
    for (const transport of [participant.subscriberTransport, participant.dataTransport])
      this.#closeTransport(transport);
    participant.dataReady = false;
    participant.subscriberPeerId = undefined;
    participant.lastTalkers = '';
  }

  /** Answers an offer for a publication, the subscriber or the data connection. @throws {RequestError} */
  async answer(participant: Participant, streamId: StreamId, dataStream: StreamId, sdp: string) {
    try {
      const publication = participant.publications.get(streamId);
      if (publication) {
        this.#owners.set(publication.transport, { participant, publication });
        return {
          key: 'streamId' as const,
          answer: await this.#room.openPublisher(publication.transport, sdp, this.options.bitrates),
        };
      }
      if (streamId === dataStream) {
        this.#owners.set(participant.dataTransport, { participant });
        return {
          key: 'streamId' as const,
          answer: await this.#room.openData(participant.dataTransport, sdp),
        };
      }
      if (!slotIds(this.options.talkerSlots).includes(Number(streamId))) {
        throw new RequestError('stream-not-found', 'There is no stream of this id.');
      }
      this.#owners.set(participant.subscriberTransport, { participant });
      // After the death of a worker the new one knows no slots yet.
      participant.reception.setStarved([]);
      this.#setSlots(this.#sceneOf(participant));
      const answer = await this.#room.openSubscriber(participant.subscriberTransport, sdp);
      participant.subscriberPeerId = streamId;
      return { key: 'peerId' as const, answer };
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      throw new RequestError(
        error.kind === 'offer' ? 'media-connection-failed' : 'media-unavailable',
        error.message,
      );
    }
  }

  /** A receiver wants smaller or larger pictures (protocol §4.7); with one connection for all slots, of everybody. */
  setQuality(participant: Participant, config: Record<string, unknown>): void {
    participant.reception.update(config);
    this.#setSlots(this.#sceneOf(participant));
  }

  /** Slots whose pictures a receiver does not look at are sent none; the list replaces the one before. */
  pausePictures(participant: Participant, slots: number[]): void {
    participant.reception.paused = new Set(slots);
    this.#setSlots(this.#sceneOf(participant));
  }

  /** A receiver says that slots stay dark: their sources are asked for a key frame. */
  refresh(participant: Participant): void {
    this.#room.refresh(participant.subscriberTransport);
  }

  /** @returns ids of those who could not be reached over a data connection. */
  sendData(recipients: Participant[], text: string): Participant[] {
    // Larger messages than browsers take in one piece go over the socket.
    const fits = Buffer.byteLength(text) <= 200_000;
    const reachable = fits ? recipients.filter((recipient) => recipient.dataReady) : [];
    if (reachable.length > 0)
      this.#room.sendData(
        reachable.map(({ dataTransport }) => dataTransport),
        text,
      );
    return recipients.filter((recipient) => !reachable.includes(recipient));
  }

  removeParticipant(participant: Participant): void {
    for (const streamId of [...participant.publications.keys()]) this.unpublish(participant, streamId);
    for (const transport of [participant.subscriberTransport, participant.dataTransport])
      this.#closeTransport(transport);
    this.changed();
  }

  /** Something that talker lists show has changed: everybody whose list differs gets a new one, once. */
  changed(): void {
    if (this.#updateQueued || this.#closed) return;
    this.#updateQueued = true;
    queueMicrotask(() => {
      this.#updateQueued = false;
      if (this.#closed) return;
      for (const participant of this.options.participants.values()) {
        // Whoever still waits for a moderator gets the first list with the welcome.
        if (participant.lastTalkers) this.#update(participant, false);
      }
    });
  }

  /** The first list after a join goes out even if it is empty: it tells the client that media is active. */
  welcome(participant: Participant): void {
    participant.reception.paused = new Set();
    this.#update(participant, true);
  }

  close(): void {
    this.#closed = true;
    this.#room.close();
  }

  #update(receiver: Participant, always: boolean): void {
    const wanted = this.#talkersFor(receiver);
    receiver.slots = assignSlots(receiver.slots, wanted, this.#limit(receiver));
    const scene = this.#sceneOf(receiver, wanted);
    this.#setSlots(scene);
    const activeList = talkerList(scene, this.options.spotlighted);
    const message = { active: this.#isActive(receiver.clientId), activeList };
    const json = JSON.stringify(message);
    if (!always && json === receiver.lastTalkers) return;
    receiver.lastTalkers = json;
    receiver.link.send('active-talkers-updated', message);
  }

  #sceneOf(receiver: Participant, wanted: readonly string[] = this.#talkersFor(receiver)): Scene {
    const { participants, talkerSlots } = this.options;
    const [shared, canvas] = [this.options.shared(), this.options.canvas()];
    return { receiver, wanted, participants, talkerSlots, shared, canvas };
  }

  #setSlots(scene: Scene): void {
    const { slots, view } = feedsOf(scene);
    this.#room.setSlots(scene.receiver.subscriberTransport, slots, view);
  }

  #limit(receiver: Participant): number {
    return Math.min(receiver.talkerLimits?.talkers ?? this.options.talkerSlots, this.options.talkerSlots);
  }

  /** Whom the receiver pinned, then whom everybody is to see, then by rank. */
  #talkersFor(receiver: Participant): string[] {
    const others = this.#ranking.order.filter((clientId) => clientId !== receiver.clientId);
    const first = [receiver.pinned, this.options.spotlighted].flatMap((chosen) =>
      others.filter((clientId) => chosen.has(clientId)),
    );
    return [...new Set([...first, ...others])].slice(0, this.#limit(receiver));
  }

  #isActive(clientId: string): boolean {
    const rank = this.#ranking.order.indexOf(clientId);
    return rank >= 0 && (rank < this.options.talkerSlots || this.options.spotlighted.has(clientId));
  }

  #ready(transport: TransportId): void {
    const owner = this.#owners.get(transport);
    if (!owner) return;
    const { participant, publication } = owner;
    owner.up = true;
    const tell = (address: object): void => {
      participant.link.send('media_engine_connecting', { ...address, msg: { type: 'started' } });
      participant.link.send('media_engine_connecting', { ...address, msg: { type: 'ready' } });
    };
    if (publication) {
      const first = !publication.ready;
      publication.ready = true;
      tell({ streamId: publication.streamId });
      if (publication.source === 'camera') this.#ranking.add(participant.clientId);
      if (first) this.options.publicationChanged(participant, publication, true);
      this.changed();
    } else if (transport === participant.dataTransport) {
      participant.dataReady = true;
      tell({ streamId: this.dataStream });
    } else {
      tell({ peerId: participant.subscriberPeerId });
    }
  }

  /** Set by the session, which announces it. */
  dataStream: StreamId = 0;

  #transportClosed(transport: TransportId): void {
    const owner = this.#owners.get(transport);
    if (!owner) return;
    owner.up = false;
    const { participant, publication } = owner;
    // Whoever lost a media connection notices and builds a new one; only chat needs another way meanwhile.
    if (transport === participant.dataTransport) participant.dataReady = false;
    // It was to take over the place of another, and never came.
    if (publication?.source === 'camera' && !publication.ready) {
      this.#ranking.remove(participant.clientId);
      this.changed();
    }
  }

  #levels(levels: ReadonlyMap<TransportId, number>): void {
    const byClient = new Map<string, number>();
    for (const [transport, level] of levels) {
      const owner = this.#owners.get(transport);
      if (owner?.publication?.source === 'camera' && !owner.participant.isMuted('audio')) {
        byClient.set(owner.participant.clientId, level);
      }
    }
    this.options.heard(byClient);
    if (this.#ranking.observe(byClient, this.options.now())) this.changed();
  }

  #downlinkChanged(subscriber: TransportId, notice: DownlinkNotice): void {
    const receiver = this.#owners.get(subscriber)?.participant;
    if (!receiver) return;
    receiver.reception.setStarved(notice.starved);
    for (const [event, payload] of bandwidthMessages(this.#sceneOf(receiver), notice)) {
      receiver.link.send(event, payload);
    }
    this.changed();
  }

  /**
   * The worker died. Clients of this protocol rebuild a publisher when their own stream is reported removed, and the
   * subscriber when a slot's bandwidth is reported unknown (protocol §7), long before their ICE would time out.
   */
  #mediaLost(): void {
    for (const owner of this.#owners.values()) owner.up = false;
    for (const participant of this.options.participants.values()) {
      participant.dataReady = false;
      for (const publication of [...participant.publications.values()]) {
        participant.publications.delete(publication.streamId);
        this.#owners.delete(publication.transport);
        if (publication.source === 'camera') this.#ranking.remove(participant.clientId);
        this.options.publicationChanged(participant, publication, false);
        participant.link.send('onRemoveStream', { id: publication.streamId });
      }
      if (participant.subscriberPeerId !== undefined) {
        participant.link.send('onBandwidthAlert', [
          { streamId: participant.subscriberPeerId, bw: 'unknown', type: 'media', name: '' },
        ]);
      }
    }
    this.changed();
  }
}

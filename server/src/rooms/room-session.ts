import type { Logger } from 'pino';
import {
  codeOf,
  DATA_STREAM,
  type ErrorName,
  type IceServer,
  type Publish,
  type SendData,
} from '../../../src/protocol/index.js';
import type { MediaEngine } from '../media/engine.js';
import type { RoomRecord } from '../store/store.js';
import { DataRelay } from './data-relay.js';
import { Entry } from './entry.js';
import { Floor } from './floor.js';
import { Moderation } from './moderation.js';
import type { Participant, Publication } from './participant.js';
import { People, requireModerator } from './people.js';
import { qualityBitrates } from './quality.js';
import { RequestError } from './request-error.js';
import { RoomClock } from './room-clock.js';
import { roomConnected, roomData } from './room-connected.js';
import { RoomMedia } from './room-media.js';
import { Sharing } from './sharing.js';

export interface RoomSessionOptions {
  record: RoomRecord;
  engine: MediaEngine;
  logger: Logger;
  now: () => number;
  /** For one participant: relay credentials are personal. */
  iceServers(clientId: string): IceServer[];
  /** Where a client that reached us by this host can probe whether the network is back (protocol §8.1). */
  detectionUrl(host: string | undefined): string | undefined;
  /** The session is over. */
  ended(): void;
}

/** Clients that are sent away unsubscribe, unpublish and wait up to a second for the answer (protocol §9.1). */
const GOODBYE_MS = 1500;

/**
 * A room while people are in it: how they come and go, and what they share. The parts with a concern of their own
 * (entry, moderation, floor, sharing, chat, media, time) are beside it; this holds them together.
 */
export class RoomSession {
  readonly people = new People();
  readonly media: RoomMedia;
  readonly entry: Entry;
  readonly moderation: Moderation;
  readonly floor: Floor;
  readonly sharing: Sharing;
  readonly clock: RoomClock;
  readonly #relay: DataRelay;
  readonly #spotlighted = new Set<string>();
  readonly #logger: Logger;
  #mode: 'group' | 'lecture';
  #closed = false;

  constructor(private readonly options: RoomSessionOptions) {
    const { record, engine, now } = options;
    const { people } = this;
    this.#logger = options.logger.child({ room: record.roomId });
    this.#mode = record.settings.mode;
    this.media = new RoomMedia({
      engine,
      now,
      talkerSlots: record.settings.max_active_talkers,
      bitrates: qualityBitrates[record.settings.quality],
      participants: people.all,
      spotlighted: this.#spotlighted,
      shared: () => this.sharing.current,
      dataReceived: (from, text) => this.#relay.receivedText(from, text),
      publishing: (owner, publication, request) => this.#publishing(owner, publication, request),
      publicationChanged: (owner, publication, up) => this.#publicationChanged(owner, publication, up),
    });
    this.media.dataStream = DATA_STREAM;
    this.entry = new Entry({
      settings: record.settings,
      people,
      admit: (participant) => this.admit(participant),
      deny: (participant) => {
        this.entry.bar(participant);
        this.#turnAway(participant, 'entry-denied');
      },
    });
    this.moderation = new Moderation({
      people,
      maxModerators: record.settings.moderators,
      mutesChanged: (participant) => this.#mutesChanged(participant),
      rolesChanged: (participants) => this.#rolesChanged(participants),
      moderatorView: () => this.#moderatorView,
    });
    this.floor = new Floor({
      people,
      isLecture: () => this.#mode === 'lecture',
      lost: (participant) => this.#unpublishAll(participant),
    });
    this.sharing = new Sharing({
      people,
      allowed: record.settings.screen_share,
      now,
      mayPublish: (participant) => this.#mayPublish(participant),
      end: (participant, { streamId }) => this.media.unpublish(participant, streamId),
    });
    this.clock = new RoomClock({
      people,
      durationMin: record.settings.duration,
      now,
      expired: () => this.close('room-expired'),
    });
    this.#relay = new DataRelay(people.all, this.media, now);
  }

  get roomId(): string {
    return this.options.record.roomId;
  }

  get record(): RoomRecord {
    return this.options.record;
  }

  get participants(): ReadonlyMap<string, Participant> {
    return this.people.all;
  }

  get mode(): 'group' | 'lecture' {
    return this.#mode;
  }

  /**
   * Lets a participant in: they get `room-connected` and a first talker list, everybody else `user-connected`.
   * @param replaced the session of theirs that this one replaces.
   */
  admit(participant: Participant, replaced?: Participant): void {
    if (replaced) this.#takeOver(replaced, participant);
    else this.moderation.joined(participant);
    const waited = this.entry.waitsForModerator;
    this.people.all.set(participant.clientId, participant);
    this.entry.joined(participant);
    const waits = this.entry.waitsForModerator;
    const { record } = this.options;
    participant.link.send(
      'room-connected',
      roomConnected(participant, {
        record,
        people: this.people.all.values(),
        iceServers: this.options.iceServers(participant.clientId),
        mode: this.#mode,
        roomMuted: this.moderation.roomMuted,
        shareOn: Boolean(this.sharing.current),
        locked: this.entry.locked,
        knockEnabled: this.entry.knock,
        waitRoom: waits,
        remainingMin: this.clock.remainingMin,
        moderatorView: participant.isModerator ? this.#moderatorView : {},
        internetDetectionUrl: this.options.detectionUrl(participant.link.host),
      }),
    );
    if (waits) participant.link.send('room-awaited', { event_type: 'wait_for_moderator' });
    else this.#welcome(participant);
    this.people.broadcast('user-connected', participant.user, participant);
    this.#logger.info({ client: participant.clientId, count: this.people.all.size }, 'participant joined');
    if (waited && !waits) this.#endWaiting(participant);
    // After the newcomer is in, so that the room never runs empty in between.
    if (replaced) this.remove(replaced, 'replaced-by-newer-session');
  }

  /** Somebody who still waits comes on a new connection: they go on waiting on that one. */
  replaceAwaited(old: Participant, participant: Participant): void {
    this.entry.arrive(participant);
    this.entry.gaveUp(old);
    this.#turnAway(old, 'replaced-by-newer-session');
  }

  /** Someone's socket is gone or they said goodbye, wherever they were. */
  leave(participant: Participant): void {
    this.entry.gaveUp(participant);
    this.remove(participant);
    this.#endIfEmpty();
  }

  /**
   * A participant is gone: by leaving, losing the socket, being removed, or being replaced by a newer session.
   * @param cause sent to them as `room-disconnected`; absent if they left by themselves.
   */
  remove(participant: Participant, cause?: ErrorName): void {
    if (this.people.get(participant.clientId) !== participant) return;
    this.people.all.delete(participant.clientId);
    this.floor.left(participant);
    this.sharing.cancel(participant);
    this.#spotlighted.delete(participant.clientId);
    this.media.removeParticipant(participant);
    if (cause === 'disconnected-by-moderator') this.entry.bar(participant);
    if (cause) this.#turnAway(participant, cause);
    this.people.broadcast('user-disconnected', participant.user);
    this.#logger.info(
      { client: participant.clientId, count: this.people.all.size, cause: cause ?? 'left' },
      'participant left',
    );
    this.#endIfEmpty();
  }

  /** The participant muted or unmuted a device of their own (protocol §7). @throws {RequestError} `hard-muted` */
  setMuted(participant: Participant, kind: 'audio' | 'video', muted: boolean): void {
    if (!muted && participant.hardMuted[kind]) {
      throw new RequestError('hard-muted', 'A moderator has muted you.');
    }
    participant.muted[kind] = muted;
    this.#mutesChanged(participant);
  }

  /** Chat and custom data of a client that has no data connection. @throws {RequestError} */
  sendDataFromSocket(from: Participant, { msg, broadcast, clients, type }: SendData): void {
    this.#relay.relay(from, { type, message: msg, broadcast, clients });
  }

  /** @throws {RequestError} `not-authorised` */
  switchMode(moderator: Participant, mode: 'group' | 'lecture'): void {
    requireModerator(moderator);
    if (mode === this.#mode)
      throw new RequestError('already-in-state', `The room is in ${mode} mode already.`);
    this.#mode = mode;
    this.floor.clear();
    if (mode === 'lecture') {
      for (const participant of this.people.all.values()) {
        if (!participant.isModerator) this.#unpublishAll(participant);
      }
    }
    this.people.broadcast('roomSwitched', { moderator: moderator.clientId });
  }

  /** Whom this receiver sees before all others. */
  pin(participant: Participant, clientIds: string[], add: boolean): void {
    this.#change(participant.pinned, clientIds, add);
    participant.link.send('roomManagementEvents', {
      id: 'update-pin-users',
      msg: { clientIds: [...participant.pinned] },
    });
    this.media.changed();
  }

  /** Whom everybody sees before all others. @throws {RequestError} `not-authorised` */
  spotlight(moderator: Participant, clientIds: string[], add: boolean): void {
    requireModerator(moderator);
    this.#change(this.#spotlighted, clientIds, add);
    this.people.roomEvent('spotlight-users', {
      clientIds: [...this.#spotlighted],
      moderator: moderator.clientId,
    });
    this.media.changed();
  }

  /**
   * Ends the session for everybody, guests who wait included. May be called twice.
   * @param graceMs time for clients to say goodbye before their sockets are closed.
   */
  close(cause: ErrorName = 'normal-disconnect', graceMs = GOODBYE_MS): void {
    if (this.#closed) return;
    this.#closed = true;
    this.clock.close();
    const everybody = [...this.people.all.values(), ...this.entry.close()];
    this.people.all.clear();
    this.media.close();
    for (const participant of everybody) this.#turnAway(participant, cause, graceMs);
    this.options.ended();
  }

  #endIfEmpty(): void {
    if (this.people.all.size === 0 && this.entry.awaited.size === 0) this.close();
  }

  #turnAway(participant: Participant, cause: ErrorName, graceMs = GOODBYE_MS): void {
    participant.link.send('room-disconnected', endingOf(cause));
    participant.link.close(graceMs);
  }

  #welcome(participant: Participant): void {
    this.media.welcome(participant);
    this.sharing.welcome(participant);
    // Back after a lost connection: what a moderator decided is told again. `room.mute` tells of the whole room.
    for (const kind of ['audio', 'video'] as const) {
      if (participant.hardMuted[kind] && !(kind === 'audio' && this.moderation.roomMuted)) {
        participant.link.request(`hardmute-user-${kind}`, { clientId: participant.clientId, result: 0 });
      }
    }
  }

  /** The first moderator is there: those who waited get what `room-connected` kept from them. */
  #endWaiting(moderator: Participant): void {
    for (const participant of this.people.all.values()) {
      if (participant === moderator) continue;
      participant.link.send('roomManagementEvents', {
        id: 'wait-room-disabled',
        roomData: roomData(this.options.record, this.people.all.values(), participant.wantsData),
      });
      this.#welcome(participant);
    }
  }

  get #moderatorView(): Record<string, unknown> {
    return { awaitedParticipants: this.entry.awaitedParticipants, ...this.floor.view };
  }

  #mutesChanged(participant: Participant): void {
    for (const kind of ['audio', 'video'] as const) this.#announceMuted(participant, kind);
    this.media.changed();
  }

  /** Tells the others, if they do not know yet. */
  #announceMuted(participant: Participant, kind: 'audio' | 'video'): void {
    const muted = participant.isMuted(kind);
    if (participant.announcedMuted[kind] === muted) return;
    participant.announcedMuted[kind] = muted;
    const event = `user-${kind}-${muted ? 'muted' : 'unmuted'}`;
    this.people.broadcast(event, { clientId: participant.clientId, user: participant.user }, participant);
  }

  #rolesChanged(participants: Participant[]): void {
    for (const participant of participants) {
      if (!this.#mayPublish(participant)) this.#unpublishAll(participant);
    }
  }

  #mayPublish(participant: Participant): boolean {
    const { role } = participant;
    return role !== 'viewer' && role !== 'audience' && this.floor.mayPublish(participant);
  }

  #takeOver(old: Participant, participant: Participant): void {
    participant.takeOver(old);
    this.floor.takeOver(old, participant);
    if (this.#spotlighted.delete(old.clientId)) this.#spotlighted.add(participant.clientId);
    for (const { pinned } of this.people.all.values()) {
      if (pinned.delete(old.clientId)) pinned.add(participant.clientId);
    }
  }

  /** @throws {RequestError} `moderator-missing`, `floor-not-granted`, `share-refused` */
  #publishing(owner: Participant, publication: Publication, request: Publish): void {
    if (this.entry.waitsForModerator)
      throw new RequestError('moderator-missing', 'The moderator is not here yet.');
    if (!this.floor.mayPublish(owner))
      throw new RequestError('floor-not-granted', 'Ask for the floor first.');
    if (publication.source !== 'screen') return;
    const layout = request.shareMetadata?.layout;
    this.sharing.publishing(owner, publication, typeof layout === 'string' ? layout.slice(0, 32) : 'grid');
  }

  #publicationChanged(owner: Participant, publication: Publication, up: boolean): void {
    const { streamId, source } = publication;
    if (source === 'screen') {
      if (up) this.sharing.started(publication);
      else this.sharing.stopped(owner, publication);
    } else if (up) {
      // A stream may come muted; its devices then show as muted, whether its client says so or not.
      this.#mutesChanged(owner);
    }
    this.#logger.info(
      { client: owner.clientId, stream: streamId, source },
      up ? 'stream published' : 'stream unpublished',
    );
  }

  #unpublishAll(participant: Participant): void {
    for (const streamId of [...participant.publications.keys()]) this.media.unpublish(participant, streamId);
  }

  #change(set: Set<string>, clientIds: string[], add: boolean): void {
    for (const clientId of clientIds) {
      if (!add) set.delete(clientId);
      else if (this.people.get(clientId)) set.add(clientId);
    }
  }
}

/** Payload of `room-disconnected` (protocol §9.2): number and stable name. */
export function endingOf(cause: ErrorName): {
  cause: { cause: number; msg: string };
  result: number;
  msg: string;
} {
  return { cause: { cause: codeOf(cause), msg: cause }, result: codeOf(cause), msg: cause };
}

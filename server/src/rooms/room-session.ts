import type { Logger } from 'pino';
import { DATA_STREAM, type ErrorName, type Publish, type SendData } from '../../../src/protocol/index.js';
import type { RoomRecord } from '../store/store.js';
import { CHAT_HISTORY, ChatHistory } from './chat-history.js';
import { CustomData } from './custom-data.js';
import { DataRelay } from './data-relay.js';
import { Attendance, type Departure } from './attendance.js';
import { departureOf, reasonOf, sendAway } from './ending.js';
import { Entry } from './entry.js';
import { Floor } from './floor.js';
import { Grace } from './grace.js';
import { Highlights } from './highlights.js';
import { Moderation } from './moderation.js';
import type { ClientLink, Participant, Publication } from './participant.js';
import { People, requireModerator } from './people.js';
import { qualityBitrates } from './quality.js';
import type { RecentIds } from './recent-ids.js';
import { RequestError } from './request-error.js';
import { RoleRequests } from './role-requests.js';
import { RoomClock } from './room-clock.js';
import { RoomMedia } from './room-media.js';
import type { Return, RoomSessionOptions } from './room-session-options.js';
import { scheduleOf } from './schedule.js';
import { Sharing } from './sharing.js';
import { SpeakerNotices } from './speaker-notices.js';
import { Welcome } from './welcome.js';

/** Who comes back without media and does not publish again within this time has stopped publishing. */
const REPUBLISH_MS = 10_000;
/** The longest that a broken connection goes unnoticed, with a margin: two pings (create-server.ts) and their delays. */
const UNNOTICED_MS = 60_000;
/** People whose words are remembered after they are gone. */
const MAX_REMEMBERED = 500;

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
  readonly canvas: Sharing;
  readonly roleRequests: RoleRequests;
  readonly customData: CustomData;
  readonly clock: RoomClock;
  readonly highlights: Highlights;
  readonly #relay: DataRelay;
  readonly #grace: Grace;
  readonly #attendance: Attendance;
  readonly #history: ChatHistory;
  readonly #speakers: SpeakerNotices;
  readonly #welcome: Welcome;
  readonly #logger: Logger;
  #mode: 'group' | 'lecture';
  /** What those had said, by token, whose time to come back is up: they may yet, and say it again. */
  readonly #saidBefore = new Map<string, RecentIds>();
  /** Somebody was in, and did not only wait. */
  #held = false;
  #closed = false;

  constructor(private readonly options: RoomSessionOptions) {
    const { record, engine, now } = options;
    const { people } = this;
    this.#logger = options.logger.child({ room: record.roomId });
    this.#mode = record.settings.mode;
    this.highlights = new Highlights({ people, changed: () => this.media.changed() });
    this.media = new RoomMedia({
      engine,
      now,
      talkerSlots: record.settings.max_active_talkers,
      bitrates: qualityBitrates[record.settings.quality],
      participants: people.all,
      spotlighted: this.highlights.spotlighted,
      shared: () => this.sharing.current,
      canvas: () => this.canvas.current,
      heard: (levels) => this.#speakers.observe(levels),
      dataReceived: (from, text) => {
        if (!this.entry.waitsForModerator) this.#relay.receivedText(from, text);
      },
      publishing: (owner, publication, request) => this.#publishing(owner, publication, request),
      publicationChanged: (owner, publication, up) => this.#publicationChanged(owner, publication, up),
    });
    this.media.dataStream = DATA_STREAM;
    this.entry = new Entry({
      settings: record.settings,
      people,
      admit: (participant) => this.admit(participant),
      deny: (participant) => this.#turnAway(participant, 'entry-denied'),
    });
    this.moderation = new Moderation({
      people,
      maxModerators: record.settings.moderators,
      mutesChanged: (participant) => this.#mutesChanged(participant),
      rolesChanged: (participants) => this.#rolesChanged(participants),
      moderatorView: () => this.#welcome.moderatorView,
    });
    this.floor = new Floor({
      people,
      isLecture: () => this.#mode === 'lecture',
      lost: (participant) => this.#unpublishAll(participant),
    });
    const sharing = {
      people,
      now,
      mayPublish: (participant: Participant) => this.#mayPublish(participant),
      end: (participant: Participant, { streamId }: Publication) =>
        void this.media.unpublish(participant, streamId),
    };
    this.sharing = new Sharing({ ...sharing, kind: 'screen', allowed: record.settings.screen_share });
    this.canvas = new Sharing({ ...sharing, kind: 'canvas', allowed: record.settings.canvas });
    this.roleRequests = new RoleRequests({
      people,
      switchRole: (moderator, { clientId }, role) =>
        this.moderation.switchRoles(moderator, [{ clientId, role }]),
    });
    this.customData = new CustomData(people);
    this.#speakers = new SpeakerNotices(people, now);
    this.clock = new RoomClock({
      people,
      durationMin: record.settings.duration,
      endsAt: scheduleOf(record.settings)?.endsAt,
      now,
      expired: () => this.close('room-expired'),
    });
    this.#history = new ChatHistory(record.settings.chat_history);
    this.#relay = new DataRelay({
      participants: people.all,
      media: this.media,
      now,
      memoryMs: options.graceMs + UNNOTICED_MS,
      relayed: (message, bytes) => this.#history.add(message, bytes),
    });
    this.#grace = new Grace({
      ms: options.graceMs,
      over: (participant) => this.#gone(participant, 'timed-out'),
    });
    this.#welcome = new Welcome(this, options);
    this.#attendance = new Attendance({ roomId: record.roomId, now, observe: options.observe });
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

  /** Whether this connection speaks for this participant: they are in, and have not come back on another one. */
  isCurrent(participant: Participant, link: ClientLink): boolean {
    return this.people.get(participant.clientId) === participant && participant.link === link;
  }

  /** Lets a participant in: they get `room-connected` and a first talker list, everybody else `user-connected`. */
  admit(participant: Participant): void {
    this.moderation.joined(participant);
    const waited = this.entry.waitsForModerator;
    this.people.all.set(participant.clientId, participant);
    this.entry.joined(participant);
    const waits = this.entry.waitsForModerator;
    this.#held ||= !waits;
    if (!waits) this.#attendance.joined(participant);
    participant.joinedAt = this.#relay.lastTimestamp;
    this.#welcome.connect(participant, false);
    if (participant.wants(CHAT_HISTORY)) this.tellHistory(participant);
    this.people.broadcast('user-connected', participant.user, participant);
    this.#logger.info({ client: participant.clientId, count: this.people.all.size }, 'participant joined');
    if (!waited || waits) return;
    for (const other of this.people.all.values()) if (other !== participant) this.#attendance.joined(other);
    this.#welcome.endWaiting(participant);
  }

  /**
   * Somebody is back on a new connection, whether or not the loss of the old one was noticed. They stay who they were,
   * with their client id and all that was decided about them, and nobody else is told anything.
   */
  comeBack(participant: Participant, link: ClientLink, { resume, wantsData, received }: Return): void {
    const { link: old } = participant;
    this.#grace.end(participant);
    participant.link = link;
    sendAway(old, 'replaced-by-newer-session');
    if (this.entry.awaited.has(participant.clientId)) return this.entry.wait(participant);
    const resumed = resume && participant.confirmed && this.media.isUp(participant);
    if (!resumed) this.#startAnew(participant, wantsData);
    this.#welcome.connect(participant, resumed);
    this.#relay.catchUp(participant, received, resumed);
    this.#logger.info({ client: participant.clientId, resumed }, 'participant is back');
  }

  /**
   * A connection ended without a goodbye: the person may come back for a while.
   * @param forGood it is known that they do not.
   */
  lost(participant: Participant, link: ClientLink, forGood = false): void {
    const isWaiting = this.entry.awaited.get(participant.clientId) === participant;
    if (participant.link !== link || !(isWaiting || this.isCurrent(participant, link))) return;
    this.#logger.info({ client: participant.clientId }, 'connection lost');
    if (forGood) this.#gone(participant, 'left');
    else this.#grace.begin(participant);
  }

  /** Somebody said goodbye, wherever they were. A connection that does not speak for them says nothing. */
  leave(participant: Participant, link: ClientLink): void {
    if (participant.link !== link) return;
    this.options.revoke([participant.identity.tokenId]);
    this.#gone(participant, 'left');
  }

  /** A participant is gone: by leaving, losing the connection for good, or being removed, which they are told. */
  remove(participant: Participant, how: Departure): void {
    if (this.people.get(participant.clientId) !== participant) return;
    this.#grace.end(participant);
    this.people.all.delete(participant.clientId);
    this.floor.left(participant);
    for (const sharing of [this.sharing, this.canvas]) sharing.left(participant);
    this.roleRequests.left(participant);
    this.highlights.left(participant);
    this.media.removeParticipant(participant);
    this.#attendance.left(participant, how);
    if (how === 'timed-out') this.#remember(participant);
    if (how === 'removed') this.#turnAway(participant, 'disconnected-by-moderator');
    this.people.broadcast('user-disconnected', { ...participant.user, reason: reasonOf(how) });
    this.#logger.info({ client: participant.clientId, count: this.people.all.size, how }, 'participant left');
    this.#endIfEmpty();
  }

  /** Somebody begins a new session on a token with which they were here before. */
  remind(participant: Participant, tokenId: string): void {
    participant.said = this.#saidBefore.get(tokenId) ?? participant.said;
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
  sendDataFromSocket(from: Participant, { msg, broadcast, clients, type, id }: SendData): void {
    this.#relay.relay(from, { type, message: msg, broadcast, clients, ...(id === undefined ? {} : { id }) });
  }

  /** What was said to everybody before they came, as far as the room keeps it. */
  tellHistory(participant: Participant): void {
    this.#history.tell(participant, participant.joinedAt, participant.heardUntil);
  }

  /** They turn to something else for a while, or back: what is paused is not sent to them. Others are told. */
  pause(participant: Participant, kinds: { audio: boolean; video: boolean }, paused: boolean): void {
    for (const kind of ['audio', 'video'] as const) if (kinds[kind]) participant.paused[kind] = paused;
    const { clientId } = participant;
    const msg = { clientId, ...kinds };
    this.people.roomEvent(paused ? 'user-paused' : 'user-resumed', msg, participant);
    this.media.changed();
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

  /**
   * Ends the session for everybody, guests who wait included. May be called twice.
   * @param cause `server-shutdown`: nobody is sent away, for a server that stops is expected back, and its people with
   * it. To them it is a lost connection.
   */
  close(cause: ErrorName = 'normal-disconnect'): void {
    if (this.#closed) return;
    this.#closed = true;
    this.clock.close();
    const everybody = [...this.people.all.values(), ...this.entry.close()];
    this.people.all.clear();
    this.media.close();
    this.#grace.close();
    this.#speakers.close();
    this.#attendance.ended(departureOf(cause));
    if (cause === 'server-shutdown') for (const { link } of everybody) link.close();
    else {
      this.options.revoke(everybody.map(({ identity }) => identity.tokenId));
      for (const { link } of everybody) sendAway(link, cause);
    }
    this.options.ended(this.#held);
  }

  #gone(participant: Participant, how: Departure): void {
    this.#grace.end(participant);
    this.entry.gaveUp(participant);
    this.remove(participant, how);
    this.#endIfEmpty();
  }

  #remember({ identity: { tokenId }, said }: Participant): void {
    this.#saidBefore.delete(tokenId);
    this.#saidBefore.set(tokenId, said);
    if (this.#saidBefore.size > MAX_REMEMBERED)
      for (const oldest of this.#saidBefore.keys()) return void this.#saidBefore.delete(oldest);
  }

  #endIfEmpty(): void {
    if (this.people.all.size === 0 && this.entry.awaited.size === 0) this.close();
  }

  /** They do not come back on the token they had. */
  #turnAway(participant: Participant, cause: ErrorName): void {
    this.#grace.end(participant);
    this.options.revoke([participant.identity.tokenId]);
    sendAway(participant.link, cause);
  }

  /** Their client has lost its media, or never had any: it builds all of it once more. */
  #startAnew(participant: Participant, wantsData: boolean): void {
    participant.wantsData = wantsData;
    Object.assign(participant.paused, { audio: false, video: false });
    this.media.restart(participant);
    const stale = [...participant.publications.keys()];
    if (stale.length === 0) return;
    setTimeout(() => {
      if (this.people.get(participant.clientId) !== participant) return;
      for (const streamId of stale) this.media.unpublish(participant, streamId);
    }, REPUBLISH_MS).unref();
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

  /** @throws {RequestError} `moderator-missing`, `floor-not-granted`, `share-refused` */
  #publishing(owner: Participant, publication: Publication, request: Publish): void {
    if (this.entry.waitsForModerator)
      throw new RequestError('moderator-missing', 'The moderator is not here yet.');
    if (!this.floor.mayPublish(owner))
      throw new RequestError('floor-not-granted', 'Ask for the floor first.');
    if (publication.source === 'screen') {
      const layout = request.shareMetadata?.layout;
      const details = { layout: typeof layout === 'string' ? layout.slice(0, 32) : 'grid' };
      this.sharing.publishing(owner, publication, details);
    } else if (publication.source === 'canvas') {
      this.canvas.requireAllowed();
      const { canvasType } = request;
      this.canvas.publishing(owner, publication, canvasType ? { canvasType } : {});
    }
  }

  #publicationChanged(owner: Participant, publication: Publication, up: boolean): void {
    const { streamId, source } = publication;
    const sharing = { screen: this.sharing, canvas: this.canvas, camera: undefined }[source];
    if (sharing) {
      if (up) sharing.started(publication);
      else sharing.stopped(publication);
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
}

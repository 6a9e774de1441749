import type { Logger } from 'pino';
import {
  CANVAS_SLOT,
  check,
  codeOf,
  DATA_STREAM,
  dataMessageGuard,
  type DataMessage,
  type ErrorName,
  type IceServer,
  MAX_CHAT_BYTES,
  MAX_USER_DATA_BYTES,
  type SendData,
  SHARE_SLOT,
  type User,
} from '../../../src/protocol/index.js';
import type { MediaEngine } from '../media/engine.js';
import type { RoomRecord } from '../store/store.js';
import type { Participant, Publication } from './participant.js';
import { qualityBitrates } from './quality.js';
import { RequestError, RoomMedia, slotIds } from './room-media.js';

export interface RoomSessionOptions {
  record: RoomRecord;
  engine: MediaEngine;
  logger: Logger;
  now: () => number;
  iceServers: IceServer[];
  /** The last participant has left; the session is over. */
  emptied(): void;
}

/** A room while people are in it: who is there, what they tell each other, how they come and go. */
export class RoomSession {
  readonly media: RoomMedia;
  readonly #participants = new Map<string, Participant>();
  readonly #logger: Logger;
  #closed = false;

  constructor(private readonly options: RoomSessionOptions) {
    const { record, engine, now } = options;
    this.#logger = options.logger.child({ room: record.roomId });
    this.media = new RoomMedia({
      engine,
      now,
      talkerSlots: record.settings.max_active_talkers,
      bitrates: qualityBitrates[record.settings.quality],
      participants: this.#participants,
      dataReceived: (from, text) => this.#dataReceived(from, text),
      publicationChanged: (owner, publication, up) => this.#publicationChanged(owner, publication, up),
    });
    this.media.dataStream = DATA_STREAM;
  }

  get roomId(): string {
    return this.options.record.roomId;
  }

  get record(): RoomRecord {
    return this.options.record;
  }

  get participants(): ReadonlyMap<string, Participant> {
    return this.#participants;
  }

  /** @throws {RequestError} when the room takes nobody of this role any more. */
  checkCapacity(role: string): void {
    const { moderators, participants } = this.options.record.settings;
    const isModerator = role === 'moderator';
    const count = [...this.#participants.values()].filter(
      (participant) => (participant.identity.role === 'moderator') === isModerator,
    ).length;
    if (count >= (isModerator ? moderators : participants))
      throw new RequestError('room-full', 'The room is full.');
  }

  /** Lets a participant in: they get `room-connected` and a first talker list, everybody else `user-connected`. */
  admit(participant: Participant): void {
    this.#participants.set(participant.clientId, participant);
    participant.link.send('room-connected', this.#roomConnected(participant));
    this.media.welcome(participant);
    this.#broadcast('user-connected', participant.user, participant);
    this.#logger.info({ client: participant.clientId, count: this.#participants.size }, 'participant joined');
  }

  /**
   * A participant is gone: by leaving, losing the socket, being removed, or being replaced by a newer session.
   * @param cause sent to them as `room-disconnected`; absent if they left by themselves.
   */
  remove(participant: Participant, cause?: ErrorName): void {
    if (this.#participants.get(participant.clientId) !== participant) return;
    this.#participants.delete(participant.clientId);
    this.media.removeParticipant(participant);
    if (cause) {
      participant.link.send('room-disconnected', endingOf(cause));
      participant.link.close();
    }
    this.#broadcast('user-disconnected', participant.user);
    this.#logger.info(
      { client: participant.clientId, count: this.#participants.size, cause: cause ?? 'left' },
      'participant left',
    );
    if (this.#participants.size === 0 && !this.#closed) {
      this.close();
      this.options.emptied();
    }
  }

  /** The participant muted or unmuted a device of their own (protocol §7). */
  setMuted(participant: Participant, kind: 'audio' | 'video', muted: boolean): void {
    participant.muted[kind] = muted;
    this.#announceMuted(participant, kind);
    this.media.changed();
  }

  /** Tells the others, if they do not know yet. */
  #announceMuted(participant: Participant, kind: 'audio' | 'video'): void {
    const muted = participant.muted[kind];
    if (participant.announcedMuted[kind] === muted) return;
    participant.announcedMuted[kind] = muted;
    const event = `user-${kind}-${muted ? 'muted' : 'unmuted'}`;
    this.#broadcast(event, { clientId: participant.clientId, user: participant.user }, participant);
  }

  /** Chat and custom data of a client that has no data connection. @throws {RequestError} */
  sendDataFromSocket(from: Participant, request: SendData): void {
    const { msg, broadcast, clients, type } = request;
    this.#relay(from, { type, message: msg, broadcast, clients });
  }

  /** Ends the session for everybody. */
  close(cause?: ErrorName): void {
    if (this.#closed) return;
    this.#closed = true;
    const everybody = [...this.#participants.values()];
    this.#participants.clear();
    this.media.close();
    for (const participant of everybody) {
      participant.link.send('room-disconnected', endingOf(cause ?? 'normal-disconnect'));
      participant.link.close();
    }
  }

  #broadcast(event: string, payload: unknown, except?: Participant): void {
    for (const participant of this.#participants.values()) {
      if (participant !== except) participant.link.send(event, payload);
    }
  }

  #publicationChanged(owner: Participant, publication: Publication, up: boolean): void {
    const { streamId, source } = publication;
    // A stream may come muted; its devices then show as muted, whether its client says so or not.
    if (up && source === 'camera')
      for (const kind of ['audio', 'video'] as const) this.#announceMuted(owner, kind);
    this.#logger.info(
      { client: owner.clientId, stream: streamId, source },
      up ? 'stream published' : 'stream unpublished',
    );
  }

  #dataReceived(from: Participant, text: string): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(text);
    } catch {
      // Known clients send "[object Object]" at times (protocol §10).
      return;
    }
    const checked = check(dataMessageGuard, parsed);
    if (!checked.ok) return;
    try {
      this.#relay(from, checked.value);
    } catch (error) {
      // Nobody waits for an answer on the data connection.
      if (!(error instanceof RequestError)) throw error;
    }
  }

  /** The server vouches for sender and time; the client only says what and to whom. */
  #relay(from: Participant, draft: Pick<DataMessage, 'type' | 'message' | 'broadcast' | 'clients'>): void {
    if (!draft.broadcast && draft.clients.length === 0) {
      throw new RequestError('parameter-invalid', 'A private message needs at least one recipient.');
    }
    const message: DataMessage = {
      type: draft.type,
      message: draft.message,
      broadcast: draft.broadcast,
      clients: draft.clients,
      sender: from.identity.name,
      senderId: from.clientId,
      timestamp: this.options.now(),
    };
    const text = JSON.stringify(message);
    if (Buffer.byteLength(text) > (draft.type === 'user_data' ? MAX_USER_DATA_BYTES : MAX_CHAT_BYTES)) {
      throw new RequestError('text-too-large', 'The message is too large.');
    }
    const others = [...this.#participants.values()].filter((participant) => participant !== from);
    const recipients = draft.broadcast
      ? others
      : others.filter(({ clientId }) => draft.clients.includes(clientId));
    for (const unreached of this.media.sendData(recipients, text))
      unreached.link.send('onDataStreamToRoom', message);
  }

  #roomConnected(participant: Participant): Record<string, unknown> {
    const { record, iceServers } = this.options;
    const { settings } = record;
    const bitrates = qualityBitrates[settings.quality];
    const userList: Record<string, User> = {};
    const videoMutedUsers: Record<string, boolean> = {};
    for (const [clientId, { user, muted }] of this.#participants) {
      userList[clientId] = user;
      if (muted.video) videoMutedUsers[clientId] = true;
    }
    return {
      id: record.roomId,
      clientId: participant.clientId,
      user: participant.user,
      userList,
      streams: Object.fromEntries(
        slotIds(settings.max_active_talkers).map((id) => [
          id,
          {
            id,
            // Always both: receivers map their m-lines to slots by counting them (protocol §4.3).
            audio: true,
            video: true,
            data: false,
            screen: id === SHARE_SLOT,
            ...(id === CANVAS_SLOT ? { canvas: true } : {}),
          },
        ]),
      ),
      iceServers,
      dataChannelStream: { id: DATA_STREAM },
      room: {
        name: record.name,
        conf_num: record.roomId,
        owner_ref: record.ownerRef,
        created: record.created,
        description: settings.description ?? '',
        settings: { ...settings, active_talker: true, screen_share_override: false },
        mute: false,
        share: false,
        shareOn: false,
        locked: false,
        knockEnabled: false,
        waitRoom: false,
        wait_room: false,
        openFloor: true,
        sharePermissions: {
          screen: { mode: 'open', approved: [], pending: [], state: 'off' },
          canvas: { mode: 'open', approved: [], pending: [], state: 'off' },
        },
      },
      mediaConfiguration: 'default',
      defaultVideoBW: bitrates.standardKbps,
      maxVideoBW: bitrates.maximumKbps,
      minVideoBW: bitrates.minimumKbps,
      maxVideoFps: 30,
      maxVideoLayers: 1,
      videoBitrateQualityMap: { minBwKbpsToCheck: 0 },
      videoMutedUsers,
      numAudioTalkers: settings.max_active_talkers,
      numVideoTalkers: settings.max_active_talkers,
      initialNumATs: settings.max_active_talkers,
      mediaRecord: false,
      awaitedParticipants: {},
      raisedHands: [],
      approvedHands: [],
      floorInvites: [],
      userRoleChangeRequests: [],
      privacyModes: {},
      transcription: false,
    };
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

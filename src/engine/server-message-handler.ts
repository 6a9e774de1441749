import { SHARE_SLOT } from '../protocol/constants.js';
import type { ServerMessages } from '../protocol/index.js';
import { type Chat, chatText, readEnvelope } from './chat.js';
import type { Emit } from './events.js';
import type { FloorList } from './floor-list.js';
import { type Hands, readGesture } from './hands.js';
import type { LocalDevices } from './local-devices.js';
import type { OwnStream } from './own-stream.js';
import type { Participants } from './participants.js';
import type { Reception } from './reception.js';
import type { RoomModes } from './room-modes.js';
import type { RoomState, RoomStateStore } from './room-state.js';
import type { ScreenShare } from './screen-share.js';
import { loadSeldom, seldomNow } from './seldom-part.js';
import type { Session } from './session.js';
import type { SessionMedia } from './session-media.js';
import type { TalkerList } from './talkers.js';

/** What the room is made of; all of it belongs to the Room. */
export interface RoomParts {
  store: RoomStateStore;
  participants: Participants;
  chat: Chat;
  talkers: TalkerList;
  devices: LocalDevices;
  reception: Reception;
  floor: FloorList;
  hands: Hands;
  modes: RoomModes;
  own: OwnStream;
  screen: ScreenShare;
  session: () => Session | undefined;
  media: () => SessionMedia | undefined;
  emit: Emit;
}

type Payload<K extends keyof ServerMessages> = ServerMessages[K];
type Handlers = { [K in keyof ServerMessages]?: (payload: Payload<K>) => void };

/**
 * What the server tells about people, talkers, shares and mutes: first into the state, then out as an event.
 * Admission, media and endings are the connection's; roles, modes and bandwidth those of `ModeMessages`.
 */
export class ServerMessageHandler {
  readonly #handlers: Handlers;
  #modeHandlers: Handlers | undefined;
  /** A share was on when we came, and no message has told of it yet. */
  #shareToldOf = false;
  /** Devices that pages were told a moderator took away: after a break the server says so again. */
  readonly #hardMutesTold = { audio: false, video: false };

  constructor(private readonly parts: RoomParts) {
    this.#handlers = {
      'user-connected': (user) => this.#userConnected(user),
      'user-disconnected': (user) => this.#userDisconnected(user),
      'active-talkers-updated': (talkers) => this.#talkersUpdated(talkers),
      'user-audio-muted': (notice) => this.#muteNotice(notice, 'audio', true),
      'user-audio-unmuted': (notice) => this.#muteNotice(notice, 'audio', false),
      'user-video-muted': (notice) => this.#muteNotice(notice, 'video', true),
      'user-video-unmuted': (notice) => this.#muteNotice(notice, 'video', false),
      'hardmute-user-audio': () => this.#hardMute('audio', true, 'user'),
      'hardunmute-user-audio': () => this.#hardMute('audio', false, 'user'),
      'hardmute-user-video': () => this.#hardMute('video', true, 'user'),
      'hardunmute-user-video': () => this.#hardMute('video', false, 'user'),
      'room-muted': () => this.#hardMute('audio', true, 'room'),
      'room-unmuted': () => this.#hardMute('audio', false, 'room'),
      shareStarted: (notice) => this.#shareStarted(notice),
      shareStopped: (notice) => {
        this.#shareToldOf = false;
        this.updateShare(undefined);
        parts.emit('shareStopped', notice);
      },
      stopSharing: () => this.#stopSharing(),
      shareOverride: () => this.#stopSharing(),
      'user-awaited': (guest) => this.#guestAwaited(guest),
      roomManagementEvents: (event) => this.#roomManaged(event),
      onRemoveStream: ({ id }) => parts.emit('streamRemoved', { streamId: id }),
    };
  }

  message<K extends keyof ServerMessages>(name: K, payload: Payload<K>): void {
    (this.#handlers[name] ?? this.#seldom[name])?.(payload);
  }

  /** A message for the page alone; what nobody knows leaves one line for whoever debugs. */
  notice(name: string, payload: unknown): void {
    const notices = seldomNow()?.noticesOf(name, payload);
    if (!notices) console.debug(`enx-room: message ${name} is not known`);
    for (const notice of notices ?? []) this.parts.emit('notice', notice);
  }

  /** Chat or custom data, from the data connection or the socket. */
  data(value: unknown): void {
    const { store, chat, hands, emit } = this.parts;
    const envelope = readEnvelope(value);
    if (!envelope || envelope.senderId === store.current.clientId) return;
    const { senderId, sender: from, timestamp, broadcast, message } = envelope;
    if (envelope.type === 'data-internal-in') {
      loadSeldom().then(
        ({ fileNotice }) => {
          const notice = fileNotice(message);
          if (notice) emit('notice', notice);
        },
        () => {},
      );
      return;
    }
    if (envelope.type !== 'chat') {
      const gesture = readGesture(message);
      // Nobody raises a hand for somebody else: the sender is whom the server says.
      if (gesture?.enx === 'hand') {
        hands.set(senderId, gesture.raised ? gesture.since || timestamp : undefined);
        emit('handChanged', { clientId: senderId, raised: gesture.raised });
      } else if (gesture) emit('reactionReceived', { clientId: senderId, emoji: gesture.emoji });
      return emit('userDataReceived', { senderId, from, data: message, timestamp, raw: value });
    }
    const added = chat.add(
      {
        ...{ senderId, from, text: chatText(message), timestamp, broadcast },
        recipients: Object.freeze([...envelope.clients]),
        isSelf: false,
      },
      envelope.id,
    );
    if (!added) return;
    store.update({ messages: chat.messages });
    emit('messageReceived', { ...added, recipients: envelope.clients, raw: value });
  }

  /** A message of those is read only when they are here. */
  get #seldom(): Handlers {
    const seldom = seldomNow();
    return (this.#modeHandlers ??= seldom && new seldom.ModeMessages(this.parts.modes.parts).handlers) ?? {};
  }

  updateTalkers(): void {
    const { store, talkers } = this.parts;
    store.update({
      talkers: talkers.list,
      talking: talkers.selfTalking && store.current.microphone === 'on',
      mutedWhileTalking: talkers.selfTalking && store.current.microphone === 'muted',
    });
  }

  /** Gives a share the stream it has at the moment: one's own picker's, or that of the share slot. */
  updateShare(share: RoomState['share']): void {
    const { store, screen, media } = this.parts;
    store.update({
      share:
        share &&
        Object.freeze({
          ...share,
          stream: share.isSelf ? screen.stream : media()?.subscriber?.streams.get(SHARE_SLOT),
        }),
    });
  }

  updateParticipants(): void {
    const { store, participants } = this.parts;
    store.update({ participants: participants.list });
  }

  /** A guest was answered; the server tells only the other moderators. */
  guestAnswered(clientId: unknown): void {
    this.parts.store.update({ guests: Object.freeze(this.#guestsBut(clientId)) });
  }

  /** Oneself, as a moderator, took somebody's device away or gave it back. */
  userHardMuted(clientId: string, kind: 'audio' | 'video', muted: boolean): void {
    if (this.parts.participants.setHardMuted(clientId, kind, muted)) this.updateParticipants();
  }

  /** Oneself, as a moderator, muted everybody or released them. */
  roomHardMuted(muted: boolean): void {
    const { store, participants } = this.parts;
    store.update({ roomMuted: muted });
    if (!muted && participants.releaseAll()) this.updateParticipants();
  }

  #userConnected(user: Payload<'user-connected'>): void {
    const { store, participants, hands, emit } = this.parts;
    if (user.clientId === store.current.clientId || !participants.add(user)) return;
    this.updateParticipants();
    hands.greet(user.clientId);
    emit('participantJoined', user);
  }

  #userDisconnected({ clientId, ...rest }: Payload<'user-disconnected'>): void {
    const { participants, floor, hands, emit } = this.parts;
    const user = participants.remove(clientId);
    if (!user) return;
    this.updateParticipants();
    floor.left(clientId);
    hands.set(clientId, undefined);
    emit('participantLeft', { ...user, ...(rest.reason === undefined ? {} : { reason: rest.reason }) });
  }

  #talkersUpdated(message: Payload<'active-talkers-updated'>): void {
    const { store, talkers, participants, reception, emit } = this.parts;
    const crunched = message.activeList.filter(
      ({ clientId, muteDueToBw }) =>
        muteDueToBw &&
        !store.current.talkers.some((talker) => talker.clientId === clientId && talker.lowBandwidth),
    );
    // Share and canvas have slots of their own, and no place among the faces.
    talkers.set({
      ...message,
      activeList: message.activeList.filter(({ streamId }) => streamId < SHARE_SLOT),
    });
    store.update({ active: message.active });
    this.updateTalkers();
    reception.talkersChanged();
    emit('talkersChanged', {
      ...message,
      activeList: message.activeList.map((talker) => {
        const userRef = participants.get(talker.clientId)?.user_ref;
        return userRef === undefined ? talker : { ...talker, user_ref: userRef };
      }),
    });
    for (const { clientId, streamId } of crunched) emit('mutedForBandwidth', { clientId, streamId });
  }

  #muteNotice(
    { clientId, user }: Payload<'user-audio-muted'>,
    kind: 'audio' | 'video',
    muted: boolean,
  ): void {
    const { participants, emit } = this.parts;
    const released = !muted && participants.setHardMuted(clientId, kind, false);
    if (participants.setMuted(clientId, kind, muted) || released) this.updateParticipants();
    emit('muteChanged', { clientId, kind, muted, user: participants.get(clientId) ?? user });
  }

  /** A moderator took a device away or gave it back; given back, it stays muted until its owner unmutes it. */
  #hardMute(kind: 'audio' | 'video', muted: boolean, scope: 'user' | 'room'): void {
    const { store, devices, participants, session, media, emit } = this.parts;
    store.update({
      hardMuted: Object.freeze({ ...store.current.hardMuted, [kind]: muted }),
      ...(scope === 'room' ? { roomMuted: muted } : {}),
    });
    if (muted && !devices.isMuted(kind)) {
      devices.setMuted(kind, true);
      if (participants.setMuted(store.current.clientId, kind, true)) this.updateParticipants();
      media()
        ?.setTrack(kind, undefined)
        .catch(() => {});
      session()?.notify(`user-${kind}-muted`);
    }
    if (scope === 'user') {
      const isTold = muted && this.#hardMutesTold[kind];
      this.#hardMutesTold[kind] = muted;
      if (isTold) return;
    }
    emit('hardMuteChanged', { kind, muted, scope });
  }

  /** What an admission says of it. @param first nobody was told of any before */
  hardMutesAre(now: RoomState['hardMuted'], first: boolean): void {
    for (const kind of ['audio', 'video'] as const) this.#hardMutesTold[kind] &&= !first && now[kind];
  }

  /** Admission says whether a share is on, not whose it is. */
  shareIs(on: boolean): void {
    this.#shareToldOf = on;
  }

  /** Media has come, and with it a share that some servers tell newcomers no more of (protocol §3.3). */
  showShareToldOf(): void {
    const { store, screen } = this.parts;
    if (!this.#shareToldOf || store.current.share || screen.stream) return;
    this.#shareStarted({ clientId: '', name: '', streamId: SHARE_SLOT });
  }

  #shareStarted(notice: Payload<'shareStarted'>): void {
    const { store, emit } = this.parts;
    const { share: before, clientId } = store.current;
    const isSelf = notice.clientId === clientId;
    this.#shareToldOf = false;
    this.updateShare({ ...notice, isSelf, stream: undefined });
    // After a break servers tell of a share that went on.
    if (before && (before.isSelf ? isSelf : before.clientId === notice.clientId)) return;
    emit('shareStarted', notice);
  }

  #stopSharing(): void {
    const { screen, media } = this.parts;
    screen.stop(media()).catch(() => {});
  }

  #guestAwaited(guest: Payload<'user-awaited'>): void {
    const { store, emit } = this.parts;
    store.update({ guests: Object.freeze([...this.#guestsBut(guest.clientId), Object.freeze(guest)]) });
    emit('guestAwaited', guest);
  }

  #guestsBut(clientId: unknown): RoomState['guests'] {
    return this.parts.store.current.guests.filter((guest) => guest.clientId !== clientId);
  }

  #roomManaged({ id, msg }: Payload<'roomManagementEvents'>): void {
    const { store, reception, emit } = this.parts;
    const { clientId, clientIds, timeLeft } = (typeof msg === 'object' && msg !== null ? msg : {}) as {
      clientId?: unknown;
      clientIds?: unknown;
      timeLeft?: unknown;
    };
    const ids = Array.isArray(clientIds)
      ? clientIds.filter((entry): entry is string => typeof entry === 'string')
      : [];
    switch (id) {
      case 'room-locked':
      case 'room-unlocked':
        store.update({ locked: id === 'room-locked' });
        break;
      case 'user-allowed':
      case 'user-denied':
      case 'user-awaited-left':
        this.guestAnswered(clientId);
        break;
      case 'knock-enabled':
        store.update({ knock: true });
        break;
      case 'knock-disabled':
        store.update({ knock: false, guests: Object.freeze([]) });
        break;
      case 'update-pin-users':
        reception.pinsAre(ids);
        break;
      case 'spotlight-users':
        store.update({ spotlighted: Object.freeze(ids) });
        break;
      case 'conference-remaining-duration':
        if (typeof timeLeft === 'number') this.parts.modes.timeLeft(timeLeft);
        break;
      default:
    }
    emit('roomManaged', { id, message: msg });
  }
}

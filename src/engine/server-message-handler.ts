import { type ServerMessages, SHARE_SLOT } from '../protocol/index.js';
import { type Chat, chatText, readEnvelope } from './chat.js';
import type { RoomEvents } from './events.js';
import type { LocalDevices } from './local-devices.js';
import type { Participants } from './participants.js';
import type { RoomState, RoomStateStore } from './room-state.js';
import type { ScreenShare } from './screen-share.js';
import type { Session } from './session.js';
import type { TalkerList } from './talkers.js';

/** What the handler works on; all of it belongs to the Room. */
export interface RoomParts {
  store: RoomStateStore;
  participants: Participants;
  chat: Chat;
  talkers: TalkerList;
  devices: LocalDevices;
  session: () => Session | undefined;
  screen: () => ScreenShare;
  emit: <K extends keyof RoomEvents>(name: K, payload: RoomEvents[K]) => void;
}

type Payload<K extends keyof ServerMessages> = ServerMessages[K];

/**
 * What the server tells about people, talkers, shares and mutes: first into the state, then out as an event.
 * Admission, media and endings are the Session's and the Room's.
 */
export class ServerMessageHandler {
  constructor(private readonly parts: RoomParts) {}

  received<K extends keyof ServerMessages>(name: K, payload: Payload<K>): void {
    switch (name) {
      case 'user-connected':
        return this.#userConnected(payload as Payload<'user-connected'>);
      case 'user-disconnected':
        return this.#userDisconnected(payload as Payload<'user-disconnected'>);
      case 'active-talkers-updated':
        return this.#talkersUpdated(payload as Payload<'active-talkers-updated'>);
      case 'user-audio-muted':
        return this.#muteNotice(payload as Payload<'user-audio-muted'>, 'audio', true);
      case 'user-audio-unmuted':
        return this.#muteNotice(payload as Payload<'user-audio-muted'>, 'audio', false);
      case 'user-video-muted':
        return this.#muteNotice(payload as Payload<'user-audio-muted'>, 'video', true);
      case 'user-video-unmuted':
        return this.#muteNotice(payload as Payload<'user-audio-muted'>, 'video', false);
      case 'hardmute-user-audio':
        return this.#hardMute('audio', true, 'user');
      case 'hardunmute-user-audio':
        return this.#hardMute('audio', false, 'user');
      case 'hardmute-user-video':
        return this.#hardMute('video', true, 'user');
      case 'hardunmute-user-video':
        return this.#hardMute('video', false, 'user');
      case 'room-muted':
        return this.#hardMute('audio', true, 'room');
      case 'room-unmuted':
        return this.#hardMute('audio', false, 'room');
      case 'shareStarted':
        return this.#shareStarted(payload as Payload<'shareStarted'>);
      case 'shareStopped':
        this.updateShare(undefined);
        return this.parts.emit('shareStopped', payload as Payload<'shareStopped'>);
      case 'stopSharing':
      case 'shareOverride':
        return void this.parts
          .screen()
          .stop(this.parts.session())
          .catch(() => {});
      case 'user-awaited':
        return this.#guestAwaited(payload as Payload<'user-awaited'>);
      case 'roomManagementEvents':
        return this.#roomManaged(payload as Payload<'roomManagementEvents'>);
      default:
    }
  }

  /** Chat or custom data, from the data connection or the socket. */
  data(value: unknown): void {
    const { store, chat, emit } = this.parts;
    const envelope = readEnvelope(value);
    if (!envelope || envelope.senderId === store.current.clientId) return;
    const { senderId, sender: from, timestamp, broadcast, message } = envelope;
    if (envelope.type !== 'chat') {
      return emit('userDataReceived', { senderId, from, data: message, timestamp, raw: value });
    }
    const added = chat.add({ senderId, from, text: chatText(message), timestamp, broadcast, isSelf: false });
    store.update({ messages: chat.messages });
    emit('messageReceived', { ...added, recipients: envelope.clients, raw: value });
  }

  updateTalkers(): void {
    const { store, talkers } = this.parts;
    store.update({ talkers: talkers.list, talking: talkers.selfTalking });
  }

  /** Gives a share the stream it has at the moment: one's own picker's, or that of the share slot. */
  updateShare(share: RoomState['share']): void {
    const { store, screen, session } = this.parts;
    store.update({
      share:
        share &&
        Object.freeze({
          ...share,
          stream: share.isSelf ? screen().stream : session()?.subscriber?.streams.get(SHARE_SLOT),
        }),
    });
  }

  #updateParticipants(): void {
    const { store, participants } = this.parts;
    store.update({ participants: participants.list });
  }

  #userConnected(user: Payload<'user-connected'>): void {
    const { store, participants, emit } = this.parts;
    if (user.clientId === store.current.clientId || !participants.add(user)) return;
    this.#updateParticipants();
    emit('participantJoined', user);
  }

  #userDisconnected({ clientId }: Payload<'user-disconnected'>): void {
    const { participants, emit } = this.parts;
    const user = participants.remove(clientId);
    if (!user) return;
    this.#updateParticipants();
    emit('participantLeft', user);
  }

  #talkersUpdated(message: Payload<'active-talkers-updated'>): void {
    const { store, talkers, participants, emit } = this.parts;
    const activeList = message.activeList.filter(({ streamId }) => streamId < SHARE_SLOT);
    talkers.set({ ...message, activeList });
    store.update({ active: message.active });
    this.updateTalkers();
    emit('talkersChanged', {
      ...message,
      activeList: message.activeList.map((talker) => {
        const userRef = participants.get(talker.clientId)?.user_ref;
        return userRef === undefined ? talker : { ...talker, user_ref: userRef };
      }),
    });
  }

  #muteNotice(
    { clientId, user }: Payload<'user-audio-muted'>,
    kind: 'audio' | 'video',
    muted: boolean,
  ): void {
    const { participants, emit } = this.parts;
    if (participants.setMuted(clientId, kind, muted)) this.#updateParticipants();
    emit('muteChanged', { clientId, kind, muted, user: participants.get(clientId) ?? user });
  }

  /** A moderator took a device away or gave it back; given back, it stays muted until its owner unmutes it. */
  #hardMute(kind: 'audio' | 'video', muted: boolean, scope: 'user' | 'room'): void {
    const { store, devices, participants, session, emit } = this.parts;
    store.update({ hardMuted: Object.freeze({ ...store.current.hardMuted, [kind]: muted }) });
    if (muted && !devices.isMuted(kind)) {
      devices.setMuted(kind, true);
      if (participants.setMuted(store.current.clientId, kind, true)) this.#updateParticipants();
      session()
        ?.setMuted(kind, undefined)
        .catch(() => {});
    }
    emit('hardMuteChanged', { kind, muted, scope });
  }

  #shareStarted(notice: Payload<'shareStarted'>): void {
    const { store, emit } = this.parts;
    this.updateShare({ ...notice, isSelf: notice.clientId === store.current.clientId, stream: undefined });
    emit('shareStarted', notice);
  }

  #guestAwaited(guest: Payload<'user-awaited'>): void {
    const { store, emit } = this.parts;
    store.update({ guests: Object.freeze([...this.#guestsBut(guest.clientId), Object.freeze(guest)]) });
    emit('guestAwaited', guest);
  }

  guestAnswered(clientId: unknown): void {
    this.parts.store.update({ guests: Object.freeze(this.#guestsBut(clientId)) });
  }

  #guestsBut(clientId: unknown): RoomState['guests'] {
    return this.parts.store.current.guests.filter((guest) => guest.clientId !== clientId);
  }

  #roomManaged({ id, msg }: Payload<'roomManagementEvents'>): void {
    const { store, emit } = this.parts;
    const clientId = (msg as { clientId?: unknown } | undefined)?.clientId;
    if (id === 'room-locked' || id === 'room-unlocked') store.update({ locked: id === 'room-locked' });
    else if (id === 'user-allowed' || id === 'user-denied' || id === 'user-awaited-left') {
      this.guestAnswered(clientId);
    } else if (id === 'knock-disabled') store.update({ guests: Object.freeze([]) });
    emit('roomManaged', { id, message: msg });
  }
}

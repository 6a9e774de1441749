import { SHARE_SLOT } from '../protocol/constants.js';
import type { RoomConnected, ShareNotice } from '../protocol/index.js';
import type { AdvancedOptions } from './advanced-options.js';
import { RoomError } from './errors.js';
import type { Messenger } from './messenger.js';
import type { RoomOptions } from './options.js';
import type { RoomConnection } from './room-connection.js';
import { type RoomState, sessionState } from './room-state.js';
import { loadSeldom, type Seldom } from './seldom-part.js';
import type { RoomParts } from './server-message-handler.js';
import type { Session } from './session.js';

export interface SessionFlowParts extends RoomParts {
  /** Makes what tells the page of this browser's own sources. */
  advanced: (seldom: Seldom) => AdvancedOptions;
  messenger: Messenger;
  connection: RoomConnection;
  options: () => RoomOptions;
  /** Devices being opened by the join that runs. */
  opening: () => Promise<void>;
  updateTalkers: () => void;
}

/** What the beginning, the interruption and the end of a session mean for everything in the room. */
export class SessionFlow {
  #advanced: AdvancedOptions | undefined;
  #watching = false;

  constructor(private readonly parts: SessionFlowParts) {}

  /** A join begins. */
  begin(): void {
    this.parts.own.reset();
    this.parts.chat.clear();
    this.parts.messenger.clear();
  }

  admitted(session: Session, message: RoomConnected, how: 'first' | 'again' | 'resumed'): void {
    const { room } = message;
    const users = message.userList;
    const me = message.user ?? users.find(({ clientId }) => clientId === session.clientId);
    const { joined, left } = this.parts.participants.reset(session.clientId, users);
    const isResumed = how === 'resumed';
    const before = this.parts.store.current;
    // One's own goes on as soon as it is published again.
    const goesOn = how !== 'first' && (room.shareOn || (how === 'again' && before.share?.isSelf));
    const isModerator = me?.role === 'moderator';
    if (!isResumed) this.parts.talkers.set({ active: false, activeList: [] });
    this.parts.store.update({
      roomId: message.id,
      roomName: room.name,
      clientId: session.clientId,
      name: me?.name || this.parts.options().localInfo.name,
      role: me?.role ?? 'participant',
      participants: this.parts.participants.list,
      published: isResumed && before.published,
      error: undefined,
      reconnect: undefined,
      awaiting: undefined,
      share: goesOn ? before.share : undefined,
      canShare: room.share,
      locked: room.locked,
      knock: room.knockEnabled,
      roomMuted: room.mute,
      guests: Object.freeze(message.awaitedParticipants),
      talkerCount: message.initialNumATs ?? before.talkerCount,
      hardMuted: Object.freeze(hardMutes(message, isModerator, how === 'first' ? undefined : before)),
    });
    // Media that was hoped to go on did not: the stream of before is gone.
    if (how === 'again') this.parts.own.gone();
    this.parts.modes.admitted(message);
    const { hardMuted } = this.parts.store.current;
    for (const kind of ['audio', 'video'] as const)
      if (hardMuted[kind]) this.parts.devices.setMuted(kind, true);
    session.carry(this.parts.connection.media!);
    this.parts.talkers.start();
    this.parts.connection.enter();
    this.#catchUp(session, how);
    const named = { room: { id: message.id, name: room.name } };
    if (how === 'first') {
      this.parts.emit('connected', {
        ...named,
        me: me ?? { clientId: session.clientId, name: this.parts.store.current.name, role: 'participant' },
        users,
      });
    } else {
      this.parts.emit('reconnected', named);
      for (const user of left) this.parts.emit('participantLeft', user);
      for (const user of joined) this.parts.emit('participantJoined', user);
      // Of what a resumed session missed, the server tells.
      if (how === 'again' && before.share && !goesOn) this.parts.emit('shareStopped', noticeOf(before.share));
    }
  }

  /** What a new session has to be told or asked for again. */
  #catchUp(session: Session, how: 'first' | 'again' | 'resumed'): void {
    if (this.parts.connection.can('chat-history')) {
      session.notify('setAdvancedOptions', [{ id: 'chat-history', enable: true }]);
    }
    void this.#watch();
    if (how === 'resumed') {
      // Muted or unmuted while nobody could be told.
      const self = this.parts.participants.get(session.clientId);
      for (const kind of ['audio', 'video'] as const) {
        if (!this.parts.devices.has(kind)) continue;
        const muted = this.parts.devices.isMuted(kind);
        if ((self?.[`${kind}Muted`] ?? false) !== muted) {
          session.notify(`user-${kind}-${muted ? 'muted' : 'unmuted'}`);
        }
      }
      this.parts.messenger.back(true);
      return;
    }
    if (!this.parts.store.current.chatOnly)
      void this.parts.reception.again(this.parts.store.current.audioOnly);
    if (how === 'first') void this.parts.opening().then(() => this.parts.own.publishIfWanted());
    else {
      void this.parts.own.publishIfWanted();
      const { name } = this.parts.store.current;
      this.parts.screen.resume(this.parts.connection.media!, { name }).catch((error: unknown) => {
        // After another break the next return tries again.
        if (this.parts.store.current.connection !== 'connected') return;
        this.parts.screen.release();
        this.parts.emit('operationFailed', RoomError.from(error, 'media-connection-failed'));
        const { share } = this.parts.store.current;
        if (!share?.isSelf) return;
        this.parts.store.update({ share: undefined });
        this.parts.emit('shareStopped', noticeOf(share));
      });
      this.parts.messenger.back(false);
    }
    this.parts.hands.again();
  }

  /** What few pages want to be told comes when it is wanted. Never rejects. */
  async #watch(): Promise<void> {
    this.#watching = true;
    const wanted = this.parts.options().advanceOptions.filter(({ enable }) => enable);
    if (wanted.length === 0) return;
    const seldom = await loadSeldom().catch(() => undefined);
    if (!seldom || !this.#watching) return;
    this.#advanced ??= this.parts.advanced(seldom);
    this.#advanced.start(wanted);
  }

  #unwatch(): void {
    this.#watching = false;
    this.#advanced?.stop();
  }

  lost(resumable: boolean): void {
    this.#unwatch();
    this.parts.messenger.lost();
    if (resumable) return;
    this.parts.talkers.stop();
    this.parts.updateTalkers();
    this.parts.own.gone();
  }

  release(): void {
    this.parts.talkers.stop();
    this.#unwatch();
    this.parts.screen.release();
  }

  over(): void {
    this.parts.talkers.set({ active: false, activeList: [] });
    this.parts.participants.reset('', []);
    this.parts.reception.clear();
    this.parts.hands.clear();
    this.parts.messenger.clear();
    this.parts.store.update(sessionState);
  }
}

/** What a server would have said of the end of this share. */
const noticeOf = ({ clientId, name }: NonNullable<RoomState['share']>): ShareNotice => ({
  ...{ clientId, name, streamId: SHARE_SLOT },
  layout: undefined,
});

/** Servers that tell what a moderator muted are believed; else what concerned the person alone outlasts a break. */
function hardMutes(
  { hardMuted, room }: RoomConnected,
  isModerator: boolean,
  before: RoomState | undefined,
): RoomState['hardMuted'] {
  if (hardMuted) return hardMuted;
  return {
    audio: !isModerator && (room.mute || Boolean(before?.hardMuted.audio && !before.roomMuted)),
    video: before?.hardMuted.video ?? false,
  };
}

import { capabilitiesOf } from './capabilities.js';
import type { Participant } from './participant.js';
import { roomConnected, roomData } from './room-connected.js';
import type { RoomSessionOptions } from './room-session-options.js';
import type { RoomSession } from './room-session.js';

/** Tells people who come, or come back, how the room is. */
export class Welcome {
  constructor(
    private readonly session: RoomSession,
    private readonly options: Pick<RoomSessionOptions, 'record' | 'graceMs' | 'iceServers' | 'detectionUrl'>,
  ) {}

  /** `room-connected`, and what goes with it. @param resumed their media went on */
  connect(participant: Participant, resumed: boolean): void {
    const { record, graceMs } = this.options;
    const waits = this.session.entry.waitsForModerator;
    participant.link.send(
      'room-connected',
      roomConnected(participant, {
        record,
        people: this.session.people.all.values(),
        iceServers: this.options.iceServers(participant.clientId),
        mode: this.session.mode,
        roomMuted: this.session.moderation.roomMuted,
        shareOn: this.session.sharing.isOnFor(participant, resumed),
        locked: this.session.entry.locked,
        knockEnabled: this.session.entry.knock,
        waitRoom: waits,
        remainingMin: this.session.clock.remainingMin,
        moderatorView: participant.isModerator ? this.moderatorView : {},
        internetDetectionUrl: this.options.detectionUrl(participant.link.host),
        capabilities: capabilitiesOf({ settings: record.settings, graceMs }),
        resumed,
        floor: this.session.floor.standing(participant),
        openFloor: this.session.floor.open,
        sharePermissions: {
          screen: this.session.sharing.permissionView,
          canvas: this.session.canvas.permissionView,
        },
        customData: this.session.customData.view,
      }),
    );
    if (waits) participant.link.send('room-awaited', { event_type: 'wait_for_moderator' });
    else this.#welcome(participant, resumed);
  }

  #welcome(participant: Participant, resumed = false): void {
    this.session.media.welcome(participant);
    for (const sharing of [this.session.sharing, this.session.canvas]) sharing.welcome(participant, resumed);
    // Back after a lost connection: what a moderator decided is told again. `room.mute` tells of the whole room.
    for (const kind of ['audio', 'video'] as const) {
      if (participant.hardMuted[kind] && !(kind === 'audio' && this.session.moderation.roomMuted)) {
        participant.link.request(`hardmute-user-${kind}`, { clientId: participant.clientId, result: 0 });
      }
    }
  }

  /** The first moderator is there: those who waited get what `room-connected` kept from them. */
  endWaiting(moderator: Participant): void {
    for (const participant of this.session.people.all.values()) {
      if (participant === moderator) continue;
      participant.link.send('roomManagementEvents', {
        id: 'wait-room-disabled',
        roomData: roomData(this.options.record, this.session.people.all.values(), participant.wantsData),
      });
      this.#welcome(participant);
    }
  }

  /** What only moderators are told. */
  get moderatorView(): Record<string, unknown> {
    return {
      awaitedParticipants: this.session.entry.awaitedParticipants,
      ...this.session.floor.view,
      userRoleChangeRequests: this.session.roleRequests.view,
    };
  }
}

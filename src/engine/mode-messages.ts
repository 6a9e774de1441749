import type { Role, ServerMessages } from '../protocol/index.js';
import { floorEvent } from './floor.js';
import type { RoomModesParts } from './room-modes.js';
import type { StreamSource } from './session-media.js';

type Payload<K extends keyof ServerMessages> = ServerMessages[K];
const roleRequestWords = {
  requestInitiated: 'requested',
  requestCancelled: 'cancelled',
  requestAccepted: 'accepted',
  requestDenied: 'denied',
} as const;

const number = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

/** What the server tells of how the room is run: roles, lecture and floor, recording, bandwidth. */
export class ModeMessages {
  constructor(private readonly parts: RoomModesParts) {}

  /** Wire message → what it does; part of the one table of the message handler. */
  readonly handlers: { [K in keyof ServerMessages]?: (payload: Payload<K>) => void } = {
    floorManagementEvents: (event) => this.#floor(event),
    userRoleChanged: (change) => this.#rolesChanged(change),
    userRoleManagementEvents: (event) => this.#roleRequest(event),
    roomSwitched: (event) => this.#switched(event),
    'room-record-on': (raw) => this.#recording(true, raw),
    'room-record-off': (raw) => this.#recording(false, raw),
    onBandwidthAlert: (alerts) => this.#streamBandwidth(alerts),
    bandwidthEvents: ({ id, msg }) => this.#bandwidthEvent(id, msg),
    onSelfBandwidthAlert: ({ message, bandwidth }) => {
      if (message === 'SubscriberBandWidth') this.#bandwidthAlert(bandwidth);
      else this.#capSender(message === 'ShareBandwidth' ? 'screen' : 'camera', number(bandwidth));
    },
    genericEvents: ({ id, data }) => this.#generic(id, data),
  };

  #floor(event: Payload<'floorManagementEvents'>): void {
    const { floor, hands, own, store, emit } = this.parts;
    const change = floorEvent(floor, event);
    hands.publish();
    emit('floorChanged', event);
    if (change === 'granted') void own.publishIfWanted();
    else if (change === 'taken' && store.current.mode === 'lecture') void own.withdraw();
  }

  #rolesChanged(change: Payload<'userRoleChanged'>): void {
    const { participants, store, floor, hands, own, emit } = this.parts;
    const changes: { clientId: string; old: string | undefined; new: Role }[] = change.clientsInfo
      ? change.clientsInfo.map(({ clientId, role }) => ({ clientId, old: role.old, new: role.new }))
      : [
          ...(change.moderator?.old
            ? [{ clientId: change.moderator.old, old: 'moderator', new: 'participant' as const }]
            : []),
          ...(change.moderator?.new
            ? [{ clientId: change.moderator.new, old: 'participant', new: 'moderator' as const }]
            : []),
        ];
    for (const { clientId, new: role } of changes) participants.setRole(clientId, role);
    const self = changes.find(({ clientId }) => clientId === store.current.clientId);
    store.update({
      participants: participants.list,
      ...(self ? { role: self.new } : {}),
      ...(change.userRoleChangeRequests
        ? { roleRequests: Object.freeze(change.userRoleChangeRequests) }
        : {}),
    });
    if (self) {
      const isModerator = self.new === 'moderator';
      store.update({
        guests: Object.freeze(isModerator ? (change.awaitedParticipants ?? store.current.guests) : []),
        ...(isModerator ? {} : { roleRequests: Object.freeze([]) }),
      });
      if (isModerator) floor.reset({ requests: change.raisedHands, granted: change.approvedHands });
      else floor.reset({});
      hands.publish();
    }
    emit('rolesChanged', { changes, raw: change });
    if (!self) return;
    if (self.new === 'viewer' || self.new === 'audience') void own.withdraw();
    else if (!store.current.published) void own.publishIfWanted();
  }

  #roleRequest({ id, clientId, name, role }: Payload<'userRoleManagementEvents'>): void {
    const { store, emit } = this.parts;
    const others = store.current.roleRequests.filter((request) => request.clientId !== clientId);
    store.update({
      roleRequests: Object.freeze(
        id === 'requestInitiated' ? [...others, Object.freeze({ clientId, name, role })] : others,
      ),
    });
    emit('roleRequest', { what: roleRequestWords[id], clientId, name, role });
  }

  #switched({ mode, moderator }: Payload<'roomSwitched'>): void {
    const { store, floor, hands, own, emit } = this.parts;
    // Published servers only say that it changed (protocol §7).
    const now = mode ?? (store.current.mode === 'group' ? 'lecture' : 'group');
    store.update({ mode: now });
    floor.clear();
    hands.clear();
    emit('modeSwitched', { mode: now, moderator });
    if (now === 'group') {
      if (!store.current.published) void own.publishIfWanted();
    } else if (store.current.role !== 'moderator') void own.withdraw();
  }

  #recording(on: boolean, raw: unknown): void {
    this.parts.store.update({ recording: on });
    this.parts.emit('recordingChanged', { on, raw });
  }

  #bandwidthEvent(id: string, msg: unknown): void {
    if (id === 'publisher-bw' || id === 'share-bw') {
      const { bandwidth } = (typeof msg === 'object' && msg !== null ? msg : { bandwidth: msg }) as {
        bandwidth?: unknown;
      };
      this.#capSender(id === 'share-bw' ? 'screen' : 'camera', number(bandwidth));
    } else if (id === 'bw-alert') {
      const alerts = Array.isArray(msg) ? msg : [msg];
      this.#streamBandwidth(alerts.flatMap((alert) => readStreamAlert(alert)));
    } else this.parts.emit('roomManaged', { id, message: msg });
  }

  #streamBandwidth(alerts: Payload<'onBandwidthAlert'>): void {
    if (alerts.length > 0) this.parts.emit('streamBandwidth', alerts);
  }

  #bandwidthAlert(raw: unknown): void {
    const { store, emit } = this.parts;
    const fields = (typeof raw === 'object' && raw !== null ? raw : { bandwidth: raw }) as Record<
      string,
      unknown
    >;
    const bandwidth = number(fields.bandwidth);
    const needed = number(fields.stream_bandwidth);
    const videos = number(fields.number_of_videos);
    store.update({ lowBandwidth: bandwidth < needed * Math.max(1, videos) });
    emit('bandwidthAlert', { bandwidth, stream_bandwidth: needed, number_of_videos: videos, raw });
  }

  /** 1 means that no picture can be sent at all (protocol §7). */
  #capSender(source: StreamSource, kbps: number): void {
    if (kbps === 1 && source === 'camera') this.parts.muteCamera();
    else if (kbps > 1) void this.parts.media()?.capVideo(source, kbps);
  }

  #generic(id: string, data: unknown): void {
    const { emit } = this.parts;
    if (id === 'speaker_notification') {
      const entries = (Array.isArray(data) ? data : []) as ({
        speech?: unknown;
        noise?: unknown;
        users?: unknown;
      } | null)[];
      const users = (key: 'speech' | 'noise'): unknown => entries.find((entry) => entry?.[key])?.users ?? [];
      emit('talkersHeard', { speech: users('speech'), noise: users('noise') });
    } else if (id === 'battery_updates' || /^notify.video.resolution.change$/.test(id)) {
      emit('advancedOption', { id, data });
    } else emit('roomManaged', { id, message: data });
  }
}

function readStreamAlert(value: unknown): { streamId: number | string; bw: string }[] {
  const { streamId, bw } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (typeof streamId !== 'number' && typeof streamId !== 'string') return [];
  return [{ streamId, bw: typeof bw === 'string' ? bw : '' }];
}

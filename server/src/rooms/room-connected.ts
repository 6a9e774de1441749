import {
  CANVAS_SLOT,
  DATA_STREAM,
  type IceServer,
  SHARE_SLOT,
  type User,
} from '../../../src/protocol/index.js';
import type { RoomRecord } from '../store/store.js';
import type { Participant } from './participant.js';
import { qualityBitrates } from './quality.js';
import { slotIds } from './reception.js';

/** What `room-connected` tells besides the room's record. */
export interface RoomView {
  record: RoomRecord;
  people: Iterable<Participant>;
  iceServers: IceServer[];
  mode: 'group' | 'lecture';
  roomMuted: boolean;
  shareOn: boolean;
  /** Words of optional capabilities (src/protocol/README.md). */
  capabilities: string[];
  /** Somebody came back on a new socket and their media went on. */
  resumed: boolean;
  /** How the newcomer stands with the floor. */
  floor: 'granted' | 'invited' | 'requested' | 'none';
  openFloor: boolean;
  /** Of screens and canvases (protocol §5.7). */
  sharePermissions: Record<string, unknown>;
  customData: Record<string, unknown>;
  locked: boolean;
  knockEnabled: boolean;
  /** The newcomer waits for a moderator: no streams, no data connection yet (protocol §11.2). */
  waitRoom: boolean;
  remainingMin: number | undefined;
  /** Only for moderators: knock queue and hands. */
  moderatorView: Record<string, unknown>;
  internetDetectionUrl: string | undefined;
}

/** Streams, people and mutes: what `room-connected` and `wait-room-disabled` have in common. */
export function roomData(record: RoomRecord, people: Iterable<Participant>, wantsData: boolean) {
  const userList: Record<string, User> = {};
  const videoMutedUsers: Record<string, boolean> = {};
  for (const participant of people) {
    userList[participant.clientId] = participant.user;
    if (participant.isMuted('video')) videoMutedUsers[participant.clientId] = true;
  }
  const talkers = record.settings.max_active_talkers;
  return {
    streams: Object.fromEntries(
      slotIds(talkers).map((id) => [
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
    userList,
    // Its presence makes a client open the connection, so only for those who want one (protocol §3.3).
    ...(wantsData ? { dataChannelStream: { id: DATA_STREAM } } : {}),
    numActiveATSubs: talkers,
    videoMutedUsers,
  };
}

/** The admission (protocol §3.3). */
export function roomConnected(participant: Participant, view: RoomView): Record<string, unknown> {
  const { record } = view;
  const { settings } = record;
  const bitrates = qualityBitrates[settings.quality];
  const { streams, userList, dataChannelStream, videoMutedUsers } = roomData(
    record,
    view.people,
    participant.wantsData,
  );
  return {
    id: record.roomId,
    clientId: participant.clientId,
    user: participant.user,
    userList,
    streams: view.waitRoom ? {} : streams,
    iceServers: view.iceServers,
    ...(view.waitRoom || !dataChannelStream ? {} : { dataChannelStream }),
    room: {
      name: record.name,
      conf_num: record.roomId,
      owner_ref: record.ownerRef,
      created: record.created,
      description: settings.description ?? '',
      settings: { ...settings, mode: view.mode, active_talker: true, screen_share_override: true },
      mute: view.roomMuted,
      share: settings.screen_share,
      shareOn: view.shareOn,
      locked: view.locked,
      knockEnabled: view.knockEnabled,
      waitRoom: view.waitRoom,
      wait_room: settings.wait_for_moderator,
      openFloor: view.openFloor,
      ...(view.remainingMin === undefined ? {} : { remainingDuration: Math.round(view.remainingMin) }),
      sharePermissions: view.sharePermissions,
      ...view.customData,
    },
    mediaConfiguration: 'default',
    defaultVideoBW: bitrates.standardKbps,
    maxVideoBW: bitrates.maximumKbps,
    minVideoBW: bitrates.minimumKbps,
    maxVideoFps: 30,
    maxVideoLayers: bitrates.layers,
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
    ...view.moderatorView,
    privacyModes: {},
    transcription: false,
    capabilities: view.capabilities,
    ...(view.resumed ? { resumed: true } : {}),
    hardMuted: { ...participant.hardMuted },
    floor: view.floor,
    ...(view.internetDetectionUrl ? { internetDetectionUrl: view.internetDetectionUrl } : {}),
  };
}

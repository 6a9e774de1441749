/**
 * Every verb's answer is an event too, as the native SDKs have a callback for each (api-facts Annex A): request on the
 * wire → name of the event. Whatever the answer, it fires once.
 */
type AckName = string | ((first: unknown, second: unknown) => string | undefined);

const property = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

const floorActions: Record<string, string> = {
  requestFloor: 'request-floor-ack',
  cancelFloor: 'cancel-floor-ack',
  finishFloor: 'finish-floor-ack',
  grantFloor: 'process-floor-ack',
  denyFloor: 'process-floor-ack',
  releaseFloor: 'process-floor-ack',
};

const shareRequests: Record<string, string> = {
  'req-permission': 'request-share-permission-ack',
  'cancel-permission': 'cancel-share-permission-ack',
  'grant-permission': 'grant-share-permission-ack',
  'deny-permission': 'deny-share-permission-ack',
  'release-permission': 'release-share-permission-ack',
  'set-permission-mode': 'set-share-permission-mode-ack',
};

const own = (table: Record<string, string>, key: unknown): string | undefined =>
  typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;

const ackTable: Record<string, AckName> = {
  'user-allowed': 'approve-awaited-user-ack',
  'user-denied': 'deny-awaited-user-ack',
  lockRoom: (locked) => (locked ? 'lock-room-ack' : 'unlock-room-ack'),
  drop: (what) =>
    property(what, 'self') ? undefined : property(what, 'all') ? 'destroy-ack' : 'drop-user-ack',
  switchUserRole: 'switch-user-role-ack',
  switchRoomMode: 'switch-room-mode-ack',
  extendConferenceDuration: 'conference-extended',
  'room-muted': 'hard-mute-room-ack',
  'room-unmuted': 'hard-unmute-room-ack',
  'hardmute-user-audio': 'hardmute-user-audio-ack',
  'hardunmute-user-audio': 'hardunmute-user-audio-ack',
  'hardmute-user-video': 'hardmute-user-video-ack',
  'hardunmute-user-video': 'hardunmute-user-video-ack',
  muteRoom: 'mute-room-ack',
  unMuteRoom: 'unmute-room-ack',
  setNumberOfTalker: 'set-talker-count-ack',
  getNumberOfTalker: 'talker-count',
  getMaxNumberOfTalker: 'max-talkers',
  getAdvancedOptions: 'advanced-options',
  setAdvancedOptions: (options) => {
    const first: unknown = Array.isArray(options) ? options[0] : undefined;
    const isAdded = property(first, 'request') === 'add';
    switch (property(first, 'id')) {
      case 'update-pin-users':
        return isAdded ? 'pin-users-ack' : 'unpin-users-ack';
      case 'spotlight-users':
        return isAdded ? 'add-spotlight-users-ack' : 'remove-spotlight-users-ack';
      case 'speaker-notification':
        return property(first, 'enable')
          ? 'subscribe-talker-notification-ack'
          : 'unsubscribe-talker-notification-ack';
      default:
        return undefined;
    }
  },
  processFloorRequest: (_, action) => own(floorActions, action),
  inviteToFloor: 'invite-to-floor-ack',
  auxilaryPublishRequests: (what) => own(shareRequests, property(what, 'req')),
  stopAllSharing: 'stop-all-sharing-ack',
};

/** Name of the event that tells the answer to this request; `undefined` where the SDKs have no callback. */
export function ackEventOf(request: string, args: readonly unknown[]): string | undefined {
  const name = Object.hasOwn(ackTable, request) ? ackTable[request] : undefined;
  return typeof name === 'function' ? name(args[0], args[1]) : name;
}

/** A well-formed example of every message of the wire, and what may and may not be wrong with it. */

export interface Example {
  /** As it comes over the wire, every field filled in. */
  message: unknown;
  /** What the guard makes of it, where that differs. */
  reads?: unknown;
  /** Path → values that are refused there; a missing value is refused as well. `''` is the message itself. */
  strict?: Record<string, unknown[]>;
  /** Path → values that are refused there, though nothing need be there at all. */
  refused?: Record<string, unknown[]>;
  /** Path → values that are replaced by `becomes`; so is a missing value. */
  forgiving?: Record<string, { wrong: unknown[]; becomes: unknown }>;
  /** The content means nothing to us: anything passes. */
  free?: boolean;
  /** Which of the hostile values pass all the same. */
  alsoPasses?(value: unknown): boolean;
}

const LONG = 'n'.repeat(5000);
const NOT_TEXT = [5, true, {}, [], NaN];
const NOT_OBJECTS = ['text', 5, true, [], 7n];
const NOT_ID = ['', LONG, 5, {}, [], null, Symbol('id')];
const NOT_STREAM_ID = [-1, 1.5, NaN, Infinity, '', LONG, true, {}, [1], null];
const NOT_BOOLEAN = [0, 1, 'true', '', {}, []];

const flag = { wrong: NOT_BOOLEAN, becomes: undefined };
const optionalText = { wrong: [...NOT_TEXT, LONG], becomes: undefined };

/** An object without anything in it passes where nothing is required. */
const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const namesSomebody = (value: unknown): boolean =>
  isObject(value) && Object.hasOwn(value as object, 'clientId');

const namesAnEvent = (value: unknown): boolean => isObject(value) && Object.hasOwn(value as object, 'id');

const isShortText = (value: unknown): boolean =>
  typeof value === 'string' && value.length > 0 && value.length <= 128;

const ada = {
  clientId: 'client-1',
  name: 'Ada',
  role: 'moderator',
  user_ref: 'ada-ref',
  permissions: { publish: true },
  audioMuted: false,
  videoMuted: true,
  audioEnabled: true,
  videoEnabled: true,
  data: { seat: 4 },
};

const user: Example = {
  message: { ...ada, audienceCount: 3 },
  reads: ada,
  strict: { '': NOT_OBJECTS, clientId: NOT_ID },
  forgiving: {
    name: { wrong: [...NOT_TEXT, LONG], becomes: '' },
    role: { wrong: ['owner', '', 5, {}], becomes: 'participant' },
    user_ref: optionalText,
    permissions: { wrong: ['all', 5, []], becomes: undefined },
    audioMuted: flag,
    videoMuted: flag,
    audioEnabled: flag,
    videoEnabled: flag,
  },
  alsoPasses: namesSomebody,
};

const muteNotice: Example = {
  message: { clientId: 'client-1', user: ada },
  strict: { '': NOT_OBJECTS, clientId: NOT_ID },
  forgiving: { user: { wrong: ['Ada', {}, { clientId: '' }, [ada]], becomes: undefined } },
  alsoPasses: namesSomebody,
};

const share: Example = {
  message: { clientId: 'client-2', name: 'Bo', streamId: 101, layout: 'grid' },
  strict: { '': NOT_OBJECTS, clientId: NOT_ID },
  forgiving: {
    name: { wrong: [...NOT_TEXT, LONG], becomes: '' },
    streamId: { wrong: [-1, 1.5, NaN, '101', {}], becomes: 101 },
    layout: optionalText,
  },
  alsoPasses: namesSomebody,
};

const free: Example = { message: { whatever: [1, 'two', null] }, free: true };

export const serverExamples: Record<string, Example> = {
  'room-connected': {
    message: {
      id: 'room-1',
      clientId: 'client-1',
      user: ada,
      userList: { 'client-1': ada },
      streams: {
        1: { id: 1, audio: true, video: true, data: false, screen: false, canvas: false, attributes: {} },
      },
      iceServers: [{ urls: ['turn:media.example:3478'], username: 'u', credential: 'c' }],
      dataChannelStream: { id: 999 },
      room: {
        name: 'Daily',
        conf_num: '12345',
        settings: { mode: 'lecture', quality: 'HD', participants: 10, adhoc: true },
        mute: true,
        share: false,
        shareOn: true,
        locked: true,
        knockEnabled: true,
        waitRoom: true,
        remainingDuration: 60,
      },
      defaultVideoBW: 900,
      maxVideoBW: 1500,
      maxVideoFps: 25,
      maxVideoLayers: 2,
      videoMutedUsers: { 'client-1': true },
      hardMuted: { audio: true, video: false },
      floor: 'granted',
      videoBitrateQualityMap: { minBwKbpsToCheck: 0 },
      transcription: false,
      numVideoTalkers: 4,
      initialNumATs: 6,
      awaitedParticipants: { 'client-3': { clientId: 'client-3', name: 'Cy' } },
      raisedHands: [{ clientId: 'client-2', name: 'Bo' }],
      approvedHands: [{ clientId: 'client-4', name: 'Di' }],
      floorInvites: [{ clientId: 'client-5', name: 'Ed' }],
      userRoleChangeRequests: [{ clientId: 'client-2', name: 'Bo', role: 'moderator' }],
      mediaRecord: true,
      internetDetectionUrl: 'https://rooms.example/reachable',
      capabilities: ['resume'],
      resumed: true,
    },
    reads: {
      id: 'room-1',
      clientId: 'client-1',
      user: ada,
      userList: [ada],
      streams: [{ id: 1, audio: true, video: true, data: false, screen: false, canvas: false }],
      iceServers: [{ urls: ['turn:media.example:3478'], username: 'u', credential: 'c' }],
      dataChannelStream: { id: 999 },
      room: {
        name: 'Daily',
        settings: { mode: 'lecture', quality: 'HD', adhoc: true },
        mute: true,
        share: false,
        shareOn: true,
        locked: true,
        knockEnabled: true,
        waitRoom: true,
        remainingDuration: 60,
      },
      defaultVideoBW: 900,
      maxVideoBW: 1500,
      maxVideoFps: 25,
      maxVideoLayers: 2,
      videoMutedUsers: { 'client-1': true },
      numVideoTalkers: 4,
      initialNumATs: 6,
      awaitedParticipants: [{ clientId: 'client-3', name: 'Cy' }],
      raisedHands: [{ clientId: 'client-2', name: 'Bo' }],
      approvedHands: [{ clientId: 'client-4', name: 'Di' }],
      floorInvites: [{ clientId: 'client-5', name: 'Ed' }],
      userRoleChangeRequests: [{ clientId: 'client-2', name: 'Bo', role: 'moderator' }],
      mediaRecord: true,
      internetDetectionUrl: 'https://rooms.example/reachable',
      capabilities: ['resume'],
      resumed: true,
      hardMuted: { audio: true, video: false },
      floor: 'granted',
    },
    strict: { '': NOT_OBJECTS, room: [...NOT_OBJECTS, null], 'room.settings': [...NOT_OBJECTS, null] },
    forgiving: {
      id: { wrong: [...NOT_TEXT, LONG], becomes: '' },
      clientId: { wrong: NOT_ID, becomes: undefined },
      user: { wrong: ['Ada', {}, []], becomes: undefined },
      userList: { wrong: ['all', 5], becomes: [] },
      streams: { wrong: ['all', 5, Array.from({ length: 65 }, () => ({ id: 1 }))], becomes: [] },
      iceServers: { wrong: ['turn:x', {}, [{}], [{ urls: 5 }]], becomes: [] },
      dataChannelStream: { wrong: [5, {}, { id: {} }, { id: -1 }], becomes: undefined },
      'room.name': { wrong: [...NOT_TEXT, LONG], becomes: '' },
      'room.settings.mode': { wrong: ['party', 5, []], becomes: 'group' },
      'room.settings.quality': { wrong: ['4K', 5, []], becomes: 'SD' },
      'room.mute': { wrong: NOT_BOOLEAN, becomes: false },
      'room.share': { wrong: NOT_BOOLEAN, becomes: true },
      'room.shareOn': { wrong: NOT_BOOLEAN, becomes: false },
      'room.locked': { wrong: NOT_BOOLEAN, becomes: false },
      'room.knockEnabled': { wrong: NOT_BOOLEAN, becomes: false },
      'room.waitRoom': { wrong: NOT_BOOLEAN, becomes: false },
      'room.remainingDuration': { wrong: [-1, NaN, '60'], becomes: undefined },
      hardMuted: { wrong: NOT_OBJECTS, becomes: undefined },
      'hardMuted.audio': { wrong: NOT_BOOLEAN, becomes: false },
      floor: { wrong: ['taken', 5, {}], becomes: undefined },
      defaultVideoBW: { wrong: [-1, NaN, Infinity, '900', {}], becomes: 1200 },
      maxVideoBW: { wrong: [-1, NaN, Infinity, '900', {}], becomes: 1200 },
      maxVideoFps: { wrong: [0, 121, NaN, '30'], becomes: undefined },
      maxVideoLayers: { wrong: [0, 4, 1.5, '2'], becomes: undefined },
      videoMutedUsers: { wrong: [5, [], 'all'], becomes: {} },
      'room.settings.adhoc': { wrong: NOT_BOOLEAN, becomes: false },
      numVideoTalkers: { wrong: [-1, 1.5, '4', 101], becomes: undefined },
      initialNumATs: { wrong: [-1, 1.5, '4', 101], becomes: undefined },
      ...Object.fromEntries(
        ['awaitedParticipants', 'raisedHands', 'approvedHands', 'floorInvites', 'userRoleChangeRequests'].map(
          (key) => [key, { wrong: ['all', 5, [{}], [{ clientId: '' }], [null]], becomes: [] }],
        ),
      ),
      mediaRecord: { wrong: NOT_BOOLEAN, becomes: false },
      internetDetectionUrl: optionalText,
      capabilities: { wrong: ['resume', 5, [5], [{}]], becomes: [] },
      resumed: { wrong: NOT_BOOLEAN, becomes: false },
    },
  },
  'room-awaited': {
    message: { event_type: 'wait_for_moderator', extra: 1 },
    reads: { event_type: 'wait_for_moderator' },
    forgiving: { event_type: { wrong: ['boredom', 5, {}, []], becomes: 'knock' } },
    // Servers that do not say why mean a knock (protocol §11.1), whatever they send.
    alsoPasses: () => true,
  },
  'room-disconnected': {
    message: { cause: { cause: 2006, msg: 'normal-disconnect' }, result: 4, msg: 'bye', extra: 1 },
    reads: { cause: { cause: 2006, msg: 'normal-disconnect' }, result: 4, msg: 'bye' },
    forgiving: {
      cause: { wrong: ['gone', 5, []], becomes: undefined },
      'cause.cause': { wrong: ['2006', 1.5, {}], becomes: undefined },
      'cause.msg': optionalText,
      result: { wrong: ['4', 1.5, {}], becomes: undefined },
      msg: optionalText,
    },
    // The server's free choice (protocol §9.2): whatever it sends, the session is over.
    alsoPasses: () => true,
  },
  'user-connected': user,
  'user-disconnected': {
    message: { ...ada, reason: 1 },
    reads: { clientId: 'client-1', name: 'Ada', role: 'moderator', user_ref: 'ada-ref', reason: 1 },
    strict: { '': NOT_OBJECTS, clientId: NOT_ID },
    forgiving: {
      name: { wrong: [...NOT_TEXT, LONG], becomes: '' },
      role: { wrong: ['owner', '', 5, {}], becomes: 'participant' },
      user_ref: optionalText,
      reason: { wrong: [-1, 3, 1.5, '1', {}], becomes: undefined },
    },
    alsoPasses: namesSomebody,
  },
  'active-talkers-updated': {
    message: {
      active: true,
      activeList: [
        {
          streamId: 1,
          clientId: 'client-2',
          name: 'Bo',
          mediatype: 'audiovideo',
          reason: 'user',
          videomuted: false,
          videoaspectratio: '16:9',
          muteDueToBw: false,
          pinned: true,
          spotlighted: false,
        },
      ],
    },
    strict: {
      '': NOT_OBJECTS,
      activeList: ['all', 5, null, Array.from({ length: 65 }, () => ({ streamId: 1, clientId: 'c' }))],
    },
    forgiving: {
      active: { wrong: NOT_BOOLEAN, becomes: false },
      'activeList[0].name': { wrong: [...NOT_TEXT, LONG], becomes: '' },
      'activeList[0].mediatype': { wrong: ['hologram', 5, []], becomes: 'none' },
      'activeList[0].reason': optionalText,
      'activeList[0].videomuted': flag,
      'activeList[0].videoaspectratio': optionalText,
      'activeList[0].muteDueToBw': flag,
      'activeList[0].pinned': flag,
      'activeList[0].spotlighted': flag,
      // One entry that makes no sense must not cost the others.
      'activeList[0]': {
        wrong: ['Bo', 5, {}, { streamId: -1, clientId: 'c' }, { streamId: 1 }],
        becomes: undefined,
      },
    },
    alsoPasses: (value) => isObject(value) && Object.hasOwn(value as object, 'activeList'),
  },
  media_engine_connecting: {
    message: {
      streamId: 'stream-1',
      peerId: 1,
      msg: {
        type: 'answer',
        sdp: 'v=0\r\n',
        media: [{ media: 'video', codecs: [{ name: 'VP8', payload: 96 }] }],
      },
    },
    strict: {
      '': NOT_OBJECTS,
      msg: NOT_OBJECTS,
      'msg.type': ['offer', '', 5, null, 'Answer', {}],
      'msg.sdp': ['', 5, {}, null, 'v'.repeat(200_001)],
    },
    forgiving: {
      'msg.media': { wrong: ['video', {}, [{ media: 'smell', codecs: [] }]], becomes: [] },
      'msg.media[0].codecs': { wrong: ['VP8', [{ name: 'VP8', payload: 128 }]], becomes: [] },
    },
  },
  'user-audio-muted': muteNotice,
  'user-audio-unmuted': muteNotice,
  'user-video-muted': muteNotice,
  'user-video-unmuted': muteNotice,
  onDataStreamToRoom: {
    message: {
      type: 'chat',
      message: 'Hello',
      broadcast: false,
      clients: ['client-2'],
      sender: 'Bo',
      senderId: 'client-2',
      timestamp: 1_700_000_000_000,
      id: 'm-1',
    },
    strict: { '': NOT_OBJECTS, type: ['', LONG, 5, null, {}] },
    forgiving: {
      // Named recipients: unclear words must not send a private message to everybody.
      broadcast: { wrong: NOT_BOOLEAN, becomes: false },
      clients: { wrong: ['client-2', {}, [5], ['']], becomes: [] },
      sender: { wrong: [...NOT_TEXT, LONG], becomes: '' },
      senderId: { wrong: [...NOT_TEXT, LONG], becomes: '' },
      timestamp: { wrong: [-1, NaN, '5', {}], becomes: 0 },
      id: { wrong: ['', LONG, 5, {}], becomes: undefined },
    },
    alsoPasses: (value) => isObject(value) && Object.hasOwn(value as object, 'type'),
  },
  'user-awaited': {
    message: { clientId: 'client-3', name: 'Cy' },
    strict: { '': NOT_OBJECTS, clientId: NOT_ID },
    forgiving: { name: { wrong: [...NOT_TEXT, LONG], becomes: '' } },
    alsoPasses: namesSomebody,
  },
  floorManagementEvents: {
    message: { id: 'floorGranted', clientId: 'client-2', name: 'Bo', moderatorId: 'client-1' },
    strict: { '': NOT_OBJECTS, id: ['', LONG, 5, null, {}] },
    forgiving: {
      clientId: { wrong: [5, {}, LONG], becomes: '' },
      name: { wrong: [...NOT_TEXT, LONG], becomes: '' },
      moderatorId: optionalText,
    },
    alsoPasses: namesAnEvent,
  },
  userRoleChanged: {
    message: {
      clientsInfo: [{ clientId: 'client-2', role: { old: 'participant', new: 'moderator' }, user: ada }],
      moderator: { old: 'client-1', new: 'client-2' },
      userList: [ada],
      awaitedParticipants: [{ clientId: 'client-3', name: 'Cy' }],
      raisedHands: [{ clientId: 'client-3', name: 'Cy' }],
      approvedHands: [],
      userRoleChangeRequests: [{ clientId: 'client-3', name: 'Cy', role: 'moderator' }],
    },
    strict: { '': NOT_OBJECTS },
    forgiving: {
      clientsInfo: { wrong: ['all', 5], becomes: undefined },
      'clientsInfo[0]': { wrong: [5, {}, { clientId: 'c', role: { new: 'king' } }], becomes: undefined },
      moderator: { wrong: ['client-1', 5, []], becomes: undefined },
      userList: { wrong: ['all', 5], becomes: undefined },
    },
    alsoPasses: isObject,
  },
  userRoleManagementEvents: {
    message: { id: 'requestInitiated', clientId: 'client-2', name: 'Bo', role: 'moderator' },
    strict: { '': NOT_OBJECTS, id: ['', 'requestLost', 5, null, {}] },
    forgiving: {
      clientId: { wrong: [5, {}, LONG], becomes: '' },
      name: { wrong: [...NOT_TEXT, LONG], becomes: '' },
      role: { wrong: [...NOT_TEXT, LONG], becomes: '' },
    },
  },
  roomSwitched: {
    message: { moderator: 'client-1', mode: 'lecture' },
    strict: { '': NOT_OBJECTS },
    forgiving: { mode: { wrong: ['party', 5, {}], becomes: undefined } },
    alsoPasses: isObject,
  },
  onBandwidthAlert: {
    message: [{ streamId: 1, bw: 'low', type: 'video', name: 'Bo' }],
    strict: { '': ['text', 5, true, 7n] },
    forgiving: {
      '[0].bw': { wrong: [5, {}, LONG], becomes: '' },
      '[0].type': optionalText,
      '[0].name': optionalText,
    },
    alsoPasses: (value) => typeof value === 'object' && value !== null,
  },
  bandwidthEvents: {
    message: { id: 'bw-alert', msg: [{ streamId: 1, bw: 'low' }] },
    strict: { '': NOT_OBJECTS, id: ['', LONG, 5, null, {}] },
    alsoPasses: namesAnEvent,
  },
  onSelfBandwidthAlert: {
    message: {
      message: 'SubscriberBandWidth',
      bandwidth: { bandwidth: 240, stream_bandwidth: 80, number_of_videos: 2 },
    },
    strict: { '': NOT_OBJECTS, message: ['Bandwidth', '', 5, null, {}] },
  },
  genericEvents: {
    message: { id: 'speaker_notification', data: [{ speech: true, users: ['client-2'] }] },
    strict: { '': NOT_OBJECTS, id: ['', LONG, 5, null, {}] },
    alsoPasses: namesAnEvent,
  },
  onRemoveStream: {
    message: { id: 'stream-1' },
    strict: { '': NOT_OBJECTS, id: NOT_STREAM_ID },
    alsoPasses: namesAnEvent,
  },
  'room-record-on': free,
  'room-record-off': free,
  roomManagementEvents: {
    message: {
      id: 'wait-room-disabled',
      msg: { clientId: 'client-3' },
      roomData: {
        streams: { 1: { id: 1, audio: true, video: true, data: false } },
        userList: [ada],
        dataChannelStream: { id: 999 },
        numActiveATSubs: 4,
      },
    },
    reads: {
      id: 'wait-room-disabled',
      msg: { clientId: 'client-3' },
      roomData: {
        streams: [{ id: 1, audio: true, video: true, data: false, screen: false, canvas: false }],
        userList: [ada],
        dataChannelStream: { id: 999 },
      },
    },
    strict: { '': NOT_OBJECTS, id: ['', LONG, 5, null, {}] },
    forgiving: {
      roomData: { wrong: ['all', 5, []], becomes: undefined },
      'roomData.streams': { wrong: ['all', 5, { 1: {} }], becomes: [] },
      'roomData.userList': { wrong: ['all', 5, [{}]], becomes: [] },
      'roomData.dataChannelStream': { wrong: [5, {}, { id: -1 }], becomes: undefined },
    },
    alsoPasses: (value) => typeof (value as { id?: unknown }).id === 'string',
  },
  shareStarted: share,
  shareStopped: share,
  shareOverride: free,
  stopSharing: free,
  'hardmute-user-audio': free,
  'hardunmute-user-audio': free,
  'hardmute-user-video': free,
  'hardunmute-user-video': free,
  'room-muted': free,
  'room-unmuted': free,
};

const streamId: Example = {
  message: 'stream-1',
  strict: { '': NOT_STREAM_ID },
  alsoPasses: (value) =>
    (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) || isShortText(value),
};

const onOff: Example = {
  message: true,
  strict: { '': [...NOT_BOOLEAN, null, undefined] },
  alsoPasses: (value) => typeof value === 'boolean',
};

const clientId: Example = {
  message: 'client-2',
  strict: { '': NOT_ID },
  alsoPasses: isShortText,
};

const pause: Example = {
  message: { audio: true, video: true },
  strict: { '': NOT_OBJECTS },
  forgiving: {
    audio: { wrong: NOT_BOOLEAN, becomes: false },
    video: { wrong: NOT_BOOLEAN, becomes: false },
  },
  alsoPasses: isObject,
};

const customData: Example = {
  message: { scope: 'room', data: { topic: 'Budget' } },
  strict: { '': NOT_OBJECTS, scope: ['world', '', 5, null, {}] },
};

const target: Example = {
  message: { clientId: 'client-2' },
  strict: { '': NOT_OBJECTS, clientId: NOT_ID },
  alsoPasses: namesSomebody,
};

export const clientExamples: Record<string, Example> = {
  token: {
    message: {
      host: 'rooms.example',
      tokenId: 'token-1',
      signature: 'signed',
      version: '3.1.5',
      hostType: 'chrome-stable',
      hostDeviceType: 'desktop',
      dataChannel: false,
      maxActiveTalkers: 6,
      advancedOptions: [{ id: 'battery_updates', enable: true }],
      isReconnecting: true,
      reconnectAttempt: 2,
      oldClientIdForReconnect: 'client-0',
      resume: true,
      received: { socket: 1_750_000_000_000, data: 0 },
      previousToken: { tokenId: 'token-0', signature: 'signed before', host: 'not read' },
      name: 'never believed',
    },
    reads: {
      tokenId: 'token-1',
      signature: 'signed',
      version: '3.1.5',
      hostType: 'chrome-stable',
      hostDeviceType: 'desktop',
      dataChannel: false,
      maxActiveTalkers: 6,
      advancedOptions: [{ id: 'battery_updates', enable: true }],
      isReconnecting: true,
      reconnectAttempt: 2,
      oldClientIdForReconnect: 'client-0',
      resume: true,
      received: { socket: 1_750_000_000_000, data: 0 },
      previousToken: { tokenId: 'token-0', signature: 'signed before' },
    },
    strict: { '': NOT_OBJECTS },
    forgiving: {
      tokenId: { wrong: [...NOT_TEXT, LONG], becomes: '' },
      signature: { wrong: [...NOT_TEXT, LONG], becomes: '' },
      version: optionalText,
      hostType: optionalText,
      hostDeviceType: optionalText,
      dataChannel: { wrong: NOT_BOOLEAN, becomes: true },
      maxActiveTalkers: { wrong: [-1, 101, 1.5, '6'], becomes: undefined },
      advancedOptions: { wrong: ['all', {}, ['x'], Array.from({ length: 51 }, () => ({}))], becomes: [] },
      isReconnecting: flag,
      reconnectAttempt: { wrong: [-1, 1.5, '2'], becomes: undefined },
      oldClientIdForReconnect: { wrong: NOT_ID, becomes: undefined },
      resume: { wrong: NOT_BOOLEAN, becomes: false },
      received: { wrong: NOT_OBJECTS, becomes: undefined },
      'received.socket': { wrong: [-1, NaN, '5'], becomes: 0 },
      'received.data': { wrong: [-1, NaN, '5'], becomes: 0 },
      previousToken: {
        wrong: [...NOT_OBJECTS, {}, { tokenId: 'x' }, { tokenId: '', signature: 'y' }],
        becomes: undefined,
      },
    },
    alsoPasses: isObject,
  },
  addDataChannel: {
    message: { streamId: 999 },
    strict: { '': NOT_OBJECTS, streamId: NOT_STREAM_ID },
  },
  publish: {
    message: {
      state: 'media_engine',
      audio: true,
      video: { width: 640 },
      data: true,
      screen: true,
      canvas: false,
      canvasType: 'Annotation',
      attributes: { name: 'Ada' },
      muteStream: { audio: true, video: false },
      minVideoBW: 100,
      maxVideoBW: 900,
      shareMetadata: { layout: 'grid' },
      scheme: 'notify-break-recover',
    },
    reads: {
      state: 'media_engine',
      audio: true,
      video: { width: 640 },
      data: true,
      screen: true,
      canvas: false,
      canvasType: 'Annotation',
      attributes: { name: 'Ada' },
      muteStream: { audio: true, video: false },
      minVideoBW: 100,
      maxVideoBW: 900,
      shareMetadata: { layout: 'grid' },
    },
    strict: { '': NOT_OBJECTS },
    forgiving: {
      state: { wrong: [...NOT_TEXT, LONG], becomes: 'media_engine' },
      audio: { wrong: [1, 'true', [], 0n], becomes: false },
      video: { wrong: [1, 'true', [], 0n], becomes: false },
      data: { wrong: NOT_BOOLEAN, becomes: false },
      screen: flag,
      canvas: flag,
      canvasType: optionalText,
      attributes: { wrong: ['x', 5, []], becomes: undefined },
      muteStream: { wrong: ['x', 5, [], null], becomes: { audio: false, video: false } },
      'muteStream.audio': { wrong: NOT_BOOLEAN, becomes: false },
      'muteStream.video': { wrong: NOT_BOOLEAN, becomes: false },
      minVideoBW: { wrong: [-1, NaN, Infinity, '100'], becomes: undefined },
      maxVideoBW: { wrong: [-1, NaN, Infinity, '100'], becomes: undefined },
      shareMetadata: { wrong: ['x', 5, []], becomes: undefined },
    },
    alsoPasses: isObject,
  },
  unpublish: streamId,
  subscribe: {
    message: { streamId: 1, audio: true, video: { width: 320, height: 180 }, data: false },
    reads: { streamId: 1, audio: true, video: { width: 320, height: 180 } },
    strict: { '': NOT_OBJECTS, streamId: NOT_STREAM_ID },
  },
  unsubscribe: streamId,
  signaling_message: {
    message: {
      streamId: 1,
      msg: {
        type: 'candidate',
        candidate: {
          sdpMLineIndex: 0,
          sdpMid: '0',
          candidate: 'a=candidate:1 1 udp 1 192.0.2.1 5000 typ host',
        },
      },
    },
    strict: {
      '': NOT_OBJECTS,
      streamId: NOT_STREAM_ID,
      msg: NOT_OBJECTS,
      'msg.type': ['answer', '', 5, null, {}],
      'msg.candidate': ['candidate:1', 5, [], null],
      'msg.candidate.candidate': [5, {}, null, LONG],
    },
    forgiving: {
      'msg.candidate.sdpMid': optionalText,
      'msg.candidate.sdpMLineIndex': { wrong: ['0', 1.5, NaN], becomes: undefined },
    },
  },
  getMaxNumberOfTalker: free,
  getNumberOfTalker: free,
  setNumberOfTalker: {
    message: { numTalkers: 4, numAudioTalkers: 4, numVideoTalkers: 0 },
    strict: { '': NOT_OBJECTS, numTalkers: [-1, 101, 1.5, NaN, '4', null, {}] },
    forgiving: {
      numAudioTalkers: { wrong: [-1, 101, 1.5, '4'], becomes: undefined },
      numVideoTalkers: { wrong: [-1, 101, 1.5, '4'], becomes: undefined },
    },
  },
  setAdvancedOptions: {
    message: [
      { id: 'battery_updates', enable: true },
      { id: 'reset-streams', sIds: [1] },
    ],
    strict: { '': ['text', 5, {}, null, Array.from({ length: 51 }, () => ({}))], '[1]': ['x', 5, [], null] },
    alsoPasses: (value) => Array.isArray(value) && value.length === 0,
  },
  getAdvancedOptions: free,
  'user-audio-muted': free,
  'user-audio-unmuted': free,
  'user-video-muted': free,
  'user-video-unmuted': free,
  sendDataStreamToRoom: {
    message: { msg: 'Hello', broadcast: false, clients: ['client-2'], type: 'user_data', id: 'm-1' },
    strict: { '': NOT_OBJECTS },
    forgiving: {
      // Named recipients: unclear words must not send a private message to everybody.
      broadcast: { wrong: NOT_BOOLEAN, becomes: false },
      clients: { wrong: ['client-2', {}, [5], ['']], becomes: [] },
      type: { wrong: [...NOT_TEXT, '', LONG], becomes: 'chat' },
      id: { wrong: ['', LONG, 5, {}], becomes: undefined },
    },
    alsoPasses: isObject,
  },
  drop: {
    message: { self: true, all: false, clients: ['client-1'], clientIds: ['client-2'], deleteRoom: true },
    // An empty list means everybody else (protocol §9.3), so one that cannot be read must never become one.
    strict: { '': NOT_OBJECTS },
    refused: {
      clients: ['client-1', {}, [5], ['']],
      clientIds: ['client-1', {}, [5], ['']],
    },
    forgiving: { self: flag, all: flag, deleteRoom: flag },
    alsoPasses: isObject,
  },
  lockRoom: onOff,
  enableKnock: onOff,
  'user-allowed': clientId,
  'user-denied': clientId,
  getAwaitedUser: free,
  'hardmute-user-audio': target,
  'hardunmute-user-audio': target,
  'hardmute-user-video': target,
  'hardunmute-user-video': target,
  'room-muted': free,
  'room-unmuted': free,
  switchUserRole: {
    message: [{ clientId: 'client-2', role: 'moderator' }],
    strict: {
      '': ['', LONG, 5, null, {}, true],
      '[0]': [5, 'client-2', null, []],
      '[0].clientId': NOT_ID,
      '[0].role': ['owner', '', 5, null, {}],
    },
    // The other spelling is a bare client id.
    alsoPasses: (value) => isShortText(value) || (Array.isArray(value) && value.length === 0),
  },
  switchRoomMode: {
    message: 'lecture',
    strict: { '': ['party', '', 5, null, undefined, {}, ['group']] },
  },
  processFloorRequest: {
    message: 'client-2',
    strict: { '': ['', LONG, 5, {}, [], true] },
    alsoPasses: (value) => value === undefined || value === null || isShortText(value),
  },
  inviteToFloor: target,
  extendConferenceDuration: free,
  openFloor: onOff,
  changeUserRoleOption: {
    message: { role: 'moderator', clientId: 'client-2' },
    strict: { '': NOT_OBJECTS },
    refused: { role: ['owner', '', 5, {}], clientId: ['', LONG, 5, {}] },
    alsoPasses: isObject,
  },
  muteUser: clientId,
  unMuteUser: clientId,
  muteRoom: pause,
  unMuteRoom: pause,
  setCustomData: customData,
  saveCustomData: customData,
  getCustomData: customData,
  auxilaryPublishRequests: {
    message: { req: 'start', pubType: 'screen', override: true, clientId: 'client-2', mode: 'free' },
    strict: {
      '': NOT_OBJECTS,
      req: ['', LONG, 5, null, {}],
      pubType: ['hologram', '', 5, null, ['screen']],
    },
    forgiving: {
      override: { wrong: NOT_BOOLEAN, becomes: false },
      clientId: { wrong: ['', LONG, 5, {}], becomes: undefined },
      mode: optionalText,
    },
  },
  stopAllSharing: free,
};

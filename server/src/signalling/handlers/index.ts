import type { ClientMessages } from '../../../../src/protocol/index.js';
import { codeOf } from '../../../../src/protocol/index.js';
import type { Ack, Handler } from '../handler.js';
import * as customData from './custom-data.js';
import * as media from './media.js';
import * as people from './people.js';
import * as sharing from './sharing.js';
import * as talkers from './talkers.js';

/** Message → handler; `token` is apart because it comes before there is a participant. */
export const handlers: { [K in Exclude<keyof ClientMessages, 'token'>]: Handler<K> } = {
  addDataChannel: media.addDataChannel,
  publish: media.publish,
  unpublish: media.unpublish,
  subscribe: media.subscribe,
  unsubscribe: media.unsubscribe,
  signaling_message: media.signalingMessage,
  getMaxNumberOfTalker: talkers.getMaxNumberOfTalker,
  getNumberOfTalker: talkers.getNumberOfTalker,
  setNumberOfTalker: talkers.setNumberOfTalker,
  setAdvancedOptions: talkers.setAdvancedOptions,
  getAdvancedOptions: talkers.getAdvancedOptions,
  'user-audio-muted': people.userAudioMuted,
  'user-audio-unmuted': people.userAudioUnmuted,
  'user-video-muted': people.userVideoMuted,
  'user-video-unmuted': people.userVideoUnmuted,
  sendDataStreamToRoom: people.sendDataStreamToRoom,
  drop: people.drop,
  lockRoom: people.lockRoom,
  enableKnock: people.enableKnock,
  'user-allowed': people.userAllowed,
  'user-denied': people.userDenied,
  getAwaitedUser: people.getAwaitedUser,
  'hardmute-user-audio': people.hardMuteAudio,
  'hardunmute-user-audio': people.hardUnmuteAudio,
  'hardmute-user-video': people.hardMuteVideo,
  'hardunmute-user-video': people.hardUnmuteVideo,
  'room-muted': people.roomMuted,
  'room-unmuted': people.roomUnmuted,
  switchUserRole: people.switchUserRole,
  switchRoomMode: people.switchRoomMode,
  processFloorRequest: people.processFloorRequest,
  inviteToFloor: people.inviteToFloor,
  extendConferenceDuration: people.extendConferenceDuration,
  auxilaryPublishRequests: sharing.auxilaryPublishRequests,
  stopAllSharing: sharing.stopAllSharing,
  openFloor: people.openFloor,
  changeUserRoleOption: people.changeUserRoleOption,
  muteUser: people.muteOne,
  unMuteUser: people.unmuteOne,
  muteRoom: people.muteRoom,
  unMuteRoom: people.unMuteRoom,
  setCustomData: customData.setCustomData,
  saveCustomData: customData.saveCustomData,
  getCustomData: customData.getCustomData,
};

const notEnabled = { result: codeOf('not-enabled'), msg: 'not enabled for this room', error: 'not-enabled' };
/** Streaming and live recording are read through `status.resultCode` (protocol §2.3). */
const notEnabledStatus: Ack = [
  { ...notEnabled, status: { resultCode: notEnabled.result, error: { errorDesc: notEnabled.msg } } },
];

/** Published services that this server does not offer: refused by name, so that no client believes they run. */
export const notOffered: Record<string, Ack> = {
  ...Object.fromEntries(
    [
      'startRecord',
      'stopRecord',
      'startLiveTranscription',
      'stopLiveTranscription',
      'startLiveMeetingAnalytics',
      'stopLiveMeetingAnalytics',
      'getLiveMeetingAnalytics',
      'subscribeForLiveSummary',
      'makeOutboundCall',
      'cancelOutboundCall',
      'sendDTMF',
      'create-breakout-room',
      'create-invite-breakout-room',
      'join-breakout-room',
      'invite-breakout-room',
    ].map((name) => [name, [notEnabled]]),
  ),
  ...Object.fromEntries(
    [
      'startStreaming',
      'stopStreaming',
      'setStreamingParams',
      'startLiveRecording',
      'stopLiveRecording',
      'setLiveRecordingParams',
    ].map((name) => [name, notEnabledStatus]),
  ),
};

/** Answers that are the same for everybody. */
export const fixedAnswers: Record<string, Ack> = {
  ...notOffered,
  // Clients measure for themselves, and wait for this word before they begin (protocol §6, §12).
  subscribeStreamStatsForClient: [{ result: 0, msg: 'success', status: 'Success' }],
};

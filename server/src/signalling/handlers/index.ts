import type { ClientMessages } from '../../../../src/protocol/index.js';
import { codeOf } from '../../../../src/protocol/index.js';
import type { Ack, Handler } from '../handler.js';
import * as media from './media.js';
import * as people from './people.js';
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
      'auxilaryPublishRequests',
      'startRecord',
      'stopRecord',
      'startLiveTranscription',
      'stopLiveTranscription',
      'startLiveMeetingAnalytics',
      'stopLiveMeetingAnalytics',
      'getLiveMeetingAnalytics',
      'subscribeForLiveSummary',
      'saveCustomData',
      'setCustomData',
      'getCustomData',
      'makeOutboundCall',
      'cancelOutboundCall',
      'sendDTMF',
      'create-breakout-room',
      'create-invite-breakout-room',
      'join-breakout-room',
      'invite-breakout-room',
      'lockRoom',
      'enableKnock',
      'user-allowed',
      'user-denied',
      'room-muted',
      'room-unmuted',
      'hardmute-user-audio',
      'hardunmute-user-audio',
      'hardmute-user-video',
      'hardunmute-user-video',
      'muteRoom',
      'unMuteRoom',
      'processFloorRequest',
      'inviteToFloor',
      'switchUserRole',
      'changeUserRoleOption',
      'switchRoomMode',
      'extendConferenceDuration',
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

/**
 * What the rows of docs/api.md come to where that is not simply `works`, and which published names of the SDKs are not
 * here. test/contract/api-table.test.ts holds all of it to the code of both packages.
 */

/** A server may send it and it is handed on then; ours never does. */
export const fromOtherServers = new Set([
  // Recording, streaming, transcription, dial-out, breakout rooms, files: services our server does not have.
  ...['room-record-on', 'room-record-off', 'live-recording-notification'],
  ...['on', 'off', 'failed', 'updated'].map((what) => `room-live-recording-${what}`),
  ...['started', 'stopped', 'failed', 'updated'].map((what) => `streaming-${what}`),
  ...['started', 'waiting', 'failed', 'stopped'].map((what) => `hls-${what}`),
  ...['room-transcription-on', 'room-transcription-off', 'transcription-events'],
  ...['self-transcription-on', 'self-transcription-off'],
  ...['meeting-summary-events', 'meeting-summary-subscription'],
  ...['dial-state-events', 'dtmf-collected'],
  ...['join-breakout-room', 'breakout-room-joining', 'breakout-room-destroyed'],
  ...['user-joined-breakout-room', 'user-disconnected-breakout-room'],
  ...['file-upload-started', 'file-available', 'file-upload-cancelled'],
  // Streams beside the slots, which our server has none of.
  ...['stream-added', 'stream-data', 'stream-attributes-updated', 'track-removed', 'user-subscribed'],
  // Notices our server has no occasion for.
  ...['hard-mute', 'layout-updated', 'media-stats', 'privacy-mode-updated'],
  ...['share-state-events', 'canvas-state-events'],
  ...['user-updated', 'user-audio-enabled', 'user-audio-disabled'],
  ...['user-video-enabled', 'user-video-disabled'],
  // Numbers we have a name for and never raise ourselves.
  ...['stream-type-invalid', 'attempts-exceeded', 'moderators-only'],
]);

/** Published name → what does the same here; methods of `<enx-room>`, or its `room.state`. */
export const elsewhere = {
  ...{ joinRoom: 'join()', connect: 'join()', exitRoom: 'disconnect()', sendData: 'sendUserData()' },
  ...{ muteSelfAudio: 'muteAudio()', muteSelfVideo: 'muteVideo()', switchCamera: 'setCamera()' },
  ...{ changeToAudioOnly: 'setAudioOnlyMode()', enableStats: 'getStatistics()' },
  ...{ subscribeMediaStats: 'getStatistics()', enablePlayerStats: 'getStatistics()' },
  ...{ approveAwaitedUser: 'moderation.admit()', denyAwaitedUser: 'moderation.deny()' },
  ...{ lockRoom: 'moderation.setLocked()', unLockRoom: 'moderation.setLocked()' },
  ...{ dropUser: 'moderation.drop()', destroy: 'moderation.dismiss()' },
  ...{ switchUserRole: 'moderation.handOver()', switchRoomMode: 'moderation.setMode()' },
  ...{ hardMute: 'moderation.setRoomMuted()', hardUnMute: 'moderation.setRoomMuted()' },
  ...{ hardMuteUserAudio: 'moderation.setUserMuted()', hardUnmuteUserAudio: 'moderation.setUserMuted()' },
  ...{ hardMuteUserVideo: 'moderation.setUserMuted()', hardUnmuteUserVideo: 'moderation.setUserMuted()' },
  ...{ muteRoom: 'moderation.setRoomPaused()', unmuteRoom: 'moderation.setRoomPaused()' },
  ...{ extendConferenceDuration: 'moderation.extendDuration()' },
  ...{ stopAllSharing: 'moderation.stopAllSharing()' },
  ...{ addSpotlightUsers: 'moderation.spotlight()', removeSpotlightUsers: 'moderation.unspotlight()' },
  ...{ requestFloor: 'floor.request()', cancelFloor: 'floor.cancel()', finishFloor: 'floor.finish()' },
  ...{ grantFloor: 'floor.grant()', denyFloor: 'floor.deny()', releaseFloor: 'floor.release()' },
  ...{ inviteToFloor: 'floor.invite()', cancelFloorInvite: 'floor.cancelInvite()' },
  ...{ acceptInviteFloorRequest: 'floor.accept()', rejectInviteFloor: 'floor.reject()' },
  ...{
    requestSharePermission: 'sharePermissions.request()',
    grantSharePermission: 'sharePermissions.grant()',
  },
  ...{ cancelSharePermission: 'sharePermissions.cancel()', denySharePermission: 'sharePermissions.deny()' },
  releaseSharePermission: 'sharePermissions.release()',
  setSharePermissionMode: 'sharePermissions.setMode()',
  ...{ setAdvancedOptions: 'advanceOptions', getRole: 'room.state.role', getMode: 'room.state.mode' },
  ...{ getClientId: 'room.state.clientId', getClientName: 'room.state.name', whoAmI: 'room.state.clientId' },
  ...{ getRoomId: 'room.state.roomId', getUserList: 'room.state.participants' },
  ...{ isRoomActiveTalker: 'room.state.talkers', getRoomMetadata: 'room.state.roomName' },
};

/** Published event → the one of ours that tells the same. */
export const toldAs = {
  ...{ 'room-allowed': 'room-connected', 'screen-share-exit-ack': 'screen-share-stop-ack' },
  ...{ 'reconnect-timeout': 'room-disconnected', 'reconnect-failed': 'room-disconnected' },
  ...{ 'media-access-failed': 'media-access-denied', 'stream-failed': 'event-error' },
  ...{ 'stream-ended': 'share-stopped', 'media-state': 'room-connected' },
  ...{ 'stream-subscribed': 'active-talkers-updated', 'stream-unsubscribed': 'active-talkers-updated' },
};

/** What our server refuses by name, and no method of ours asks for: published method → its request on the wire. */
export const refused = {
  code: 1170,
  methods: {
    ...{ startRecord: 'startRecord', stopRecord: 'stopRecord' },
    ...{ startLiveRecording: 'startLiveRecording', stopLiveRecording: 'stopLiveRecording' },
    ...{ startStreaming: 'startStreaming', stopStreaming: 'stopStreaming' },
    startLiveTranscriptionForRoom: 'startLiveTranscription',
    ...{
      stopLiveTranscription: 'stopLiveTranscription',
      subscribeForLiveTranscription: 'startLiveTranscription',
    },
    ...{
      makeOutboundCall: 'makeOutboundCall',
      cancelOutboundCall: 'cancelOutboundCall',
      sendDTMF: 'sendDTMF',
    },
    createBreakOutRoom: 'create-breakout-room',
    createAndInviteBreakoutRoom: 'create-invite-breakout-room',
    ...{ inviteToBreakOutRoom: 'invite-breakout-room', joinBreakOutRoom: 'join-breakout-room' },
  },
  /** Their answers, so that these never come. */
  events: [
    ...['start-recording-ack', 'stop-recording-ack', 'start-live-recording-ack', 'stop-live-recording-ack'],
    ...['start-streaming-ack', 'stop-streaming-ack', 'start-live-transcription-ack'],
    ...['stop-live-transcription-ack', 'subscribe-live-transcription-ack', 'outbound-call-initiated'],
    ...['outbound-call-cancel-ack', 'outbound-call-dtmf-ack', 'create-breakout-room-ack'],
    ...['create-invite-breakout-room-ack', 'invite-breakout-room-ack', 'reject-breakout-room-ack'],
    ...['breakout-room-created', 'breakout-room-invited', 'breakout-room-invite-rejected'],
    ...['breakout-room-connected', 'breakout-room-disconnected', 'breakout-room-error'],
    ...['pause-ack', 'resume-ack'],
  ],
};

/** Published names without a counterpart: why → methods and events. */
export const missing = {
  'There is no service that files could go through; notices of files are handed on.': [
    ...['sendFiles', 'downloadFile', 'getAvailableFiles', 'cancelUpload', 'cancelAllUploads'],
    ...['cancelDownload', 'cancelAllDownloads', 'file-upload-init', 'file-uploaded', 'file-upload-failed'],
    ...['file-download-init', 'file-downloaded', 'file-download-failed', 'file-download-cancelled'],
  ],
  'Canvases and annotations of others are told; this element draws none.': [
    ...['startCanvas', 'stopCanvas', 'startAnnotation', 'stopAnnotation', 'canvas-start-ack'],
    ...['canvas-stop-ack', 'annotation-started-ack', 'annotation-stopped-ack'],
  ],
  'What others store is told as `custom-data-saved` and `custom-data-updated`; no method stores.': [
    ...['saveCustomData', 'setCustomData', 'getCustomData', 'custom-data', 'custom-data-ack'],
  ],
  'The protocol has no message for it, or only one for rooms inside rooms.': [
    ...['rejectBreakOutRoom', 'pause', 'resume'],
    ...['message-deleted', 'delete-message-ack', 'message-updated', 'update-message-ack', 'user-typing'],
    ...['user-media-device-list-change', 'event-info'],
  ],
  'Everything in the slots is received by itself; whom one hears or sees is a control of each player.': [
    ...['initStream', 'subscribe', 'unsubscribe', 'muteSubscribeStreamsAudio', 'speaker-muted'],
    ...['speaker-unmuted'],
  ],
  'The promise of `muteAudio()`, `muteVideo()` and `getStatistics()` tells it.': [
    ...['audio-event', 'video-event', 'stats-ack', 'player-stats'],
  ],
  'It is about phones, or about the SDK itself.': [
    ...['setZoomFactor', 'setConfigureOption', 'stopVideoTracksOnApplicationBackground'],
    ...['startVideoTracksOnApplicationForeground', 'enableProximitySensor', 'highlightBorderForClient'],
    ...['changeBgColorForClients', 'enableLogs', 'postClientLogs', 'clientDiagnostics', 'log-uploaded'],
    ...['client-diagnosis-status', 'client-diagnosis-finished', 'client-diagnosis-failed'],
    ...['client-diagnosis-stopped'],
  ],
};

/** Later keys of the SDKs: unknown here, so an `event-error` (1155) names them. */
export const unknownOptions = [
  ...['localInfo.videoSize', 'localInfo.screen', 'localInfo.canvas', 'localInfo.options'],
  ...['localInfo.minVideoBW', 'localInfo.maxVideoBW', 'localInfo.maxAudioBW', 'localInfo.videoFrameRate'],
  ...['localInfo.minWidth', 'localInfo.minHeight', 'localInfo.maxWidth', 'localInfo.maxHeight'],
  'roomInfo.maxActiveTalkers',
];

/**
 * Messages of the server that are for the page alone (protocol §7): nothing in the room's state depends on them. One
 * table: wire message → names and details of the events it becomes. A server names some events itself; only published
 * names are let through, so that no server can fire whatever it likes at a page.
 */
export interface Notice {
  /** Name of the DOM event. */
  name: string;
  detail: object;
}

type Fields = Record<string, unknown>;
type Row = (payload: Fields, raw: unknown) => Notice[];

/** `{message: payload}`, as most events of the published SDK carry it. */
const as =
  (name: string): Row =>
  (_, raw) => [{ name, detail: { message: raw } }];

/** These fields of the message, as they came. */
const pick =
  (name: string, ...keys: string[]): Row =>
  (payload) => [{ name, detail: Object.fromEntries(keys.map((key) => [key, payload[key]])) }];

/** The message names the event itself. */
const byName =
  (names: readonly string[], key: string, content: string): Row =>
  (payload) => {
    const name = payload[key];
    return typeof name === 'string' && names.includes(name)
      ? [{ name, detail: { message: payload[content] } }]
      : [];
  };

const sharePermissionEvents = ['mode-changed', 'requested', 'granted', 'denied', 'released', 'cancelled'].map(
  (what) => `share-permission-${what}`,
);

const streamingEvents = [
  ...['started', 'stopped', 'failed', 'updated'].map((what) => `streaming-${what}`),
  ...['started', 'waiting', 'failed', 'stopped'].map((what) => `hls-${what}`),
];

const liveRecordingEvents = [
  ...['on', 'off', 'failed', 'updated'].map((what) => `room-live-recording-${what}`),
  'live-recording-notification',
];

const canvas =
  (what: 'started' | 'stopped'): Row =>
  (payload) => {
    const { clientId, name, streamId, canvasType } = payload;
    const detail = { clientId, name, streamId, canvasType };
    return [
      { name: `canvas-${what}`, detail },
      ...(canvasType === 'Annotation' ? [{ name: `annotation-${what}`, detail }] : []),
    ];
  };

const enabledName = (kind: string, enabled: boolean): string =>
  `user-${kind}-${enabled ? 'enabled' : 'disabled'}`;

const fileEvents: Record<string, string> = {
  'fs-upload-started': 'file-upload-started',
  'fs-file-available': 'file-available',
  'fs-upload-cancelled': 'file-upload-cancelled',
};

export const noticeTable: Record<string, Row> = {
  'user-updated': (payload) => {
    const { clientId, key, info } = payload;
    const publish = fields(fields(info).publish);
    return [
      { name: 'user-updated', detail: { clientId, key, info } },
      ...(key === 'media-modes'
        ? ['audio', 'video']
            .filter((kind) => typeof publish[kind] === 'boolean')
            .map((kind) => ({ name: enabledName(kind, publish[kind] === true), detail: { clientId } }))
        : []),
    ];
  },
  'user-subscribed': pick('user-subscribed', 'name', 'role', 'user_ref'),
  hardMute: (_, raw) => [{ name: 'hard-mute', detail: { users: raw } }],
  canvasStarted: canvas('started'),
  canvasStopped: canvas('stopped'),
  auxilaryPublishEvents: byName(sharePermissionEvents, 'evnt', 'params'),
  'update-layout': as('layout-updated'),
  onDataStream: pick('stream-data', 'id', 'msg'),
  onAddStream: (_, raw) => [{ name: 'stream-added', detail: { stream: raw } }],
  onUpdateAttributeStream: pick('stream-attributes-updated', 'id', 'attrs'),
  onStatSubscription: (payload) => [
    { name: 'media-stats', detail: { stats: fields(payload.statData).stats ?? [] } },
  ],
  'room-live-recording-on': as('room-live-recording-on'),
  'room-live-recording-off': as('room-live-recording-off'),
  'room-live-recording-failed': as('room-live-recording-failed'),
  onStreamingNotification: byName(streamingEvents, 'type', 'data'),
  onHlsStreamingNotification: byName(streamingEvents, 'type', 'data'),
  onHlsStreamingNotificationToPublisher: byName(streamingEvents, 'type', 'data'),
  onLiveRecordingNotification: byName(liveRecordingEvents, 'type', 'data'),
  'room-transcription-on': pick('room-transcription-on', 'language'),
  'room-transcription-off': pick('room-transcription-off', 'language'),
  'self-transcription-on': pick('self-transcription-on', 'language'),
  'self-transcription-off': pick('self-transcription-off', 'language'),
  'transcription-events': (_, raw) => [{ name: 'transcription-events', detail: { message: { data: raw } } }],
  'meeting-summary-events': (_, raw) => [
    { name: 'meeting-summary-events', detail: { message: { data: raw } } },
  ],
  'meeting-summary-subscription': (_, raw) => [
    { name: 'meeting-summary-subscription', detail: { message: { data: raw } } },
  ],
  dialStateEvents: ({ number, status, description }) => [
    { name: 'dial-state-events', detail: { number, state: status, description } },
    ...(status === 'dtmf-collected' ? [{ name: 'dtmf-collected', detail: { number, description } }] : []),
  ],
  CustomDataSaved: as('custom-data-saved'),
  CustomDataUpdated: as('custom-data-updated'),
  'invite-breakout-room': (payload, raw) => [
    {
      name: payload.force_join === true ? 'breakout-room-joining' : 'join-breakout-room',
      detail: { message: raw },
    },
  ],
  'user-joined-breakout-room': as('user-joined-breakout-room'),
  'breakout-user-disconnected': as('user-disconnected-breakout-room'),
  'breakout-room-destroyed': as('breakout-room-destroyed'),
  onRemoveTrack: (payload) => [
    { name: 'track-removed', detail: { streamId: fields(payload.id).streamId ?? payload.id } },
  ],
  // A codec we are not asked to change to; the server says so once and goes on with what there is (protocol §4.6).
  'switch-publish-media-codec': () => [],
  // Old servers report a failed ICE this way; our own connections notice by themselves.
  connection_failed: () => [],
};

/** The events of a message; `undefined` for one that nobody knows. */
export function noticesOf(name: string, payload: unknown): Notice[] | undefined {
  return Object.hasOwn(noticeTable, name) ? noticeTable[name]!(fields(payload), payload) : undefined;
}

/** File notices travel inside data messages (protocol §10). */
export function fileNotice(message: unknown): Notice | undefined {
  const { type } = fields(message);
  return typeof type === 'string' && Object.hasOwn(fileEvents, type)
    ? { name: fileEvents[type]!, detail: { message } }
    : undefined;
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

/** Fixed values of the wire (protocol §2.2, §4.4, §5.1). */

/** Socket.IO path of the signalling endpoint. */
export const SIGNALLING_PATH = '/v3/socket.io/';
/** Version of the published web SDK whose wire behaviour we speak; sent in the `token` message. */
export const PROTOCOL_VERSION = '3.1.5';
/** Slot that carries the shared screen. */
export const SHARE_SLOT = 101;
/** Slot that carries the canvas. */
export const CANVAS_SLOT = 102;
/** Most talker slots a room may have (room setting `max_active_talkers`). */
export const MAX_TALKER_SLOTS = 16;
/** Talker slots of a room that does not say. */
export const DEFAULT_TALKER_SLOTS = 6;
/** Stream id under which our server announces the data connection; not a slot and never a publication. */
export const DATA_STREAM = 999;
/** Capability, and id of the advanced option, of not sending pictures that nobody looks at: `{id, sIds: [slot, …]}`. */
export const PAUSE_VIDEO = 'pause-video';
/** The data channel is negotiated by both sides; no DCEP (protocol §4.4). */
export const DATA_CHANNEL = { label: 'data', id: 0 } as const;
/** Longest chat text in bytes of UTF-8 (protocol §10: 2048 kB). */
export const MAX_CHAT_BYTES = 2048 * 1024;
/** Largest custom data in bytes (protocol §10). */
export const MAX_USER_DATA_BYTES = 100 * 1000;
/** Largest token string that is looked at, in characters. */
export const MAX_TOKEN_LENGTH = 16_384;

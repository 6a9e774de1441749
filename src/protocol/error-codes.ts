/**
 * The published error numbers, each with the one stable name we give it.
 *
 * Some numbers have two meanings (5086), so the name is what programs should branch on.
 * Ranges: 11xx client, 20xx causes of an ending, 41xx signalling server, 50xx native SDKs.
 */
export const errorCodes = {
  // Client: media and devices (protocol §13)
  'device-id-invalid': 1142,
  'device-not-found': 1143,
  'device-permission-denied': 1144,
  'device-in-use': 1145,
  'no-media-requested': 1146,
  'constraint-unmet': 1149,
  unknown: 1150,
  'browser-unsupported': 1153,
  'insecure-page': 1153,
  'parameter-invalid': 1155,
  'share-running': 1151,
  'moderator-missing': 1130,
  'stream-type-invalid': 1156,
  'stream-not-found': 1159,
  'media-connection-failed': 1160,
  'server-unreachable': 1161,
  'attempts-exceeded': 1165,
  'moderators-only': 1168,
  'not-enabled': 1170,
  'floor-not-granted': 1173,
  'already-in-state': 1177,
  'text-too-large': 1195,
  'hard-muted': 1201,

  // Causes of an ending (protocol §9.2); 2006 and 2002 are published, the others are this server's own
  'unexpected-disconnection': 2002,
  'normal-disconnect': 2006,
  'disconnected-by-moderator': 2011,
  'room-dismissed': 2012,
  'room-expired': 2013,
  'room-empty': 2014,
  'entry-denied': 2015,
  'replaced-by-newer-session': 2016,
  'server-shutdown': 2017,

  // Floor control
  'request-pending': 1702,
  'request-not-found': 1707,

  // Signalling server
  'not-authorised': 4101,
  'share-refused': 4108,
  'connect-refused': 4119,
  'lock-state-unchanged': 4121,
  'room-locked': 4122,
  'token-malformed': 4151,
  'token-oversized': 4152,
  'token-unknown': 4153,
  'token-tampered': 4154,
  'token-expired': 4155,
  'token-used': 4156,
  'room-gone': 4157,
  'room-full': 4158,
  'message-malformed': 4160,
  'not-joined': 4161,
  'rate-exceeded': 4162,
  'media-unavailable': 4163,
  'internal-error': 4164,

  // Native SDK numbers that the element's methods use (api-facts §4)
  'disconnect-running': 5031,
  'disconnect-done': 5032,
  'network-changed': 5073,
  'reconnect-timeout': 5074,
  'connect-failed': 5086,
  'not-connected': 5086,
  'reconnect-failed': 5087,
} as const;

/** Stable kebab-case word of an error. */
export type ErrorName = keyof typeof errorCodes;

/** Published number for a name. */
export const codeOf = (name: ErrorName): number => errorCodes[name];

/** First name that carries this number; `unknown` where the number is not ours. */
export function nameOf(code: number): ErrorName {
  for (const name of Object.keys(errorCodes) as ErrorName[]) if (errorCodes[name] === code) return name;
  return 'unknown';
}

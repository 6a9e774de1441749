/**
 * The browser-facing half of offer/answer (RFC 8829, RFC 9429): reads what an answer needs from an offer and writes
 * the answer. Codecs are opus and VP8; everything else is turned down line by line.
 */

/** Where and how to reach one end of an ICE + DTLS transport. */
export interface TransportDescription {
  iceUfrag: string;
  icePwd: string;
  /** `sha-256 AB:CD:…` */
  fingerprint: string;
  setup: 'actpass' | 'active' | 'passive';
}

export interface OfferedSection {
  kind: 'audio' | 'video' | 'application' | 'other';
  mid: string;
  protocol: string;
  /** Payload type of the codec we take (opus, VP8); `undefined` if it is not offered. */
  payloadType: number | undefined;
  /** All offered formats, for turning the line down. */
  formats: string;
  /** Offered `a=rtcp-fb` values of our payload type, such as `nack pli`. */
  feedback: Set<string>;
  /** Header extension URI → id. */
  extensions: Map<string, number>;
  direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
  /** Names (rids) of the layers it wants to send (`a=simulcast:send`, RFC 8853), in its order; empty without. */
  layers: string[];
  /** The same of senders that list SSRCs instead (`a=ssrc-group:SIM`). */
  layerSsrcs: number[];
  rejected: boolean;
}

export interface Offer {
  transport: TransportDescription;
  sections: OfferedSection[];
  extmapAllowMixed: boolean;
}

export const extensionUris = {
  absSendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  audioLevel: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  transportCc: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  mid: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  rid: 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  repairedRid: 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
} as const;

/** More layers than this are left out of the answer, the first ones kept. */
const MAX_LAYERS = 3;

/** The offer cannot be answered. The message says why and is safe to show. */
export class OfferError extends Error {
  override readonly name = 'OfferError';
}

/** @throws {OfferError} for an offer without a usable transport. */
export function parseOffer(sdp: string): Offer {
  const lines = sdp.split(/\r\n|\n/);
  const session: string[] = [];
  const media: string[][] = [];
  for (const line of lines) {
    if (line.startsWith('m=')) media.push([line]);
    else (media.at(-1) ?? session).push(line);
  }
  if (media.length === 0) throw new OfferError('the offer has no media section');
  if (media.length > 64) throw new OfferError('the offer has more than 64 media sections');
  const first = media.find((section) => !isRejected(section)) ?? media[0]!;
  const transportValue = (name: string): string => {
    const found = attribute(first, name) ?? attribute(session, name);
    if (!found || found.length > 512) throw new OfferError(`the offer has no usable a=${name}`);
    return found;
  };
  const setup = attribute(first, 'setup') ?? attribute(session, 'setup') ?? 'actpass';
  return {
    transport: {
      iceUfrag: iceToken(transportValue('ice-ufrag')),
      icePwd: iceToken(transportValue('ice-pwd')),
      fingerprint: fingerprintValue(transportValue('fingerprint')),
      setup: setup === 'active' || setup === 'passive' ? setup : 'actpass',
    },
    sections: inOneBundle(media.map(parseSection)),
    extmapAllowMixed: session.includes('a=extmap-allow-mixed'),
  };
}

/** Without a name a section cannot be in the bundle, so only the first one can be had (RFC 9143 §7.2). */
function inOneBundle(sections: OfferedSection[]): OfferedSection[] {
  const first = sections.find(({ rejected }) => !rejected);
  return sections.map((section) =>
    section.mid === '' && section !== first ? { ...section, rejected: true } : section,
  );
}

/** RFC 8839 §5.4: ice-char only, so that nothing can be smuggled into SDP that we write. */
function iceToken(value: string): string {
  if (!/^[A-Za-z0-9+/=_-]{4,256}$/.test(value))
    throw new OfferError('the ICE credentials hold invalid characters');
  return value;
}

function fingerprintValue(value: string): string {
  const [algorithm, digest] = value.split(' ');
  if (algorithm?.toLowerCase() !== 'sha-256' || !/^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$/.test(digest ?? '')) {
    throw new OfferError('the DTLS fingerprint is not a SHA-256 fingerprint');
  }
  return `sha-256 ${digest!.toUpperCase()}`;
}

/** Port 0 turns a section down, unless it says that it only lives inside the bundle (RFC 9143 §6; Firefox). */
const isRejected = (section: string[]): boolean =>
  (section[0]!.trim().split(/\s+/)[1] ?? '0') === '0' && !section.includes('a=bundle-only');

function attribute(lines: string[], name: string): string | undefined {
  const prefix = `a=${name}:`;
  return lines
    .find((line) => line.startsWith(prefix))
    ?.slice(prefix.length)
    .trim();
}

function parseSection(lines: string[]): OfferedSection {
  const [kindText = '', , protocol = '', ...formats] = lines[0]!.slice(2).trim().split(/\s+/);
  const kind =
    kindText === 'audio' || kindText === 'video' || kindText === 'application' ? kindText : 'other';
  const mid = attribute(lines, 'mid') ?? '';
  if (!/^[\w+.-]{0,32}$/.test(mid)) throw new OfferError('a media section has an invalid mid');
  const wanted = kind === 'audio' ? 'opus/48000' : 'vp8/90000';
  let payloadType: number | undefined;
  const feedback = new Set<string>();
  const extensions = new Map<string, number>();
  for (const line of lines) {
    const map = /^a=rtpmap:(\d{1,3}) (\S+)/.exec(line);
    if (map && payloadType === undefined && map[2]!.toLowerCase().startsWith(wanted))
      payloadType = Number(map[1]);
    const extension = /^a=extmap:(\d{1,2})(?:\/\w+)? (\S+)/.exec(line);
    // One-byte headers only have ids 1 to 14 (RFC 8285 §4.2).
    if (extension && Number(extension[1]) >= 1 && Number(extension[1]) <= 14) {
      extensions.set(extension[2]!, Number(extension[1]));
    }
  }
  if (payloadType !== undefined && payloadType > 127) payloadType = undefined;
  for (const line of lines) {
    const match = /^a=rtcp-fb:(\S+) (.+)$/.exec(line);
    if (match && (match[1] === String(payloadType) || match[1] === '*')) feedback.add(match[2]!.trim());
  }
  const direction =
    (['sendonly', 'recvonly', 'inactive'] as const).find((d) => lines.includes(`a=${d}`)) ?? 'sendrecv';
  return {
    kind,
    mid,
    protocol: /^[A-Z/]{1,32}$/.test(protocol) ? protocol : 'UDP/TLS/RTP/SAVPF',
    payloadType,
    formats: formats.filter((format) => /^[\w-]{1,32}$/.test(format)).join(' ') || '0',
    feedback,
    extensions,
    direction,
    layers: offeredLayers(lines),
    layerSsrcs: offeredLayerSsrcs(lines),
    rejected: isRejected(lines) || kind === 'other',
  };
}

/** `a=simulcast:send a;b,c;~d recv …` → a, b, d: of alternatives the first, paused ones included (RFC 8853 §5.1). */
function offeredLayers(lines: string[]): string[] {
  const [, list = ''] = /(?:^|\s)send (\S+)/.exec(attribute(lines, 'simulcast') ?? '') ?? [];
  const declared = new Set<string>();
  for (const line of lines.slice(0, 500)) {
    const rid = /^a=rid:([A-Za-z0-9_-]{1,16}) send(?: |$)/.exec(line)?.[1];
    if (rid) declared.add(rid);
  }
  const rids = list
    .slice(0, 200)
    .split(';')
    .map((alternatives) => alternatives.split(',')[0]!.replace(/^~/, ''))
    .filter((rid) => declared.has(rid));
  const layers = [...new Set(rids)].slice(0, MAX_LAYERS);
  return layers.length > 1 ? layers : [];
}

function offeredLayerSsrcs(lines: string[]): number[] {
  const group = lines.find((line) => /^a=ssrc-group:SIM( \d{1,10}){2,}\s*$/.test(line));
  return group
    ? group
        .trim()
        .split(' ')
        .slice(1, MAX_LAYERS + 1)
        .map(Number)
    : [];
}

/** A way to reach this server's media port. */
export interface Candidate {
  address: string;
  port: number;
}

/** Host candidates, best first (RFC 8839 §5.1, priorities by RFC 8445 §5.1.2.1), and that there are no more. */
const candidateLines = (candidates: Candidate[]): string[] => [
  ...candidates.map(
    ({ address, port }, order) =>
      `a=candidate:${order + 1} 1 udp ${2_130_706_431 - order * 256} ${address} ${port} typ host`,
  ),
  'a=end-of-candidates',
];

/** Accepts a header extension under the id it was offered with. @returns that id, 0 if it was not offered. */
export function acceptExtension(section: OfferedSection, accepted: Map<string, number>, uri: string): number {
  const id = section.extensions.get(uri);
  if (id !== undefined) accepted.set(uri, id);
  return id ?? 0;
}

export interface SectionAnswer {
  direction: 'recvonly' | 'sendonly' | 'inactive';
  /** `a=rtcp-fb` values to accept, each one offered. */
  feedback: string[];
  /** Header extensions to accept: URI → id as offered. */
  extensions: Map<string, number>;
  /** Video: bitrate at which the sender begins, kbit/s; its own default is far below what a room wants. */
  startKbps?: number;
  /** Layers of the offered simulcast to accept. */
  layers?: string[];
  /** What we will send in this section. */
  source?: { ssrc: number; cname: string; stream: string };
}

/**
 * Writes the answer. `sections[i]` answers `offer.sections[i]`; `undefined` turns it down.
 */
export function writeAnswer(
  offer: Offer,
  local: TransportDescription,
  candidates: Candidate[],
  sections: (SectionAnswer | undefined)[],
): string {
  const bundled = offer.sections.flatMap(({ mid }, index) => (sections[index] && mid !== '' ? [mid] : []));
  const out = [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...(offer.sections.some(({ mid }) => mid !== '')
      ? [`a=group:BUNDLE ${bundled.join(' ')}`.trimEnd()]
      : []),
  ];
  if (offer.extmapAllowMixed) out.push('a=extmap-allow-mixed');
  out.push('a=msid-semantic: WMS *');
  let first = true;
  offer.sections.forEach((section, index) => {
    const answer = sections[index];
    if (!answer || section.payloadType === undefined) {
      out.push(
        `m=${section.kind === 'other' ? 'audio' : section.kind} 0 ${section.protocol} ${section.formats}`,
      );
      out.push('c=IN IP4 0.0.0.0', ...midLine(section), 'a=inactive');
      return;
    }
    const pt = section.payloadType;
    out.push(`m=${section.kind} 9 ${section.protocol} ${pt}`, 'c=IN IP4 0.0.0.0', 'a=rtcp:9 IN IP4 0.0.0.0');
    out.push(`a=ice-ufrag:${local.iceUfrag}`, `a=ice-pwd:${local.icePwd}`);
    out.push(`a=fingerprint:${local.fingerprint}`, `a=setup:${local.setup}`, ...midLine(section));
    for (const [uri, id] of answer.extensions) out.push(`a=extmap:${id} ${uri}`);
    out.push(`a=${answer.direction}`, 'a=rtcp-mux', 'a=rtcp-rsize');
    if (section.kind === 'audio') {
      out.push(`a=rtpmap:${pt} opus/48000/2`, `a=fmtp:${pt} minptime=10;useinbandfec=1`);
    } else {
      out.push(`a=rtpmap:${pt} VP8/90000`);
      if (answer.startKbps) out.push(`a=fmtp:${pt} x-google-start-bitrate=${Math.round(answer.startKbps)}`);
    }
    for (const value of answer.feedback) out.push(`a=rtcp-fb:${pt} ${value}`);
    if (answer.layers?.length) {
      for (const layer of answer.layers) out.push(`a=rid:${layer} recv`);
      out.push(`a=simulcast:recv ${answer.layers.join(';')}`);
    }
    if (answer.source) {
      const { ssrc, cname, stream } = answer.source;
      out.push(`a=msid:${stream} ${stream}-${section.kind}`);
      out.push(`a=ssrc:${ssrc} cname:${cname}`, `a=ssrc:${ssrc} msid:${stream} ${stream}-${section.kind}`);
    }
    if (first) {
      out.push(...candidateLines(candidates));
      first = false;
    }
  });
  return `${out.join('\r\n')}\r\n`;
}

const midLine = ({ mid }: OfferedSection): string[] => (mid === '' ? [] : [`a=mid:${mid}`]);

/**
 * Codec list that travels beside the answer (protocol §4.1); readers search it for the video codec.
 * `sections` as for {@link writeAnswer}: what is turned down there is left out here.
 */
export function answeredCodecs(
  offer: Offer,
  sections: (SectionAnswer | undefined)[],
): { media: 'audio' | 'video'; codecs: { name: string; payload: number }[] }[] {
  return offer.sections.flatMap((section, index) =>
    !sections[index] ||
    section.payloadType === undefined ||
    (section.kind !== 'audio' && section.kind !== 'video')
      ? []
      : [
          {
            media: section.kind,
            codecs: [{ name: section.kind === 'audio' ? 'opus' : 'VP8', payload: section.payloadType }],
          },
        ],
  );
}

/** A one-section offer that makes the native library open its transport to `remote` (media-engine facts, item 1). */
export function syntheticOffer(remote: TransportDescription): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${remote.iceUfrag}`,
    `a=ice-pwd:${remote.icePwd}`,
    `a=fingerprint:${remote.fingerprint}`,
    `a=setup:${remote.setup}`,
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    '',
  ].join('\r\n');
}

/** Reads our own end from the native library's answer. */
export function parseLocalTransport(sdp: string): TransportDescription {
  return parseOffer(sdp).transport;
}

/** Answer for the data connection: one SCTP section (RFC 8841). */
export function writeDataAnswer(offer: Offer, local: TransportDescription, candidates: Candidate[]): string {
  const section = offer.sections[0]!;
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    ...(section.mid === '' ? [] : [`a=group:BUNDLE ${section.mid}`]),
    'a=msid-semantic: WMS *',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${local.iceUfrag}`,
    `a=ice-pwd:${local.icePwd}`,
    `a=fingerprint:${local.fingerprint}`,
    `a=setup:${local.setup}`,
    ...midLine(section),
    'a=sctp-port:5000',
    'a=max-message-size:262144',
    ...candidateLines(candidates),
    '',
  ].join('\r\n');
}

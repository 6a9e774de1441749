/** Answers to a browser's offers, written by hand: one Opus or VP8 per media line, nothing more than that needs. */

/** One `m=` section of an offer. */
export interface OfferedMedia {
  kind: 'audio' | 'video' | 'application';
  mid: string;
  /** Payload type offered for Opus or VP8. */
  payload: number;
  direction: string;
}

export interface Offer {
  ufrag: string;
  password: string;
  fingerprint: string;
  media: OfferedMedia[];
}

const CODECS = { audio: /a=rtpmap:(\d+) opus\/48000/i, video: /a=rtpmap:(\d+) VP8\/90000/i };

/** @throws when the offer lacks what every offer has */
export function readOffer(sdp: string): Offer {
  const first = (pattern: RegExp, text = sdp): string => {
    const [, found] = pattern.exec(text) ?? [];
    if (found === undefined) throw new Error(`no ${pattern} in ${text}`);
    return found;
  };
  const media = sdp
    .split(/^m=/m)
    .slice(1)
    .map((section): OfferedMedia => {
      const kind = section.split(' ', 1)[0] as OfferedMedia['kind'];
      return {
        kind,
        mid: first(/^a=mid:(\S+)/m, section),
        payload: kind === 'application' ? 0 : Number(first(CODECS[kind], section)),
        direction: /^a=(sendrecv|sendonly|recvonly|inactive)/m.exec(section)?.[1] ?? 'sendrecv',
      };
    });
  return {
    ufrag: first(/^a=ice-ufrag:(\S+)/m),
    password: first(/^a=ice-pwd:(\S+)/m),
    fingerprint: first(/^a=fingerprint:(.+?)\r?$/m),
    media,
  };
}

/** What the media library is told instead of the real offer: one line that carries everything. */
export function pipeOffer({ ufrag, password, fingerprint }: Offer): string {
  return lines([
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:${fingerprint}`,
    'a=setup:actpass',
  ]);
}

/**
 * The answer that the browser gets.
 * @param pipe the media library's own answer: whence credentials and candidates are taken
 * @param ssrcs of what we send, by `mid`; none = we receive
 */
export function writeAnswer(
  offer: Offer,
  pipe: string,
  { ssrcs, candidates }: { ssrcs?: Map<string, number>; candidates: string[] },
): string {
  const transport = [
    /^a=ice-ufrag:.*$/m.exec(pipe)![0].trim(),
    /^a=ice-pwd:.*$/m.exec(pipe)![0].trim(),
    /^a=fingerprint:.*$/m.exec(pipe)![0].trim(),
    `a=setup:${/^a=setup:(\S+)/m.exec(pipe)![1]}`,
  ];
  const sections = offer.media.flatMap(({ kind, mid, payload }, index) => [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payload}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${mid}`,
    ssrcs ? 'a=sendonly' : 'a=recvonly',
    'a=rtcp-mux',
    ...(kind === 'audio'
      ? [`a=rtpmap:${payload} opus/48000/2`, `a=fmtp:${payload} minptime=10;useinbandfec=1`]
      : [
          `a=rtpmap:${payload} VP8/90000`,
          ...['nack', 'nack pli', 'ccm fir', 'goog-remb'].map((kind) => `a=rtcp-fb:${payload} ${kind}`),
        ]),
    ...(ssrcs ? [`a=msid:slots line${mid}`, `a=ssrc:${ssrcs.get(mid)} cname:slots`] : []),
    ...transport,
    ...(index === 0 ? candidates.map((candidate) => `a=${candidate}`) : []),
  ]);
  return lines([
    'v=0',
    'o=- 7 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${offer.media.map(({ mid }) => mid).join(' ')}`,
    'a=msid-semantic: WMS *',
    ...sections,
  ]);
}

const lines = (text: string[]): string => text.join('\r\n') + '\r\n';

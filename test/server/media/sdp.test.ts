import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Publisher } from '../../../server/src/media/worker/publisher.js';
import {
  answeredCodecs,
  extensionUris,
  OfferError,
  parseLocalTransport,
  parseOffer,
  type SectionAnswer,
  syntheticOffer,
  type TransportDescription,
  writeAnswer,
  writeDataAnswer,
} from '../../../server/src/media/worker/sdp.js';
import { Subscriber } from '../../../server/src/media/worker/subscriber.js';
import { pick, seededRandom } from '../../helpers/rtp.js';

/* Offers as Chromium 156 makes them, shortened to what differs from section to section. */

const FINGERPRINT =
  'sha-256 6D:50:34:99:C3:30:BF:73:00:45:CA:1C:07:E4:30:81:6D:20:14:36:7F:0F:7E:CA:BF:2B:3F:37:A1:05:1D:72';

const sdp = (...lines: (string | string[])[]): string => `${lines.flat().join('\r\n')}\r\n`;

const session = (mids: string): string[] => [
  'v=0',
  'o=- 287231895242674768 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  `a=group:BUNDLE ${mids}`,
  'a=extmap-allow-mixed',
  'a=msid-semantic: WMS',
];

const transport = [
  'a=ice-ufrag:BgOJ',
  'a=ice-pwd:Nlxa+iNphWcdNEH2YJg6rLfX',
  'a=ice-options:trickle',
  `a=fingerprint:${FINGERPRINT}`,
  'a=setup:actpass',
];

const audio = (mid: string, direction: string): string[] => [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126',
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  ...transport,
  `a=mid:${mid}`,
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  `a=${direction}`,
  'a=rtcp-mux',
  'a=rtcp-rsize',
  'a=rtcp-xr:rcvr-rtt=all',
  'a=rtpmap:111 opus/48000/2',
  'a=rtcp-fb:111 transport-cc',
  'a=fmtp:111 minptime=10;useinbandfec=1',
  'a=rtpmap:63 red/48000/2',
  'a=fmtp:63 111/111',
  'a=rtpmap:9 G722/8000',
  'a=rtpmap:0 PCMU/8000',
  'a=rtpmap:8 PCMA/8000',
  'a=rtpmap:13 CN/8000',
  'a=rtpmap:110 telephone-event/48000',
  'a=rtpmap:126 telephone-event/8000',
];

const feedback = (payloadType: number): string[] =>
  ['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli'].map(
    (value) => `a=rtcp-fb:${payloadType} ${value}`,
  );

const video = (mid: string, direction: string): string[] => [
  'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99 102 103 45 118 119 120 49',
  'c=IN IP4 0.0.0.0',
  'a=rtcp:9 IN IP4 0.0.0.0',
  ...transport,
  `a=mid:${mid}`,
  'a=extmap:14 urn:ietf:params:rtp-hdrext:toffset',
  'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=extmap:13 urn:3gpp:video-orientation',
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  `a=${direction}`,
  'a=rtcp-mux',
  'a=rtcp-rsize',
  'a=rtcp-xr:rcvr-rtt=all',
  'a=rtpmap:96 VP8/90000',
  ...feedback(96),
  'a=rtpmap:97 rtx/90000',
  'a=fmtp:97 apt=96',
  'a=rtpmap:98 VP9/90000',
  ...feedback(98),
  'a=fmtp:98 profile-id=0',
  'a=rtpmap:99 rtx/90000',
  'a=fmtp:99 apt=98',
  'a=rtpmap:102 H264/90000',
  ...feedback(102),
  'a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f',
  'a=rtpmap:103 rtx/90000',
  'a=fmtp:103 apt=102',
  'a=rtpmap:45 AV1/90000',
  'a=rtpmap:118 red/90000',
  'a=rtpmap:119 rtx/90000',
  'a=fmtp:119 apt=118',
  'a=rtpmap:120 ulpfec/90000',
  'a=rtpmap:49 flexfec-03/90000',
];

const application = (mid: string): string[] => [
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  ...transport,
  `a=mid:${mid}`,
  'a=sctp-port:5000',
  'a=max-message-size:262144',
];

const stream = (ssrc: number): string[] => [
  'a=msid:- 83c4ab9a-3bbf-489e-b251-01013d55cf46',
  `a=ssrc:${ssrc} cname:2fTUNXFxS6CjCdpV`,
  `a=ssrc:${ssrc} msid:- 83c4ab9a-3bbf-489e-b251-01013d55cf46`,
];

const rejected = (section: string[]): string[] => [section[0]!.replace(' 9 ', ' 0 '), ...section.slice(1)];

const publisherOffer = sdp(
  session('0 1'),
  audio('0', 'sendonly'),
  stream(2_897_275_350),
  video('1', 'sendonly'),
  stream(881_721_758),
);
const subscriberOffer = sdp(
  session('0 1 2 3'),
  audio('0', 'recvonly'),
  video('1', 'recvonly'),
  audio('2', 'recvonly'),
  video('3', 'recvonly'),
);
const dataOffer = sdp(session('0'), application('0'));

/**
 * As Firefox writes it with `max-bundle`: transport attributes partly at session level, and every section after the
 * first with port 0 and `a=bundle-only`, which does not mean that it is turned down (RFC 9143 §6).
 */
const firefoxOffer = sdp(
  'v=0',
  'o=mozilla...THIS_IS_SDPARTA-99.0 4077837427012357463 0 IN IP4 0.0.0.0',
  's=-',
  't=0 0',
  `a=fingerprint:${FINGERPRINT}`,
  'a=group:BUNDLE 0 1',
  'a=ice-options:trickle',
  'a=msid-semantic:WMS *',
  'm=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101',
  'c=IN IP4 0.0.0.0',
  'a=sendonly',
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level',
  'a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1',
  'a=ice-pwd:8c3bbf2d0d3a4dbf1c7f6a6d8a0d1a2b',
  'a=ice-ufrag:1f2e3d4c',
  'a=mid:0',
  'a=rtcp-mux',
  'a=rtpmap:109 opus/48000/2',
  'a=rtpmap:9 G722/8000/1',
  'a=setup:actpass',
  'm=video 0 UDP/TLS/RTP/SAVPF 120 124',
  'c=IN IP4 0.0.0.0',
  'a=bundle-only',
  'a=sendonly',
  'a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid',
  'a=extmap:4 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'a=fmtp:120 max-fs=12288;max-fr=60',
  'a=ice-pwd:8c3bbf2d0d3a4dbf1c7f6a6d8a0d1a2b',
  'a=ice-ufrag:1f2e3d4c',
  'a=mid:1',
  'a=rtcp-fb:120 nack',
  'a=rtcp-fb:120 nack pli',
  'a=rtcp-fb:120 ccm fir',
  'a=rtcp-fb:120 goog-remb',
  'a=rtcp-fb:120 transport-cc',
  'a=rtcp-mux',
  'a=rtpmap:120 VP8/90000',
  'a=rtpmap:124 rtx/90000',
  'a=setup:actpass',
);

const local: TransportDescription = {
  iceUfrag: 'ours',
  icePwd: 'passwordpasswordpassword',
  fingerprint: FINGERPRINT,
  setup: 'active',
};
const candidates = [
  { address: '203.0.113.7', port: 40_000 },
  { address: '2001:db8::7', port: 40_000 },
];

const lines = (text: string): string[] => {
  assert.ok(text.endsWith('\r\n'), 'the last line is ended');
  return text.slice(0, -2).split('\r\n');
};

interface Section {
  m: string;
  lines: string[];
}

/** Session lines and sections of an answer; every line must be a line of SDP. */
function split(answer: string): { session: string[]; sections: Section[] } {
  const result: { session: string[]; sections: Section[] } = { session: [], sections: [] };
  for (const line of lines(answer)) {
    assert.match(line, /^[a-z]=[\x20-\x7e]+$/, `not a line of SDP: ${JSON.stringify(line)}`);
    if (line.startsWith('m=')) result.sections.push({ m: line, lines: [] });
    else (result.sections.at(-1)?.lines ?? result.session).push(line);
  }
  return result;
}

const values = (section: Section, attribute: string): string[] =>
  section.lines
    .filter((line) => line.startsWith(`a=${attribute}:`))
    .map((line) => line.slice(attribute.length + 3));

const sectionAnswer = (fields: Partial<SectionAnswer> = {}): SectionAnswer => ({
  direction: 'recvonly',
  feedback: [],
  extensions: new Map(),
  ...fields,
});

const replaced = (offer: string, search: string | RegExp, replacement: string): string => {
  const changed = offer.replace(search, replacement);
  assert.notEqual(changed, offer, 'the fixture has nothing to replace');
  return changed;
};

describe('reading an offer', () => {
  test('transport, sections and codecs of a publisher are found', () => {
    const offer = parseOffer(publisherOffer);
    assert.deepEqual(offer.transport, {
      iceUfrag: 'BgOJ',
      icePwd: 'Nlxa+iNphWcdNEH2YJg6rLfX',
      fingerprint: FINGERPRINT,
      setup: 'actpass',
    });
    assert.equal(offer.extmapAllowMixed, true);
    assert.deepEqual(
      offer.sections.map(({ kind, mid, payloadType, direction, rejected }) => ({
        kind,
        mid,
        payloadType,
        direction,
        rejected,
      })),
      [
        { kind: 'audio', mid: '0', payloadType: 111, direction: 'sendonly', rejected: false },
        { kind: 'video', mid: '1', payloadType: 96, direction: 'sendonly', rejected: false },
      ],
    );
  });

  test('feedback is the one of our codec only', () => {
    const [sound, picture] = parseOffer(publisherOffer).sections;
    assert.deepEqual([...sound!.feedback], ['transport-cc']);
    assert.deepEqual([...picture!.feedback], ['goog-remb', 'transport-cc', 'ccm fir', 'nack', 'nack pli']);
    const onlyVp9 = publisherOffer
      .split('\r\n')
      .filter((line) => !line.startsWith('a=rtcp-fb:96'))
      .join('\r\n');
    assert.equal(parseOffer(onlyVp9).sections[1]!.feedback.size, 0);
  });

  test('feedback for all payload types counts', () => {
    const offer = replaced(publisherOffer, 'a=rtcp-fb:111 transport-cc', 'a=rtcp-fb:* nack');
    assert.deepEqual([...parseOffer(offer).sections[0]!.feedback], ['nack']);
  });

  test('feedback that stands before its rtpmap counts', () => {
    const offer = replaced(
      replaced(publisherOffer, 'a=rtcp-fb:111 transport-cc\r\n', ''),
      'a=rtpmap:111',
      'a=rtcp-fb:111 transport-cc\r\na=rtpmap:111',
    );
    assert.deepEqual([...parseOffer(offer).sections[0]!.feedback], ['transport-cc']);
  });

  test('header extensions are read with their ids, with and without a direction', () => {
    const { extensions } = parseOffer(replaced(publisherOffer, 'a=extmap:1 ', 'a=extmap:1/sendonly '))
      .sections[0]!;
    assert.equal(extensions.get(extensionUris.audioLevel), 1);
    assert.equal(extensions.get(extensionUris.absSendTime), 2);
    assert.equal(extensions.get(extensionUris.transportCc), 3);
  });

  test('extension ids that one-byte headers cannot carry are left out', () => {
    for (const id of ['0', '15', '16', '99', '255', '4096']) {
      const { extensions } = parseOffer(replaced(publisherOffer, 'a=extmap:1 ', `a=extmap:${id} `))
        .sections[0]!;
      assert.equal(extensions.has(extensionUris.audioLevel), false, id);
    }
  });

  test('codec names are found in any case, another clock rate is another codec', () => {
    assert.equal(
      parseOffer(replaced(publisherOffer, 'opus/48000', 'OPUS/48000')).sections[0]!.payloadType,
      111,
    );
    assert.equal(
      parseOffer(replaced(publisherOffer, 'opus/48000', 'opus/16000')).sections[0]!.payloadType,
      undefined,
    );
    assert.equal(
      parseOffer(replaced(publisherOffer, 'VP8/90000', 'VP80/90000')).sections[1]!.payloadType,
      undefined,
    );
  });

  test('a payload type beyond 127 is none', () => {
    const offer = replaced(publisherOffer, 'a=rtpmap:111 opus', 'a=rtpmap:300 opus');
    assert.equal(parseOffer(offer).sections[0]!.payloadType, undefined);
  });

  test('without a direction a section is sendrecv', () => {
    assert.equal(
      parseOffer(replaced(publisherOffer, 'a=sendonly\r\n', '')).sections[0]!.direction,
      'sendrecv',
    );
  });

  test('sections with port 0 are turned down, and the transport is taken from one that is not', () => {
    const first = rejected(audio('0', 'inactive')).map((line) =>
      line.replace('BgOJ', 'gone').replace('Nlxa+i', 'gone+i'),
    );
    const offer = parseOffer(sdp(session('1'), first, video('1', 'recvonly')));
    assert.deepEqual(
      offer.sections.map((section) => section.rejected),
      [true, false],
    );
    assert.equal(offer.transport.iceUfrag, 'BgOJ');
  });

  test('port 0 with a=bundle-only is not turned down (RFC 9143 §6)', () => {
    const offer = parseOffer(firefoxOffer);
    assert.deepEqual(
      offer.sections.map((section) => section.rejected),
      [false, false],
    );
    assert.equal(offer.sections[1]!.payloadType, 120);
  });

  test('transport attributes at session level count', () => {
    const { transport: read } = parseOffer(firefoxOffer);
    assert.equal(read.fingerprint, FINGERPRINT);
    assert.equal(read.iceUfrag, '1f2e3d4c');
  });

  test('lines may end without a carriage return', () => {
    assert.deepEqual(parseOffer(publisherOffer.replaceAll('\r\n', '\n')), parseOffer(publisherOffer));
  });

  test('a fingerprint in lower case is written in upper case', () => {
    const offer = replaced(publisherOffer, /6D:50:34:99/g, '6d:50:34:99').replace(/sha-256/g, 'SHA-256');
    assert.equal(parseOffer(offer).transport.fingerprint, FINGERPRINT);
  });

  test('the setup role is read, an unknown one is actpass', () => {
    for (const [offered, read] of [
      ['active', 'active'],
      ['passive', 'passive'],
      ['holdconn', 'actpass'],
    ] as const) {
      const offer = replaced(publisherOffer, /a=setup:actpass/g, `a=setup:${offered}`);
      assert.equal(parseOffer(offer).transport.setup, read);
    }
  });
});

describe('offers that are refused', () => {
  const refused = (offer: string, message?: RegExp): void =>
    assert.throws(
      () => parseOffer(offer),
      (error) =>
        error instanceof OfferError && error.name === 'OfferError' && (message?.test(error.message) ?? true),
    );

  test('nothing, and something without media', () => {
    refused('', /no media section/);
    refused('\r\n\r\n', /no media section/);
    refused(sdp(session('')), /no media section/);
  });

  test('more than 64 media sections', () => {
    const sections = Array.from({ length: 65 }, (_, index) => audio(String(index), 'recvonly'));
    refused(sdp(session(''), ...sections), /more than 64/);
    assert.equal(parseOffer(sdp(session(''), ...sections.slice(1))).sections.length, 64);
  });

  for (const attribute of ['ice-ufrag', 'ice-pwd', 'fingerprint']) {
    test(`no a=${attribute}, an empty one, or an endless one`, () => {
      const line = new RegExp(`a=${attribute}:[^\\r]*\\r\\n`, 'g');
      refused(replaced(publisherOffer, line, ''), new RegExp(attribute));
      refused(replaced(publisherOffer, line, `a=${attribute}:\r\n`));
      refused(replaced(publisherOffer, line, `a=${attribute}:${'A'.repeat(600)}\r\n`));
    });
  }

  test('ICE credentials with anything but ICE characters', () => {
    for (const evil of [
      'Bg OJ',
      'BgOJ\ra=candidate:1 1 udp 1 6.6.6.6 6 typ host',
      'BgOJ\u2028a=x',
      'Bg"J',
      'Bg\u0000J1',
      'BgÖJ',
      'BgO',
      'A'.repeat(257),
    ]) {
      refused(replaced(publisherOffer, /a=ice-ufrag:BgOJ/g, `a=ice-ufrag:${evil}`));
      refused(replaced(publisherOffer, /a=ice-pwd:[^\r]+/g, `a=ice-pwd:${evil}`));
    }
  });

  test('fingerprints that are not SHA-256', () => {
    const digest = FINGERPRINT.slice(8);
    for (const evil of [
      `sha-1 ${digest}`,
      digest,
      'sha-256',
      `sha-256 ${digest.slice(3)}`,
      `sha-256 ${digest}:00`,
      `sha-256 ${digest.replace('6D', 'GG')}`,
      `sha-256 ${digest}\ra=evil`,
      `sha-256  ${digest}`,
    ]) {
      refused(replaced(publisherOffer, /a=fingerprint:[^\r]+/g, `a=fingerprint:${evil}`), /fingerprint/);
    }
  });

  test('mids with anything but token characters', () => {
    for (const evil of ['0 1', '0\ra=evil', '<0>', '0;1', 'ä', 'm'.repeat(33)]) {
      refused(replaced(publisherOffer, 'a=mid:0', `a=mid:${evil}`), /mid/);
    }
  });
});

describe('writing an answer', () => {
  const offer = parseOffer(publisherOffer);
  const accepted = [
    sectionAnswer({ extensions: new Map([[extensionUris.audioLevel, 1]]), feedback: ['nack'] }),
    sectionAnswer({ feedback: ['nack', 'nack pli'] }),
  ];

  test('one BUNDLE group holds all accepted sections, and each echoes its mid', () => {
    const { session: head, sections } = split(writeAnswer(offer, local, candidates, accepted));
    assert.deepEqual(
      head.filter((line) => line.startsWith('a=group')),
      ['a=group:BUNDLE 0 1'],
    );
    assert.deepEqual(
      sections.map((section) => values(section, 'mid')),
      [['0'], ['1']],
    );
  });

  test('each section has one codec: opus or VP8, with the payload type of the offer', () => {
    const { sections } = split(writeAnswer(offer, local, candidates, accepted));
    assert.deepEqual(
      sections.map(({ m }) => m),
      ['m=audio 9 UDP/TLS/RTP/SAVPF 111', 'm=video 9 UDP/TLS/RTP/SAVPF 96'],
    );
    assert.deepEqual(values(sections[0]!, 'rtpmap'), ['111 opus/48000/2']);
    assert.deepEqual(values(sections[1]!, 'rtpmap'), ['96 VP8/90000']);
  });

  test('our transport stands in every accepted section', () => {
    for (const section of split(writeAnswer(offer, local, candidates, accepted)).sections) {
      assert.deepEqual(values(section, 'ice-ufrag'), ['ours']);
      assert.deepEqual(values(section, 'ice-pwd'), [local.icePwd]);
      assert.deepEqual(values(section, 'fingerprint'), [FINGERPRINT]);
      assert.deepEqual(values(section, 'setup'), ['active']);
      assert.ok(section.lines.includes('a=rtcp-mux'));
    }
  });

  test('the candidates are there once, best first', () => {
    const { sections } = split(writeAnswer(offer, local, candidates, accepted));
    assert.deepEqual(
      sections.map((section) => values(section, 'candidate')),
      [
        ['1 1 udp 2130706431 203.0.113.7 40000 typ host', '2 1 udp 2130706175 2001:db8::7 40000 typ host'],
        [],
      ],
    );
    assert.equal(sections.filter((section) => section.lines.includes('a=end-of-candidates')).length, 1);
  });

  test('the first accepted section has the candidates when the first of all is turned down', () => {
    const { session: head, sections } = split(
      writeAnswer(offer, local, candidates, [undefined, accepted[1]]),
    );
    assert.ok(head.includes('a=group:BUNDLE 1'));
    assert.deepEqual(
      sections.map((section) => values(section, 'candidate').length),
      [0, 2],
    );
  });

  test('a section that is turned down has port 0, its formats and mid, and no transport', () => {
    const [section] = split(writeAnswer(offer, local, candidates, [undefined, accepted[1]])).sections;
    assert.equal(section!.m, 'm=audio 0 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126');
    assert.deepEqual(section!.lines, ['c=IN IP4 0.0.0.0', 'a=mid:0', 'a=inactive']);
  });

  test('an answer that accepts nothing still has all sections', () => {
    const { session: head, sections } = split(writeAnswer(offer, local, candidates, [undefined, undefined]));
    assert.ok(head.includes('a=group:BUNDLE'));
    assert.ok(sections.every(({ m }) => / 0 /.test(m)));
    assert.equal(sections.length, 2);
  });

  test('extensions and feedback are exactly the accepted ones', () => {
    const { sections } = split(writeAnswer(offer, local, candidates, accepted));
    assert.deepEqual(values(sections[0]!, 'extmap'), [`1 ${extensionUris.audioLevel}`]);
    assert.deepEqual(values(sections[0]!, 'rtcp-fb'), ['111 nack']);
    assert.deepEqual(values(sections[1]!, 'extmap'), []);
    assert.deepEqual(values(sections[1]!, 'rtcp-fb'), ['96 nack', '96 nack pli']);
  });

  test('what we send is named by SSRC, CNAME and stream', () => {
    const source = { ssrc: 4_000_000_000, cname: 'slot-0', stream: 'slot-0' };
    const answer = writeAnswer(offer, local, candidates, [
      sectionAnswer({ direction: 'sendonly', source }),
      undefined,
    ]);
    const [section] = split(answer).sections;
    assert.ok(section!.lines.includes('a=sendonly'));
    assert.deepEqual(values(section!, 'msid'), ['slot-0 slot-0-audio']);
    assert.deepEqual(values(section!, 'ssrc'), [
      '4000000000 cname:slot-0',
      '4000000000 msid:slot-0 slot-0-audio',
    ]);
  });

  test('mixed extension headers are agreed to only if they were offered', () => {
    assert.ok(split(writeAnswer(offer, local, [], accepted)).session.includes('a=extmap-allow-mixed'));
    const without = parseOffer(replaced(publisherOffer, 'a=extmap-allow-mixed\r\n', ''));
    assert.ok(!split(writeAnswer(without, local, [], accepted)).session.includes('a=extmap-allow-mixed'));
  });

  test('a bundle-only section is answered with a port', () => {
    const answer = writeAnswer(parseOffer(firefoxOffer), local, candidates, accepted);
    assert.ok(split(answer).session.includes('a=group:BUNDLE 0 1'));
    assert.equal(split(answer).sections[1]!.m, 'm=video 9 UDP/TLS/RTP/SAVPF 120');
  });

  test('odd words in a media line do not reach the answer', () => {
    const odd = replaced(publisherOffer, /m=audio 9 \S+ 111 63/, 'm=audio 9 udp/<b>x</b> 111 %n$s 63\u2028');
    const [section] = split(writeAnswer(parseOffer(odd), local, [], [undefined, undefined])).sections;
    assert.match(section!.m, /^m=audio 0 UDP\/TLS\/RTP\/SAVPF [\d ]+$/);
  });

  test('the codec list names opus and VP8, and leaves out sections that have neither', () => {
    assert.deepEqual(answeredCodecs(offer, accepted), [
      { media: 'audio', codecs: [{ name: 'opus', payload: 111 }] },
      { media: 'video', codecs: [{ name: 'VP8', payload: 96 }] },
    ]);
    assert.deepEqual(answeredCodecs(parseOffer(dataOffer), []), []);
    const withoutVp8 = parseOffer(replaced(publisherOffer, 'VP8/90000', 'VP7/90000'));
    assert.equal(answeredCodecs(withoutVp8, accepted).length, 1);
    assert.deepEqual(answeredCodecs(offer, [undefined, accepted[1]]), [
      { media: 'video', codecs: [{ name: 'VP8', payload: 96 }] },
    ]);
  });
});

describe('simulcast', () => {
  const offered = (...more: string[]): ReturnType<typeof parseOffer> =>
    parseOffer(`${publisherOffer}${more.map((line) => `${line}\r\n`).join('')}`);
  const layersOf = (...more: string[]): string[] => offered(...more).sections[1]!.layers;
  const rids = ['l', 'm', 'h'].map((rid) => `a=rid:${rid} send`);

  test('layers are read in the order of the offer', () => {
    assert.deepEqual(layersOf(...rids, 'a=simulcast:send l;m;h'), ['l', 'm', 'h']);
    assert.deepEqual(layersOf(...rids, 'a=simulcast:recv x;y send h;l'), ['h', 'l']);
  });

  test('of alternatives the first, paused ones included', () => {
    assert.deepEqual(layersOf(...rids, 'a=simulcast:send l,m;~h'), ['l', 'h']);
  });

  test('what was not declared, declared for receiving, or doubled does not count', () => {
    assert.deepEqual(layersOf(...rids, 'a=rid:r recv', 'a=simulcast:send l;x;r;l;h'), ['l', 'h']);
    assert.deepEqual(layersOf('a=simulcast:send l;m;h'), []);
  });

  test('one layer is no simulcast, and more than three are cut', () => {
    assert.deepEqual(layersOf(...rids, 'a=simulcast:send l'), []);
    assert.deepEqual(layersOf(...rids, 'a=rid:q send', 'a=simulcast:send l;m;h;q'), ['l', 'm', 'h']);
  });

  test('nothing that is not a name gets into the answer', () => {
    for (const evil of ['l\rx', '<b>', 'l m', 'ä', 'x'.repeat(17)]) {
      const layers = layersOf(`a=rid:${evil} send`, ...rids.slice(1), `a=simulcast:send ${evil};m;h`);
      assert.ok(
        layers.every((layer) => ['m', 'h'].includes(layer)),
        layers.join(),
      );
    }
  });

  test('an offer without it has none', () => {
    assert.deepEqual(layersOf(), []);
    assert.deepEqual(offered().sections[1]!.layerSsrcs, []);
  });

  test('layers may be listed as SSRCs', () => {
    assert.deepEqual(offered('a=ssrc-group:SIM 11 22 33').sections[1]!.layerSsrcs, [11, 22, 33]);
    assert.deepEqual(offered('a=ssrc-group:SIM 11').sections[1]!.layerSsrcs, []);
  });

  test('the answer accepts each layer by name', () => {
    const offer = offered(...rids, 'a=simulcast:send l;m;h');
    const answers = [undefined, sectionAnswer({ layers: ['l', 'm'] })];
    const [, section] = split(writeAnswer(offer, local, [], answers)).sections;
    assert.deepEqual(values(section!, 'rid'), ['l recv', 'm recv']);
    assert.deepEqual(values(section!, 'simulcast'), ['recv l;m']);
  });

  test('an answer that accepts none says nothing of it', () => {
    const offer = offered(...rids, 'a=simulcast:send l;m;h');
    const [, section] = split(writeAnswer(offer, local, [], [undefined, sectionAnswer()])).sections;
    assert.deepEqual([values(section!, 'rid'), values(section!, 'simulcast')], [[], []]);
  });
});

describe('an offer without names for its sections', () => {
  const nameless = publisherOffer.replace(/a=(mid:\d|group:BUNDLE.*)\r\n/g, '');

  test('gets its first section alone, without a name and without a bundle', () => {
    const offer = parseOffer(nameless);
    assert.deepEqual(
      offer.sections.map(({ rejected }) => rejected),
      [false, true],
    );
    const { session: head, sections } = split(writeAnswer(offer, local, [], [sectionAnswer(), undefined]));
    assert.ok(!head.some((line) => line.startsWith('a=group:')));
    assert.deepEqual(
      sections.map((section) => values(section, 'mid')),
      [[], []],
    );
  });
});

describe('the data connection', () => {
  test('its answer has one SCTP section with our transport and candidates', () => {
    const { session: head, sections } = split(writeDataAnswer(parseOffer(dataOffer), local, candidates));
    assert.ok(head.includes('a=group:BUNDLE 0'));
    assert.equal(sections.length, 1);
    const [section] = sections;
    assert.equal(section!.m, 'm=application 9 UDP/DTLS/SCTP webrtc-datachannel');
    assert.deepEqual(values(section!, 'mid'), ['0']);
    assert.deepEqual(values(section!, 'setup'), ['active']);
    assert.deepEqual(values(section!, 'sctp-port'), ['5000']);
    assert.equal(values(section!, 'candidate').length, 2);
    assert.equal(section!.lines.at(-1), 'a=end-of-candidates');
  });

  test('its mid is the one of the offer', () => {
    const offer = parseOffer(sdp(session('data'), application('data')));
    const answer = split(writeDataAnswer(offer, local, []));
    assert.ok(answer.session.includes('a=group:BUNDLE data'));
    assert.deepEqual(values(answer.sections[0]!, 'mid'), ['data']);
  });
});

describe('towards the native library', () => {
  test("the synthetic offer has one section and the browser's transport", () => {
    const { transport: remote } = parseOffer(publisherOffer);
    const offer = parseOffer(syntheticOffer(remote));
    assert.deepEqual(offer.transport, remote);
    assert.equal(offer.sections.length, 1);
    assert.equal(offer.sections[0]!.direction, 'sendrecv');
  });

  test('our own end is read from an answer', () => {
    const answer = writeDataAnswer(parseOffer(dataOffer), local, candidates);
    assert.deepEqual(parseLocalTransport(answer), local);
    assert.throws(() => parseLocalTransport(''), OfferError);
  });
});

describe('what publishers and subscribers are answered', () => {
  /** Port 0: any free one. */
  const config = { port: 0, bindAddress: '127.0.0.1', announcedAddresses: ['203.0.113.7'] };
  const silent = { open() {}, closed() {}, source() {} };

  function publish(offer: string): ReturnType<typeof split> {
    const publisher = new Publisher('test', offer, config, { startKbps: 800, maximumKbps: 1_500 }, silent);
    publisher.close();
    return split(publisher.answer.sdp);
  }

  function subscribe(offer: string): ReturnType<typeof split> {
    const subscriber = new Subscriber('test', offer, config, silent);
    subscriber.close();
    return split(subscriber.answer.sdp);
  }

  const directions = (sections: Section[]): string[] =>
    sections.map(({ lines: all }) => all.filter((line) => /^a=(send|recv|inactive)/.test(line)).join(' '));

  test('a publisher is received only, and asked for arrival feedback, repair and key frames', () => {
    const { session: head, sections } = publish(publisherOffer);
    assert.ok(head.includes('a=group:BUNDLE 0 1'));
    assert.deepEqual(directions(sections), ['a=recvonly', 'a=recvonly']);
    assert.deepEqual(values(sections[0]!, 'rtcp-fb'), ['111 transport-cc']);
    assert.deepEqual(values(sections[1]!, 'rtcp-fb').sort(), [
      '96 ccm fir',
      '96 nack',
      '96 nack pli',
      '96 transport-cc',
    ]);
    assert.deepEqual(values(sections[0]!, 'extmap').sort(), [
      `1 ${extensionUris.audioLevel}`,
      `3 ${extensionUris.transportCc}`,
    ]);
    assert.deepEqual(values(sections[1]!, 'extmap'), [`3 ${extensionUris.transportCc}`]);
    assert.deepEqual(
      sections.flatMap((section) => values(section, 'ssrc')),
      [],
      'we send nothing',
    );
  });

  test('a publisher without transport-wide feedback gets REMB instead', () => {
    const [, picture] = publish(replaced(publisherOffer, /a=rtcp-fb:\d+ transport-cc\r\n/g, '')).sections;
    assert.ok(values(picture!, 'rtcp-fb').includes('96 goog-remb'));
    assert.deepEqual(values(picture!, 'extmap'), [`2 ${extensionUris.absSendTime}`]);
  });

  test('a publisher that offers no feedback and no extensions is promised none', () => {
    const bare = publisherOffer
      .split('\r\n')
      .filter((line) => !/^a=(rtcp-fb|extmap:)/.test(line))
      .join('\r\n');
    for (const section of publish(bare).sections) {
      assert.deepEqual(values(section, 'rtcp-fb'), []);
      assert.deepEqual(values(section, 'extmap'), []);
    }
  });

  test('a publisher that offers sendrecv is received only', () => {
    assert.deepEqual(directions(publish(publisherOffer.replaceAll('sendonly', 'sendrecv')).sections), [
      'a=recvonly',
      'a=recvonly',
    ]);
  });

  test('of a publisher, sections that send nothing or no codec of ours are turned down', () => {
    const { session: head, sections } = publish(
      sdp(
        session('0 1 2 3'),
        audio('0', 'recvonly'),
        video('1', 'sendonly').map((line) => line.replace('VP8/90000', 'VP7/90000')),
        application('2'),
        video('3', 'sendonly'),
      ),
    );
    assert.ok(head.includes('a=group:BUNDLE 3'));
    assert.deepEqual(
      sections.map(({ m }) => m.split(' ')[1]),
      ['0', '0', '0', '9'],
    );
    assert.equal(values(sections[3]!, 'candidate').length, 1);
  });

  test('a Firefox publisher is answered for sound and picture', () => {
    assert.deepEqual(
      publish(firefoxOffer).sections.map(({ m }) => m),
      ['m=audio 9 UDP/TLS/RTP/SAVPF 109', 'm=video 9 UDP/TLS/RTP/SAVPF 120'],
    );
  });

  test('an offer to publish with nothing to receive is refused', () => {
    assert.throws(() => publish(subscriberOffer), OfferError);
    assert.throws(() => publish(dataOffer), OfferError);
  });

  test('a subscriber is sent every slot, each with an SSRC and a stream of its own', () => {
    const { session: head, sections } = subscribe(subscriberOffer);
    assert.ok(head.includes('a=group:BUNDLE 0 1 2 3'));
    assert.deepEqual(directions(sections), ['a=sendonly', 'a=sendonly', 'a=sendonly', 'a=sendonly']);
    const ssrcs = sections.map((section) => values(section, 'ssrc')[0]!.split(' ')[0]!);
    assert.equal(new Set(ssrcs).size, 4);
    assert.deepEqual(
      sections.map((section) => values(section, 'msid')[0]),
      ['slot-0 slot-0-audio', 'slot-0 slot-0-video', 'slot-1 slot-1-audio', 'slot-1 slot-1-video'],
    );
  });

  test('a subscriber estimates its downlink itself: REMB and abs-send-time, no transport-wide feedback', () => {
    const [sound, picture] = subscribe(subscriberOffer).sections;
    assert.deepEqual(values(picture!, 'rtcp-fb').sort(), [
      '96 ccm fir',
      '96 goog-remb',
      '96 nack',
      '96 nack pli',
    ]);
    assert.deepEqual(values(picture!, 'extmap'), [`2 ${extensionUris.absSendTime}`]);
    assert.deepEqual(values(sound!, 'extmap').sort(), [
      `1 ${extensionUris.audioLevel}`,
      `2 ${extensionUris.absSendTime}`,
    ]);
    assert.deepEqual(values(sound!, 'rtcp-fb'), [], 'Chrome offers no nack for sound');
  });

  test('a stopped section of a subscriber is turned down, the others keep their slots', () => {
    const { session: head, sections } = subscribe(
      sdp(
        session('1 2'),
        rejected(audio('0', 'inactive')),
        video('1', 'recvonly'),
        audio('2', 'recvonly'),
        rejected(video('3', 'inactive')),
      ),
    );
    assert.ok(head.includes('a=group:BUNDLE 1 2'));
    assert.deepEqual(
      sections.map(({ m }) => m.split(' ')[1]),
      ['0', '9', '9', '0'],
    );
    assert.deepEqual(values(sections[1]!, 'msid'), ['slot-0 slot-0-video']);
    assert.deepEqual(values(sections[2]!, 'msid'), ['slot-1 slot-1-audio']);
  });

  test('an offer to subscribe with nothing to send to is refused', () => {
    assert.throws(() => subscribe(publisherOffer), OfferError);
    assert.throws(() => subscribe(dataOffer), OfferError);
  });
});

describe('garbage', () => {
  const random = seededRandom(60);
  const offers = [publisherOffer, subscriberOffer, dataOffer, firefoxOffer];

  /** Either the offer is refused, or every answer to it is well-formed. */
  function check(text: string): boolean {
    let offer;
    try {
      offer = parseOffer(text);
    } catch (error) {
      assert.ok(error instanceof OfferError, String(error));
      return false;
    }
    for (const accept of [true, false]) {
      const answers = offer.sections.map(({ extensions, feedback: offered, rejected: turnedDown }) =>
        accept && !turnedDown
          ? sectionAnswer({
              extensions: new Map(
                [...extensions].filter(([uri]) => Object.values<string>(extensionUris).includes(uri)),
              ),
              feedback: ['nack', 'nack pli'].filter((value) => offered.has(value)),
            })
          : undefined,
      );
      const { sections } = split(writeAnswer(offer, local, candidates, answers));
      assert.equal(sections.length, offer.sections.length);
      answeredCodecs(offer, answers);
      for (const { m } of sections) {
        assert.match(m, /^m=(audio|video|application) (0|9) [A-Z/]+( [\w-]+)+$/);
      }
    }
    return true;
  }

  test('text of random characters is refused', () => {
    for (let round = 0; round < 2_000; round++) {
      const characters = Array.from({ length: pick(random, 0, 200) }, () => pick(random, 0, 0x2100));
      check(String.fromCharCode(...characters));
    }
  });

  test('genuine offers with characters changed, lines lost, doubled and moved never break anything', () => {
    const odd = [
      '\r',
      '\n',
      '\0',
      ' ',
      ':',
      '=',
      '/',
      '\u2028',
      '\ud800',
      '9'.repeat(40),
      'm=',
      'a=',
      'm=video 9',
    ];
    let answered = 0;
    for (let round = 0; round < 3_000; round++) {
      let all = offers[round % offers.length]!.split('\r\n');
      for (let count = pick(random, 1, 4); count > 0; count--) {
        const at = pick(random, 0, all.length - 1);
        const line = all[at]!;
        const column = pick(random, 0, line.length);
        const choice = pick(random, 0, 5);
        if (choice === 0) all.splice(at, 1);
        else if (choice === 1) all.splice(pick(random, 0, all.length), 0, line);
        else if (choice === 2) all[at] = line.slice(0, column);
        else if (choice === 3)
          all[at] = line.slice(0, column) + odd[pick(random, 0, odd.length - 1)]! + line.slice(column);
        else if (choice === 4)
          all[at] =
            line.slice(0, column) + String.fromCharCode(pick(random, 0, 127)) + line.slice(column + 1);
        else all = all.slice(0, at + 1);
        if (all.length === 0) all = [''];
      }
      answered += Number(check(all.join(random() < 0.9 ? '\r\n' : '\n')));
    }
    assert.ok(answered > 1_000, `only ${answered} were answered`);
    assert.ok(answered < 2_900, `only ${3_000 - answered} were refused`);
  });

  test('endless lines take no endless time', () => {
    const long = 'x'.repeat(1_000_000);
    for (const line of [
      `a=rtpmap:96 ${long}`,
      `a=extmap:1 ${long}`,
      `a=rtcp-fb:96 ${long}`,
      `m=video ${long}`,
      long,
    ]) {
      const startedMs = performance.now();
      check(`${publisherOffer}${line}\r\n`);
      assert.ok(performance.now() - startedMs < 5_000, line.slice(0, 20));
    }
  });
});

/**
 * Tokens, REST bodies, messages and offers that make no sense, sent to a real server: it answers, stays up, and people
 * in other rooms notice nothing.
 *
 * All of it follows from one number, which a failure names: `ENX_FUZZ_SEED=5 node scripts/test.mjs e2e fuzz`.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { codeOf } from '../../src/protocol/index.js';
import { disfigured, hostileValuesOnTheWire } from '../helpers/hostile-values.js';
import { clientExamples } from '../helpers/message-examples.js';
import { startRoomServer, type TestRoomServer } from '../helpers/room-server.js';
import { SeededRandom } from '../helpers/seeded-random.js';
import { readToken, SignallingSocket, type Wire } from '../helpers/signalling-socket.js';

const seed = Number(process.env.ENX_FUZZ_SEED ?? 1);
const TOKENS = 80;
const BODIES = 150;
const MESSAGES = 600;
const OFFERS = 160;
/** Fewer than the server takes from one connection at once. */
const PER_SOCKET = 200;

const INTERNAL = codeOf('internal-error');
const hostileOnes = hostileValuesOnTheWire().filter((value) => JSON.stringify(value).length < 200_000);

let server: TestRoomServer;
let workers: number[];
/** In a room of their own. */
let ann: SignallingSocket;
let bob: SignallingSocket;

before(async () => {
  server = await startRoomServer();
  workers = server.server.workerPids;
  const roomId = await server.createRoom();
  [ann, bob] = [await join(roomId, 'Ann'), await join(roomId, 'Bob')];
});
after(async () => {
  ann?.raw.close();
  bob?.raw.close();
  await server?.close();
});

async function join(roomId: string, name: string): Promise<SignallingSocket> {
  const socket = await SignallingSocket.open(server.url);
  await socket.token(await server.createToken(roomId, { name }));
  await socket.next('room-connected');
  return socket;
}

/** What JSON makes of it; `undefined` where it can make nothing, or far too much. */
function overTheWire(value: unknown): unknown {
  try {
    const text = JSON.stringify(value);
    return text === undefined || text.length > 200_000 ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

const nonsense = (wellFormed: unknown, random: SeededRandom): unknown =>
  random.chance(0.25) ? random.pick(hostileOnes) : overTheWire(disfigured(wellFormed, random));

/** The server is as it was, and so are the others. */
async function unharmed(): Promise<void> {
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  assert.deepEqual(server.server.workerPids, workers, 'no media worker died');
  assert.ok(ann.raw.connected && bob.raw.connected, 'the others are still there');
  await ann.ok('sendDataStreamToRoom', { msg: 'are you there?', broadcast: true, clients: [], type: 'chat' });
  assert.equal((await bob.next('onDataStreamToRoom')).message, 'are you there?');
}

/** Answers, or ends the connection; never an error of its own making. @returns false when the connection is over */
async function answered(
  socket: SignallingSocket,
  what: string,
  name: string,
  ...args: unknown[]
): Promise<boolean> {
  const answer = await Promise.race([socket.request(name, ...args), socket.closed.then(() => undefined)]);
  const codes = (answer ?? []).map((part: Wire) => part?.result as unknown);
  assert.ok(
    !codes.includes(INTERNAL),
    `seed ${seed}: ${what}: ${name} ${JSON.stringify(args).slice(0, 2000)} made the server fail`,
  );
  return socket.raw.connected;
}

describe(`what makes no sense (seed ${seed})`, { timeout: 120_000 }, () => {
  test('as a token lets nobody in and harms nobody', async () => {
    const random = new SeededRandom(seed);
    const roomId = await server.createRoom();
    const real = readToken(await server.createToken(roomId, { name: 'Eve' }));
    for (let number = 0; number < TOKENS; number++) {
      const socket = await SignallingSocket.open(server.url);
      let token = nonsense(real, random);
      // What is still whole in the ways that count would be let in.
      if ((token as Wire)?.signature === real.signature && (token as Wire)?.tokenId === real.tokenId)
        token = { ...(token as object), signature: 'made up' };
      await answered(socket, `token ${number}`, 'token', token);
      assert.equal(socket.heard.filter(({ name }) => name === 'room-connected').length, 0);
      socket.raw.close();
    }
    await unharmed();
  });

  test('as a REST body or path is refused in words', async () => {
    const random = new SeededRandom(seed + 1);
    const roomId = await server.createRoom();
    const room = {
      name: 'A room',
      owner_ref: 'x',
      settings: { mode: 'group', moderators: 1, participants: 10, duration: 30, quality: 'SD', adhoc: false },
    };
    const person = { name: 'Eve', role: 'participant', user_ref: 'eve', data: { a: 1 } };
    for (let number = 0; number < BODIES; number++) {
      const id = random.chance(0.7)
        ? roomId
        : encodeURIComponent(
            Buffer.from(JSON.stringify(random.pick(hostileOnes)))
              .toString()
              .slice(0, 300),
          );
      const [method, path, body] = random.pick([
        ['POST', '/rooms', room],
        ['POST', `/rooms/${id}/tokens`, person],
        ['GET', `/rooms/${id}`, undefined],
        ['GET', `/rooms/${id}/users`, undefined],
        [
          'DELETE',
          `/rooms/${id}/users/${encodeURIComponent(random.pick(['', 'x', '\0', '../..', '%']))}`,
          undefined,
        ],
      ] as const);
      const text = body && (JSON.stringify(nonsense(body, random)) ?? 'undefined');
      const sent = text && random.chance(0.2) ? text.slice(0, random.below(text.length)) : text;
      const status = await server.send(method, path, sent);
      assert.ok(status < 500, `seed ${seed}: ${method} ${path} ${sent?.slice(0, 2000)}: ${status}`);
    }
    await unharmed();
  });

  test('as a message is answered and changes nothing for others', async () => {
    const random = new SeededRandom(seed + 2);
    const roomId = await server.createRoom();
    let eve = await join(roomId, 'Eve');
    let sent = 0;
    for (let number = 0; number < MESSAGES; number++) {
      if (++sent > PER_SOCKET || !eve.raw.connected) {
        eve.raw.close();
        eve = await join(roomId, 'Eve');
        sent = 0;
      }
      const name = random.pick(Object.keys(clientExamples));
      const second = random.chance(0.2) ? [random.pick(hostileOnes)] : [];
      const goesOn = await answered(
        eve,
        `message ${number}`,
        name,
        nonsense(clientExamples[name]!.message, random),
        ...second,
      );
      if (!goesOn) sent = PER_SOCKET;
    }
    eve.raw.close();
    await unharmed();
  });

  test('as an offer is turned down, or answered, and no media worker dies of it', async () => {
    const random = new SeededRandom(seed + 3);
    const roomId = await server.createRoom();
    let eve = await join(roomId, 'Eve');
    for (let number = 0; number < OFFERS; number++) {
      if (number % 60 === 59 || !eve.raw.connected) {
        eve.raw.close();
        eve = await join(roomId, 'Eve');
      }
      const [kind, offer] = random.pick(offers);
      let streamId: unknown = kind === 'data' ? 999 : 1;
      if (kind === 'publisher') {
        const [answer] = await eve.request(
          'publish',
          { state: 'media_engine', audio: true, video: true },
          null,
        );
        streamId = (answer as { id?: number }).id ?? 10_000;
      }
      const sdp = mangled(offer, random);
      await answered(
        eve,
        `offer ${number}`,
        'signaling_message',
        { streamId, msg: { type: 'offer', sdp } },
        null,
      );
    }
    eve.raw.close();
    await unharmed();
  });
});

// ── offers ────────────────────────────────────────────────────────────────────────────────────────────────────────

const transport = [
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:BgOJ',
  'a=ice-pwd:Nlxa+iNphWcdNEH2YJg6rLfX',
  'a=fingerprint:sha-256 6D:50:34:99:C3:30:BF:73:00:45:CA:1C:07:E4:30:81:6D:20:14:36:7F:0F:7E:CA:BF:2B:3F:37:A1:05:1D:72',
  'a=setup:actpass',
];
const section = (kind: 'audio' | 'video', mid: number, direction: string): string[] => [
  `m=${kind} 9 UDP/TLS/RTP/SAVPF ${kind === 'audio' ? '111 63' : '96 97'}`,
  ...transport,
  `a=mid:${mid}`,
  'a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  `a=${direction}`,
  'a=rtcp-mux',
  ...(kind === 'audio'
    ? ['a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:111 transport-cc', 'a=fmtp:111 minptime=10;useinbandfec=1']
    : ['a=rtpmap:96 VP8/90000', 'a=rtcp-fb:96 nack', 'a=rtcp-fb:96 nack pli', 'a=rtpmap:97 rtx/90000']),
  ...(direction === 'sendonly'
    ? [`a=ssrc:${1000 + mid} cname:x`, 'a=rid:h send', 'a=rid:l send', 'a=simulcast:send h;l']
    : []),
];
const head = ['v=0', 'o=- 287231895242674768 2 IN IP4 127.0.0.1', 's=-', 't=0 0', 'a=group:BUNDLE 0 1'];

const offers: readonly (readonly ['publisher' | 'subscriber' | 'data', string[]])[] = [
  ['publisher', [...head, ...section('audio', 0, 'sendonly'), ...section('video', 1, 'sendonly')]],
  [
    'subscriber',
    [
      ...head,
      ...Array.from({ length: 8 }, (_, index) =>
        section(index % 2 ? 'video' : 'audio', index, 'recvonly'),
      ).flat(),
    ],
  ],
  [
    'data',
    [
      ...head,
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
      ...transport,
      'a=mid:0',
      'a=sctp-port:5000',
      'a=max-message-size:262144',
    ],
  ],
];

const words = [
  '',
  '0',
  '-1',
  '65536',
  '99999999999999999999',
  'NaN',
  '\0',
  '%s%n',
  'a'.repeat(5000),
  'ü\ud83d',
  '\t',
];

/** An offer with something wrong at one to four places. */
function mangled(offer: readonly string[], random: SeededRandom): string {
  const lines = [...offer];
  for (let wounds = 1 + random.below(4); wounds > 0 && lines.length > 0; wounds--) {
    const at = random.below(lines.length);
    const line = lines[at]!;
    switch (random.below(8)) {
      case 0:
        lines.splice(at, 1);
        break;
      case 1:
        lines.splice(at, 0, line);
        break;
      case 2:
        lines.splice(random.below(lines.length), 0, ...lines.splice(at, 1));
        break;
      case 3:
        lines[at] = line.replace(/\d+/g, () => random.pick(words));
        break;
      case 4:
        lines[at] = line.replace(/[:=].*$/, (found) => found[0] + random.pick(words));
        break;
      case 5:
        lines[at] = line.slice(0, random.below(line.length + 1));
        break;
      case 6:
        lines.splice(at, 0, ...Array<string>(1 + random.below(200)).fill(line));
        break;
      default:
        lines.length = at;
    }
  }
  return lines.join(random.chance(0.9) ? '\r\n' : '\n') + (random.chance(0.9) ? '\r\n' : '');
}

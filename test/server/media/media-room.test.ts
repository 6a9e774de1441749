/** Who is sent what when connections come and go: the room of a real worker, and real connections to it. */
import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, afterEach, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import nodeDataChannel, { type PeerConnection, type Track } from 'node-datachannel';
import { pino } from 'pino';
import { EmbeddedMediaEngine } from '../../../server/src/media/embedded-engine.js';
import type { MediaRoom, TransportId } from '../../../server/src/media/engine.js';
import { freeUdpPort } from '../../helpers/room-server.js';
import { rtpPacket } from '../../helpers/rtp.js';

const ADDRESS = '127.0.0.1';
const OPUS = 111;
const SSRC = 0x5eed;
/** Far more than anything here takes; what has not come by then does not come. */
const LIMIT_MS = 5_000;
const soon = () => ({ signal: AbortSignal.timeout(LIMIT_MS) });

/** The browser's end of a connection that sends or receives one line of sound. Says `up` and `packet`. */
class End extends EventEmitter<{ up: []; packet: [Buffer] }> {
  packets = 0;
  readonly #connection: PeerConnection;
  readonly #track: Track;
  #timer: NodeJS.Timeout | undefined;

  constructor(direction: 'SendOnly' | 'RecvOnly') {
    super();
    this.#connection = new nodeDataChannel.PeerConnection('end', { iceServers: [], bindAddress: ADDRESS });
    this.#connection.onStateChange((state) => {
      if (state === 'connected') this.emit('up');
    });
    const line = new nodeDataChannel.Audio('0', direction);
    line.addOpusCodec(OPUS);
    if (direction === 'SendOnly') line.addSSRC(SSRC, 'sender', 'sender', 'sound');
    this.#track = this.#connection.addTrack(line);
    this.#track.onMessage((packet) => {
      this.packets += 1;
      this.emit('packet', packet);
    });
    // The library lets a process end only when whoever listens for this has been told.
    this.#track.onClosed(() => {});
    this.#connection.setLocalDescription('offer');
  }

  get offer(): string {
    return this.#connection.localDescription()!.sdp;
  }

  accept(answer: string): void {
    this.#connection.setRemoteDescription(answer, 'answer');
  }

  /**
   * Takes the other end for somebody else, and ends the connection for that. The other end always hears of it; of
   * {@link close} it often does not, for the library seldom gets to say goodbye.
   */
  refuse(answer: string): void {
    this.accept(answer.replace(/^(a=fingerprint:sha-256 ).*$/m, `$1${Array(32).fill('00').join(':')}`));
  }

  /** 20 ms of sound every 20 ms from now on. */
  play(): void {
    let sequence = 0;
    this.#timer = setInterval(() => {
      const options = { payloadType: OPUS, ssrc: SSRC, sequence, timestamp: sequence * 960 };
      if (this.#track.isOpen()) this.#track.sendMessageBinary(rtpPacket(options));
      sequence += 1;
    }, 20);
  }

  /** Resolves when so many more packets have come. */
  async receives(count: number): Promise<void> {
    const enough = this.packets + count;
    try {
      while (this.packets < enough) await once(this, 'packet', soon());
    } catch {
      assert.fail(`${enough - this.packets} of ${count} packets did not come`);
    }
  }

  close(): void {
    clearInterval(this.#timer);
    this.#track.close();
    this.#connection.close();
  }
}

describe('what a receiver is sent', () => {
  let engine: EmbeddedMediaEngine;
  let room: MediaRoom;
  /** Says `closed` for every connection of which the room says so. */
  let told: EventEmitter<{ closed: [TransportId] }>;
  let lost: TransportId[];
  const ends: End[] = [];

  const end = (direction: 'SendOnly' | 'RecvOnly'): End => {
    ends.push(new End(direction));
    return ends.at(-1)!;
  };

  async function receiver(id: TransportId): Promise<End> {
    const made = end('RecvOnly');
    const { sdp } = await room.openSubscriber(id, made.offer);
    made.accept(sdp);
    return made;
  }

  const feed = (id: TransportId): void => room.setSlots(id, [{ audio: 'speaker' }], { order: [] });

  before(async () => {
    engine = await EmbeddedMediaEngine.start({
      workers: 1,
      firstPort: await freeUdpPort(),
      bindAddress: ADDRESS,
      announcedAddresses: [ADDRESS],
      logger: pino({ level: 'silent' }),
      workerPath: fileURLToPath(new URL('../../../server/src/media/media-worker.ts', import.meta.url)),
    });
  });

  /** A room in which somebody speaks. */
  async function open(): Promise<void> {
    told = new EventEmitter();
    lost = [];
    room = engine.openRoom({
      transportReady() {},
      transportClosed: (id) => {
        lost.push(id);
        told.emit('closed', id);
      },
      dataReceived() {},
      levels() {},
      downlinkChanged() {},
      mediaLost() {},
    });
    const speaker = end('SendOnly');
    const { sdp } = await room.openPublisher('speaker', speaker.offer, { startKbps: 0, maximumKbps: 0 });
    speaker.accept(sdp);
    await once(speaker, 'up', soon());
    speaker.play();
  }

  afterEach(() => {
    room.close();
    for (const one of ends.splice(0)) one.close();
  });

  after(() => engine.close());

  test('outlasts a connection that closes before the next one is offered', async () => {
    await open();
    feed('listener');
    await (await receiver('listener')).receives(3);

    const second = end('RecvOnly');
    const { sdp } = await room.openSubscriber('listener', second.offer);
    const closed = once(told, 'closed', soon());
    second.refuse(sdp);
    assert.deepEqual(await closed, ['listener']);

    await (await receiver('listener')).receives(3);
    assert.deepEqual(lost, ['listener']);
  });

  test('is forgotten when the room closes the connection', async () => {
    await open();
    feed('listener');
    feed('witness');
    const witness = await receiver('witness');
    await (await receiver('listener')).receives(3);

    room.closeTransport('listener');
    const next = await receiver('listener');
    await once(next, 'up', soon());
    await witness.receives(10);
    assert.equal(next.packets, 0);
    assert.deepEqual(lost, []);
  });

  test('goes to the newest connection alone, and the end of the one before changes nothing', async () => {
    await open();
    feed('listener');
    const first = await receiver('listener');
    await first.receives(3);

    const second = await receiver('listener');
    await second.receives(3);
    const { packets } = first;
    await second.receives(5);
    assert.equal(first.packets, packets);

    first.close();
    await second.receives(10);
    assert.deepEqual(lost, []);
  });
});

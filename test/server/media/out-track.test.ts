import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { absSendTime, isRtcp, RtpPacket } from '../../../server/src/media/rtp/packet.js';
import { ntpToMs } from '../../../server/src/media/rtp/reception.js';
import { readRtcp } from '../../../server/src/media/rtp/rtcp.js';
import { SequenceUnwrapper } from '../../../server/src/media/rtp/sequence.js';
import { OutTrack, type OutTrackConfig } from '../../../server/src/media/worker/out-track.js';
import { type Kind, Source } from '../../../server/src/media/worker/source.js';
import {
  oneByteExtension,
  pick,
  type ReadRtp,
  readRtp,
  readVp8,
  rtpPacket,
  type RtpOptions,
  seededRandom,
  vp8Payload,
} from '../../helpers/rtp.js';

const START = 1_750_000_000_000;
/** Extension ids as the publisher offered them; the receiver's are different. */
const IN_LEVEL_ID = 1;
const IN_ABS_SEND_TIME_ID = 2;

/** One browser's camera or microphone and the source that the server keeps of it. */
class Sender {
  readonly source: Source;
  readonly #rtp = new RtpPacket();
  sequence: number;
  timestamp: number;
  pictureId: number;
  tl0: number;

  constructor(
    readonly kind: Kind,
    readonly ssrc: number,
    start: { sequence?: number; timestamp?: number; pictureId?: number; tl0?: number } = {},
  ) {
    this.source = new Source(kind, ssrc, this.#rtp);
    this.sequence = start.sequence ?? 1_000;
    this.timestamp = start.timestamp ?? 5_000;
    this.pictureId = start.pictureId ?? 100;
    this.tl0 = start.tl0 ?? 10;
  }

  #packet(options: RtpOptions): Buffer {
    const packet = rtpPacket({
      payloadType: this.kind === 'video' ? 120 : 63,
      ssrc: this.ssrc,
      sequence: this.sequence,
      timestamp: this.timestamp,
      extension: oneByteExtension([IN_ABS_SEND_TIME_ID, [0xaa, 0xbb, 0xcc]]),
      ...options,
    });
    this.sequence = (this.sequence + 1) & 0xffff;
    return packet;
  }

  /** The packets of one video frame; their bodies name sender and sequence, so that none looks like another. */
  frame(keyFrame: boolean, packets = 2): Buffer[] {
    const buffers = Array.from({ length: packets }, (_, index) =>
      this.#packet({
        marker: index === packets - 1,
        payload: vp8Payload({
          keyFrame,
          start: index === 0,
          pictureId: this.pictureId,
          tl0: this.tl0,
          tid: 0,
          keyIndex: 7,
          body: Buffer.from(`${this.ssrc}/${this.sequence}`),
        }),
      }),
    );
    this.timestamp = (this.timestamp + 3_000) >>> 0;
    this.pictureId = (this.pictureId + 1) & 0x7fff;
    this.tl0 = (this.tl0 + 1) & 0xff;
    return buffers;
  }

  /** 20 ms of sound. */
  sound(level: number): Buffer {
    const packet = this.#packet({
      extension: oneByteExtension([IN_LEVEL_ID, [level]], [IN_ABS_SEND_TIME_ID, [0xaa, 0xbb, 0xcc]]),
      payload: Buffer.from(`${this.ssrc}/${this.sequence}`),
    });
    this.timestamp = (this.timestamp + 960) >>> 0;
    return packet;
  }

  padding(): Buffer {
    return this.#packet({ payload: Buffer.alloc(0), padding: 200 });
  }

  receive(packets: Buffer | Buffer[], nowMs: number): void {
    for (const packet of [packets].flat()) {
      assert.ok(this.#rtp.parse(packet));
      this.source.received(IN_LEVEL_ID, nowMs);
    }
  }

  /** Sends a frame straight through. */
  play(keyFrame: boolean, nowMs: number, packets?: number): Buffer[] {
    const buffers = this.frame(keyFrame, packets);
    this.receive(buffers, nowMs);
    return buffers;
  }
}

interface SenderReport {
  ssrc: number;
  atMs: number;
  timestamp: number;
  packets: number;
  octets: number;
}

/** One receiving track and everything that it sent. */
class Receiver {
  readonly rtp: ReadRtp[] = [];
  readonly reports: SenderReport[] = [];
  readonly track: OutTrack;

  constructor(kind: Kind, config: Partial<OutTrackConfig> = {}) {
    this.track = new OutTrack({
      kind,
      ssrc: 0xabcdef01,
      payloadType: kind === 'video' ? 96 : 111,
      cname: 'slot-0',
      extensions: { absSendTimeId: 5, audioLevelId: kind === 'audio' ? 6 : 0 },
      send: (buffer) => {
        // The buffer is used again right after, so it must be copied.
        const packet = Buffer.from(buffer);
        if (!isRtcp(packet)) this.rtp.push(readRtp(packet));
        else
          readRtcp(packet, {
            senderReport: (ssrc, seconds, fraction, timestamp) =>
              this.reports.push({
                ssrc,
                atMs: ntpToMs(seconds, fraction),
                timestamp,
                packets: packet.readUInt32BE(20),
                octets: packet.readUInt32BE(24),
              }),
          });
      },
      ...config,
    });
  }

  /** What was sent since the last call. */
  take(): ReadRtp[] {
    return this.rtp.splice(0);
  }
}

/** Name that {@link Sender} wrote into the payload. */
const nameOf = (packet: ReadRtp): string =>
  /[\d]+\/[\d]+$/.exec(packet.payload.toString('latin1'))?.[0] ?? '';
const payloadOf = (packet: Buffer): Buffer => {
  const rtp = new RtpPacket();
  assert.ok(rtp.parse(packet));
  return packet.subarray(rtp.payloadOffset, rtp.payloadEnd);
};

/** Seconds as an NTP time stamp has them. */
const ntp = (ms: number): [seconds: number, fraction: number] => [
  Math.floor(ms / 1000) + 2_208_988_800,
  Math.floor(((ms % 1000) / 1000) * 2 ** 32),
];

describe('video', () => {
  test('it begins at a key frame, and nothing goes out before', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.feed(a.source);
    for (let index = 0; index < 5; index++) a.play(false, START + index * 33);
    assert.equal(receiver.rtp.length, 0);
    const frame = a.play(true, START + 200, 3);
    assert.equal(receiver.rtp.length, 3);
    assert.equal(readVp8(receiver.rtp[0]!.payload).keyFrame, true);
    assert.equal(nameOf(receiver.rtp[0]!), payloadOf(frame[0]!).toString('latin1').slice(-6));
  });

  test('of the key frame itself it begins at the first packet', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.feed(a.source);
    const [first, second, third] = a.frame(true, 3);
    a.receive([second!, third!], START);
    assert.equal(receiver.rtp.length, 0);
    a.receive(first!, START + 20);
    assert.equal(receiver.take().length, 1);
  });

  test('what arrived of the key frame before its first packet can be had by asking for it', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.feed(a.source);
    const [first, second, third] = a.frame(true, 3);
    a.receive([second!, third!, first!], START);
    a.play(false, START + 33, 1);
    const [key, next] = receiver.take();
    assert.equal((next!.sequence - key!.sequence) & 0xffff, 3);
    receiver.track.retransmit([(key!.sequence + 1) & 0xffff, (key!.sequence + 2) & 0xffff], START + 50);
    assert.deepEqual(
      receiver.rtp.map(nameOf),
      [second, third].map((packet) => /\d+\/\d+$/.exec(String(packet))![0]),
    );
  });

  test('after a switch nothing of the old source goes out, and the new one begins at its key frame', () => {
    const [a, b, receiver] = [new Sender('video', 1), new Sender('video', 2), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START);
    receiver.take();
    receiver.track.feed(b.source);
    for (let index = 0; index < 5; index++) {
      a.play(index === 2, START + index * 33);
      b.play(false, START + index * 33);
    }
    assert.equal(receiver.take().length, 0);
    b.play(true, START + 200);
    a.play(false, START + 200);
    b.play(false, START + 233);
    assert.deepEqual(
      receiver.rtp.map((packet) => nameOf(packet).split('/')[0]),
      ['2', '2', '2', '2'],
    );
  });

  test('the receiver sees one stream: its SSRC and payload type, no hole, time that goes on', () => {
    const [a, b] = [
      new Sender('video', 1, { sequence: 65_530, timestamp: 0xfffffff0, pictureId: 32_760, tl0: 250 }),
      new Sender('video', 2, { sequence: 7, timestamp: 77, pictureId: 7, tl0: 7 }),
    ];
    const receiver = new Receiver('video');
    receiver.track.feed(a.source);
    for (let index = 0; index < 20; index++) a.play(index === 0, START + index * 33);
    receiver.track.feed(b.source);
    for (let index = 20; index < 40; index++) b.play(index === 20, START + index * 33);
    assert.equal(receiver.rtp.length, 80);
    receiver.rtp.forEach((packet, index) => {
      assert.equal(packet.ssrc, 0xabcdef01);
      assert.equal(packet.payloadType, 96);
      assert.equal(packet.marker, index % 2 === 1);
      const first = receiver.rtp[0]!;
      assert.equal((packet.sequence - first.sequence) & 0xffff, index);
      const frames = Math.floor(index / 2);
      // Each source counts 3,000 per frame; the switch itself goes by the clock, 33 ms.
      const expected = frames * 3_000 + (frames >= 20 ? 33 * 90 - 3_000 : 0);
      assert.equal((packet.timestamp - first.timestamp) >>> 0, expected, `packet ${index}`);
      const [vp8, vp8First] = [readVp8(packet.payload), readVp8(first.payload)];
      assert.equal((vp8.pictureId! - vp8First.pictureId!) & 0x7fff, frames);
      assert.equal((vp8.tl0! - vp8First.tl0!) & 0xff, frames);
    });
  });

  test('of the payload only picture id and TL0PICIDX are different', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.feed(a.source);
    const sent = [...a.play(true, START, 3), ...a.play(false, START + 33, 3)];
    assert.equal(receiver.rtp.length, 6);
    sent.forEach((packet, index) => {
      const [before, after] = [readVp8(payloadOf(packet)), readVp8(receiver.rtp[index]!.payload)];
      assert.deepEqual(after.rest, before.rest);
      assert.equal(after.keyFrame, before.keyFrame);
    });
  });

  test('the packets of the source are left as they came', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.feed(a.source);
    const frame = a.frame(true, 2);
    const copies = frame.map((packet) => Buffer.from(packet));
    a.receive(frame, START);
    assert.deepEqual(frame, copies);
  });

  test('short picture ids stay short and go on across a switch', () => {
    const receiver = new Receiver('video');
    const ids: number[] = [];
    for (const ssrc of [1, 2]) {
      const rtp = new RtpPacket();
      const source = new Source('video', ssrc, rtp);
      receiver.track.feed(source);
      for (let index = 0; index < 200; index++) {
        const payload = vp8Payload({
          keyFrame: index === 0,
          pictureId: (index + ssrc * 50) & 0x7f,
          pictureIdBits: 7,
        });
        assert.ok(rtp.parse(rtpPacket({ sequence: index, payload })));
        source.received(0, START + index);
        const out = receiver.take()[0]!;
        assert.equal(out.payload.length, payload.length);
        ids.push(readVp8(out.payload).pictureId!);
      }
    }
    ids.forEach((id, index) => index > 0 && assert.equal(id, (ids[index - 1]! + 1) & 0x7f));
  });

  test('video without picture ids passes unchanged', () => {
    const [receiver, rtp] = [new Receiver('video'), new RtpPacket()];
    const source = new Source('video', 1, rtp);
    receiver.track.feed(source);
    const payload = vp8Payload({ keyFrame: true });
    assert.ok(rtp.parse(rtpPacket({ payload })));
    source.received(0, START);
    assert.deepEqual(receiver.rtp[0]!.payload, payload);
  });

  test('packets of nothing but padding keep their numbers', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START, 1);
    a.receive(a.padding(), START + 5);
    a.play(false, START + 33, 1);
    const [first, padding, last] = receiver.rtp;
    assert.equal(padding!.payload.length, 0);
    assert.equal((padding!.sequence - first!.sequence) & 0xffff, 1);
    assert.equal((last!.sequence - first!.sequence) & 0xffff, 2);
  });

  test('a packet that is too large to be sent is left out, the stream goes on', () => {
    const [receiver, rtp] = [new Receiver('video'), new RtpPacket()];
    const source = new Source('video', 1, rtp);
    receiver.track.feed(source);
    for (const [sequence, length] of [
      [1, 1_200],
      [2, 5_000],
      [3, 1_200],
    ] as const) {
      const payload = vp8Payload({ keyFrame: sequence === 1, pictureId: 1, body: Buffer.alloc(length) });
      assert.ok(rtp.parse(rtpPacket({ sequence, payload })));
      source.received(0, START);
    }
    assert.equal(receiver.rtp.length, 2);
    assert.equal((receiver.rtp[1]!.sequence - receiver.rtp[0]!.sequence) & 0xffff, 2);
  });

  test('truncated VP8 descriptors never throw nor write outside the payload', () => {
    const [receiver, rtp] = [new Receiver('video'), new RtpPacket()];
    const source = new Source('video', 1, rtp);
    receiver.track.feed(source);
    const whole = vp8Payload({ keyFrame: true, pictureId: 5, tl0: 5, tid: 1, body: Buffer.alloc(0) });
    const payloads = [whole];
    for (let length = 0; length < whole.length; length++) payloads.push(whole.subarray(0, length));
    payloads.forEach((payload, index) => {
      assert.ok(rtp.parse(rtpPacket({ sequence: index, payload })));
      source.received(0, START);
    });
    assert.deepEqual(
      receiver.rtp.map((packet) => packet.payload.length),
      payloads.map((payload) => payload.length),
    );
  });

  test('the same source again changes nothing', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START);
    receiver.track.feed(a.source);
    a.play(false, START + 33);
    assert.equal(receiver.rtp.length, 4);
  });

  test('without a source, and when closed, the track is silent and nobody keeps it', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START);
    receiver.track.feed(undefined);
    assert.equal(a.source.listeners.size, 0);
    receiver.take();
    a.play(true, START + 33);
    assert.equal(receiver.rtp.length, 0);
    receiver.track.feed(a.source);
    receiver.track.close();
    assert.equal(a.source.listeners.size, 0);
    assert.equal(receiver.track.source, undefined);
  });

  test('the same source after a pause begins at a key frame and follows on', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START, 1);
    receiver.track.feed(undefined);
    for (let index = 1; index < 60; index++) a.play(false, START + index * 33);
    receiver.track.feed(a.source);
    a.play(false, START + 2_000);
    a.play(true, START + 2_033, 1);
    const [before, after, ...more] = receiver.rtp;
    assert.equal(more.length, 0);
    assert.equal((after!.sequence - before!.sequence) & 0xffff, 1);
    assert.equal((after!.timestamp - before!.timestamp) >>> 0, 2_033 * 90);
    assert.equal((readVp8(after!.payload).pictureId! - readVp8(before!.payload).pictureId!) & 0x7fff, 1);
  });

  test('two receivers of one source are numbered independently', () => {
    const a = new Sender('video', 1);
    const receivers = [
      new Receiver('video', { ssrc: 1 }),
      new Receiver('video', { ssrc: 2, payloadType: 100 }),
    ];
    receivers[0]!.track.feed(a.source);
    a.play(true, START);
    receivers[1]!.track.feed(a.source);
    a.play(true, START + 33);
    a.play(false, START + 66);
    assert.deepEqual(
      receivers.map(({ rtp }) => rtp.length),
      [6, 4],
    );
    assert.deepEqual(receivers[0]!.rtp.slice(2).map(nameOf), receivers[1]!.rtp.map(nameOf));
    assert.ok(receivers[1]!.rtp.every((packet) => packet.ssrc === 2 && packet.payloadType === 100));
  });
});

describe('key-frame requests', () => {
  test('a switch asks the new source for one, and goes on asking every 300 ms until it comes', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    assert.equal(a.source.takeKeyFrameRequest(START), false);
    receiver.track.feed(a.source);
    const asked = [];
    for (let ms = 0; ms < 1_000; ms += 20) if (a.source.takeKeyFrameRequest(START + ms)) asked.push(ms);
    assert.deepEqual(asked, [0, 300, 600, 900]);
    a.play(false, START + 1_000);
    assert.equal(a.source.takeKeyFrameRequest(START + 1_300), true);
    a.play(true, START + 1_400);
    assert.equal(a.source.takeKeyFrameRequest(START + 2_000), false);
  });

  test('however many receivers ask, the source is asked once in 300 ms', () => {
    const a = new Sender('video', 1);
    const receivers = Array.from({ length: 10 }, () => new Receiver('video'));
    let requests = 0;
    for (let ms = 0; ms < 900; ms += 10) {
      const receiver = receivers[(ms / 10) % 10]!;
      receiver.track.feed(a.source);
      receiver.track.requestKeyFrame();
      requests += Number(a.source.takeKeyFrameRequest(START + ms));
      a.play(true, START + ms);
    }
    assert.equal(requests, 3);
  });

  test('once a key frame came, the source is not asked for what was lost before it', () => {
    const a = new Sender('video', 1);
    a.play(true, START, 1);
    a.frame(false, 3);
    const keyFrame = a.frame(true, 3);
    a.receive([keyFrame[0]!, keyFrame[2]!], START + 66);
    const { sequences } = a.source.nack.due(START + 100);
    assert.deepEqual(sequences, [1_000 + 1 + 3 + 1]);
  });

  test('sound is never asked for key frames', () => {
    const [a, receiver] = [new Sender('audio', 1), new Receiver('audio')];
    receiver.track.feed(a.source);
    receiver.track.requestKeyFrame();
    assert.equal(a.source.takeKeyFrameRequest(START), false);
  });
});

describe('audio', () => {
  test('it begins at once and switches at once', () => {
    const [a, b, receiver] = [new Sender('audio', 1), new Sender('audio', 2), new Receiver('audio')];
    receiver.track.feed(a.source);
    a.receive(a.sound(30), START);
    receiver.track.feed(b.source);
    a.receive(a.sound(30), START + 20);
    b.receive(b.sound(30), START + 20);
    assert.deepEqual(receiver.rtp.map(nameOf), ['1/1000', '2/1000']);
    const [first, second] = receiver.rtp;
    assert.equal((second!.sequence - first!.sequence) & 0xffff, 1);
    assert.equal((second!.timestamp - first!.timestamp) >>> 0, 960);
    assert.ok(receiver.rtp.every(({ ssrc, payloadType }) => ssrc === 0xabcdef01 && payloadType === 111));
  });

  test('a packet from before the switch that comes late is left out', () => {
    const [a, receiver] = [new Sender('audio', 1), new Receiver('audio')];
    const [early, first] = [a.sound(30), a.sound(30)];
    receiver.track.feed(a.source);
    a.receive([first, early], START);
    assert.deepEqual(receiver.rtp.map(nameOf), ['1/1001']);
  });

  test('the payload passes byte for byte', () => {
    const [a, receiver] = [new Sender('audio', 1), new Receiver('audio')];
    receiver.track.feed(a.source);
    const packet = a.sound(30);
    a.receive(packet, START);
    assert.deepEqual(receiver.rtp[0]!.payload, payloadOf(packet));
  });
});

describe('header extensions', () => {
  test("they carry the receiver's ids, our send time and the source's loudness, and nothing else", () => {
    const [a, receiver] = [new Sender('audio', 1), new Receiver('audio')];
    receiver.track.feed(a.source);
    a.receive(a.sound(0x80 | 33), START + 123);
    const { extensions } = receiver.rtp[0]!;
    assert.deepEqual([...extensions.keys()], [5, 6]);
    assert.equal(extensions.get(5)!.readUIntBE(0, 3), absSendTime(START + 123));
    assert.deepEqual(extensions.get(6), Buffer.from([0x80 | 33]));
  });

  test('the loudness of one packet is not sent with the next', () => {
    const [a, receiver] = [new Sender('audio', 1), new Receiver('audio')];
    receiver.track.feed(a.source);
    a.receive(a.sound(33), START);
    a.receive(a.padding(), START + 20);
    assert.deepEqual(
      receiver.rtp.map(({ extensions }) => extensions.has(6)),
      [true, false],
    );
  });

  test('what the receiver did not offer is not sent', () => {
    const [a, receiver] = [
      new Sender('audio', 1),
      new Receiver('audio', { extensions: { absSendTimeId: 0, audioLevelId: 0 } }),
    ];
    receiver.track.feed(a.source);
    a.receive(a.sound(33), START);
    assert.equal(receiver.rtp[0]!.extensions.size, 0);
  });
});

describe('retransmission', () => {
  test('a repeated packet has number, time and payload of the first time, also across switches', () => {
    const [a, b, receiver] = [new Sender('video', 1), new Sender('video', 2), new Receiver('video')];
    receiver.track.feed(a.source);
    for (let index = 0; index < 10; index++) a.play(index === 0, START + index * 33);
    receiver.track.feed(b.source);
    for (let index = 0; index < 10; index++) b.play(index === 0, START + 400 + index * 33);
    receiver.track.feed(a.source);
    for (let index = 0; index < 10; index++) a.play(index === 0, START + 800 + index * 33);
    const first = receiver.take();
    assert.equal(first.length, 60);
    receiver.track.retransmit(
      first.map(({ sequence }) => sequence),
      START + 1_200,
    );
    const again = receiver.take();
    assert.equal(again.length, 60);
    again.forEach((packet, index) => {
      const { marker, payloadType, sequence, timestamp, ssrc, payload } = first[index]!;
      assert.deepEqual(
        { ...packet, extensions: 0 },
        { marker, payloadType, sequence, timestamp, ssrc, payload, extensions: 0 },
      );
      assert.equal(packet.extensions.get(5)!.readUIntBE(0, 3), absSendTime(START + 1_200), 'sent now');
    });
  });

  test('retransmissions do not disturb what follows', () => {
    const [a, b, receiver] = [new Sender('video', 1), new Sender('video', 2), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START, 1);
    a.play(false, START + 33, 1);
    const sent = receiver.take();
    receiver.track.retransmit([sent[0]!.sequence], START + 40);
    receiver.take();
    receiver.track.feed(b.source);
    b.play(true, START + 66, 1);
    const [next] = receiver.rtp;
    assert.equal((next!.sequence - sent[1]!.sequence) & 0xffff, 1);
    assert.equal((next!.timestamp - sent[1]!.timestamp) >>> 0, 33 * 90);
  });

  test('a packet of which the source got to know only later is sent when it is asked for', () => {
    const [a, receiver] = [new Sender('audio', 1), new Receiver('audio')];
    receiver.track.feed(a.source);
    const [first, lost, third] = [a.sound(1), a.sound(2), a.sound(3)];
    a.receive([first, third], START);
    const missing = (receiver.take()[0]!.sequence + 1) & 0xffff;
    receiver.track.retransmit([missing], START + 10);
    assert.deepEqual(receiver.take(), [], 'nobody has it');
    receiver.track.feed(undefined);
    a.receive(lost, START + 20);
    receiver.track.retransmit([missing], START + 30);
    assert.deepEqual(
      receiver.rtp.map((packet) => [packet.sequence, nameOf(packet)]),
      [[missing, '1/1001']],
    );
  });

  test('numbers that were never sent are ignored', () => {
    const [a, receiver] = [new Sender('audio', 1), new Receiver('audio')];
    receiver.track.retransmit([0, 1, 65_535], START);
    receiver.track.feed(a.source);
    const early = a.sound(1);
    a.receive([a.sound(1), early], START);
    const { sequence } = receiver.take()[0]!;
    for (const offset of [-1, 1, 2, 1_000, 30_000, -30_000]) {
      receiver.track.retransmit([(sequence + offset) & 0xffff], START);
    }
    assert.equal(receiver.rtp.length, 0);
  });

  test('packets too old for the ring are gone, the youngest it holds is there', () => {
    for (const [kind, size] of [
      ['audio', 256],
      ['video', 1_024],
    ] as const) {
      const [a, receiver] = [new Sender(kind, 1), new Receiver(kind)];
      receiver.track.feed(a.source);
      for (let index = 0; index <= size; index++) {
        a.receive(kind === 'audio' ? a.sound(1) : a.frame(index === 0, 1), START + index * 20);
      }
      const sent = receiver.take();
      receiver.track.retransmit([sent[0]!.sequence, sent[1]!.sequence], START + 99_999);
      assert.deepEqual(receiver.rtp.map(nameOf), [nameOf(sent[1]!)], kind);
    }
  });

  test('what is asked for again before it can have come is not sent again', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video', { roundTripMs: () => 300 })];
    receiver.track.feed(a.source);
    a.play(true, START, 1);
    const { sequence } = receiver.take()[0]!;
    for (let afterMs = 100; afterMs < 700; afterMs += 50)
      receiver.track.retransmit([sequence], START + afterMs);
    assert.equal(receiver.rtp.length, 2);
  });

  test('what is sent again is not counted as new', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START, 1);
    const { bytesSent, packetsSent } = receiver.track;
    receiver.track.retransmit([receiver.take()[0]!.sequence], START + 100);
    assert.deepEqual([receiver.track.bytesSent, receiver.track.packetsSent], [bytesSent, packetsSent + 1]);
  });

  test('one request is worth at most 100 packets', () => {
    const [a, receiver] = [new Sender('audio', 1), new Receiver('audio')];
    receiver.track.feed(a.source);
    for (let index = 0; index < 150; index++) a.receive(a.sound(1), START + index * 20);
    const sequences = receiver.take().map(({ sequence }) => sequence);
    receiver.track.retransmit([...sequences, ...sequences, ...sequences], START + 5_000);
    assert.equal(receiver.rtp.length, 100);
  });
});

describe('another layer of the same picture', () => {
  test('what is sent goes on until the key frame of the other layer, then only that one', () => {
    const [a, b, receiver] = [new Sender('video', 1), new Sender('video', 2), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START, 1);
    receiver.track.follow(b.source);
    assert.equal(receiver.track.source, b.source, 'it is what was asked for');
    for (let index = 1; index <= 3; index++) {
      a.play(false, START + index * 33, 1);
      b.play(false, START + index * 33, 1);
    }
    b.play(true, START + 132, 1);
    a.play(false, START + 132, 1);
    b.play(false, START + 165, 1);
    assert.deepEqual(
      receiver.rtp.map((packet) => nameOf(packet).split('/')[0]),
      ['1', '1', '1', '1', '2', '2'],
    );
  });

  test('the receiver sees one stream across the change, there and back', () => {
    const layers = [
      new Sender('video', 1, { sequence: 65_530, timestamp: 0xfffffff0, pictureId: 32_760, tl0: 250 }),
      new Sender('video', 2, { sequence: 7, timestamp: 77, pictureId: 7, tl0: 7 }),
    ];
    const receiver = new Receiver('video');
    receiver.track.feed(layers[0]!.source);
    let nowMs = START;
    for (let turn = 0; turn < 8; turn++) {
      if (turn > 0) receiver.track.follow(layers[turn % 2]!.source);
      for (let index = 0; index < 5; index++, nowMs += 33) {
        for (const layer of layers) layer.play(index === 2, nowMs, 2);
      }
    }
    const packets = receiver.take();
    packets.forEach((packet, index) => {
      if (index === 0) return;
      const before = packets[index - 1]!;
      assert.equal((packet.sequence - before.sequence) & 0xffff, 1);
      const elapsed = (packet.timestamp - before.timestamp) >>> 0;
      assert.ok(elapsed < 90_000, `time goes on, by ${elapsed}`);
      const [id, idBefore] = [packet, before].map(({ payload }) => readVp8(payload).pictureId!);
      assert.ok([0, 1].includes((id! - idBefore!) & 0x7fff), 'picture ids follow on');
    });
  });

  test('the other layer is asked for a key frame, the present one is left alone', () => {
    const [a, b, receiver] = [new Sender('video', 1), new Sender('video', 2), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START);
    receiver.track.follow(b.source);
    assert.equal(b.source.takeKeyFrameRequest(START + 10), true);
    assert.equal(a.source.takeKeyFrameRequest(START + 10), false);
  });

  test('a change that was thought better of leaves everything as it was', () => {
    const [a, b, receiver] = [new Sender('video', 1), new Sender('video', 2), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START, 1);
    receiver.track.follow(b.source);
    receiver.track.follow(a.source);
    b.play(true, START + 33, 1);
    a.play(false, START + 66, 1);
    assert.deepEqual(
      receiver.rtp.map((packet) => nameOf(packet).split('/')[0]),
      ['1', '1'],
    );
    assert.equal(b.source.listeners.size, 0);
  });

  test('where nothing is sent yet it begins with the layer asked for last', () => {
    const [a, b, receiver] = [new Sender('video', 1), new Sender('video', 2), new Receiver('video')];
    receiver.track.feed(a.source);
    receiver.track.follow(b.source);
    a.play(true, START, 1);
    b.play(true, START, 1);
    assert.deepEqual(
      receiver.rtp.map((packet) => nameOf(packet).split('/')[0]),
      ['2'],
    );
  });

  test('packets of the layer before can still be had', () => {
    const [a, b, receiver] = [new Sender('video', 1), new Sender('video', 2), new Receiver('video')];
    receiver.track.feed(a.source);
    for (let index = 0; index < 3; index++) a.play(index === 0, START + index * 33, 1);
    receiver.track.follow(b.source);
    b.play(true, START + 100, 1);
    const sent = receiver.take();
    receiver.track.retransmit(
      sent.map(({ sequence }) => sequence),
      START + 200,
    );
    assert.deepEqual(receiver.rtp.map(nameOf), sent.map(nameOf));
  });

  test('closing leaves no listener behind, neither on the present nor on the next layer', () => {
    const [a, b, receiver] = [new Sender('video', 1), new Sender('video', 2), new Receiver('video')];
    receiver.track.feed(a.source);
    a.play(true, START);
    receiver.track.follow(b.source);
    receiver.track.close();
    assert.deepEqual([a.source.listeners.size, b.source.listeners.size], [0, 0]);
  });
});

describe('sender reports', () => {
  /** The sender's clock is an hour behind; frames are captured exactly when they arrive. */
  const OFFSET = 3_600_000;

  function reported(sender: Sender, rtpTimestamp: number, nowMs: number): void {
    const [seconds, fraction] = ntp(nowMs - OFFSET);
    sender.source.senderReport(seconds, fraction, rtpTimestamp, OFFSET, nowMs);
  }

  test('there is none before the source had one, nor before anything was sent', () => {
    const [a, receiver] = [new Sender('video', 1), new Receiver('video')];
    receiver.track.report(START);
    receiver.track.feed(a.source);
    a.play(true, START);
    receiver.track.report(START + 10);
    assert.equal(receiver.reports.length, 0);

    const [b, other] = [new Sender('video', 2), new Receiver('video')];
    reported(b, b.timestamp, START);
    other.track.feed(b.source);
    other.track.report(START + 10);
    assert.equal(other.reports.length, 0);
  });

  test('a switch is followed by a report at once', () => {
    const [a, receiver] = [new Sender('audio', 1), new Receiver('audio')];
    reported(a, a.timestamp, START);
    receiver.track.feed(a.source);
    a.receive(a.sound(1), START);
    assert.equal(receiver.reports.length, 1);
    a.receive(a.sound(1), START + 20);
    assert.equal(receiver.reports.length, 1);
  });

  for (const [kind, clockRate] of [
    ['video', 90_000],
    ['audio', 48_000],
  ] as const) {
    test(`${kind}: the reported RTP time is the one of packets captured at that moment, for each source`, () => {
      const receiver = new Receiver(kind);
      const senders = [
        new Sender(kind, 1, { timestamp: 0xffffff00 }),
        new Sender(kind, 2, { timestamp: 123_456 }),
      ];
      let nowMs = START;
      for (const sender of [...senders, senders[0]!]) {
        receiver.track.feed(sender.source);
        nowMs += 777;
        sender.timestamp = (sender.timestamp + 777 * (clockRate / 1000)) >>> 0;
        reported(sender, sender.timestamp, nowMs);
        sender.receive(kind === 'video' ? sender.frame(true, 1) : sender.sound(1), nowMs);
        const packet = receiver.rtp.at(-1)!;
        receiver.track.report(nowMs + 400);
        const [atSwitch, later] = receiver.reports.slice(-2);
        for (const report of [atSwitch!, later!]) {
          assert.equal(report.ssrc, 0xabcdef01);
          const expected = packet.timestamp + ((report.atMs - nowMs) * clockRate) / 1000;
          const error = (report.timestamp - expected) % 2 ** 32;
          assert.ok(Math.abs(error) <= 1 || Math.abs(error) >= 2 ** 32 - 1, `${error} units off`);
        }
        assert.ok(Math.abs(later!.atMs - nowMs - 400) < 0.01);
      }
    });
  }

  test('packets and payload bytes are counted, retransmissions included', () => {
    const [a, receiver] = [new Sender('audio', 1), new Receiver('audio')];
    receiver.track.feed(a.source);
    for (let index = 0; index < 10; index++) a.receive(a.sound(1), START + index * 20);
    receiver.track.retransmit([receiver.rtp[3]!.sequence], START + 300);
    reported(a, a.timestamp, START);
    receiver.track.report(START + 400);
    const octets = receiver.rtp.reduce((sum, { payload }) => sum + payload.length, 0);
    assert.deepEqual([receiver.reports[0]!.packets, receiver.reports[0]!.octets], [11, octets]);
  });
});

describe('long and rough', () => {
  test('three sources, random switches, 10 % loss and reordering: the outgoing numbering is unbroken', () => {
    const random = seededRandom(50);
    const receiver = new Receiver('video');
    const senders = [1, 2, 3].map(
      (ssrc) =>
        new Sender('video', ssrc, {
          sequence: pick(random, 0, 0xffff),
          timestamp: pick(random, 0, 0xffffffff),
          pictureId: pick(random, 0, 0x7fff),
          tl0: pick(random, 0, 0xff),
        }),
    );
    const inOrder = senders.map(() => new SequenceUnwrapper());
    const unwrapOut = new SequenceUnwrapper();
    const sentFirst = new Map<number, ReadRtp>();
    let current = 0;
    receiver.track.feed(senders[0]!.source);

    /** Our own idea of where the stream stands. */
    let segment:
      | {
          sequenceDelta: number;
          timestampDelta: number;
          pictureDelta: number;
          tl0Delta: number;
          firstIn: number;
        }
      | undefined;
    let highest: { out: number; packet: ReadRtp; atMs: number } | undefined;
    const queue: { sender: number; packet: Buffer; atMs: number }[] = [];
    let delivered = 0;
    let segments = 0;
    let lost = 0;

    const deliver = (index: number, packet: Buffer, nowMs: number): void => {
      const rtp = new RtpPacket();
      assert.ok(rtp.parse(packet));
      const inSequence = inOrder[index]!.unwrap(rtp.sequence);
      const vp8In = readVp8(payloadOf(packet));
      senders[index]!.receive(packet, nowMs);
      delivered += 1;
      const out = receiver.take();

      const begins = index === current && !segment && vp8In.keyFrame;
      const expectSent =
        begins || (index === current && segment !== undefined && inSequence >= segment.firstIn);
      assert.equal(out.length, expectSent ? 1 : 0);
      if (!expectSent) return;
      const [sent] = out;
      const vp8Out = readVp8(sent!.payload);
      const outSequence = unwrapOut.unwrap(sent!.sequence);
      assert.deepEqual(vp8Out.rest, vp8In.rest);
      assert.equal(sent!.marker, rtp.marker);
      assert.equal(sent!.ssrc, 0xabcdef01);
      assert.equal(sent!.payloadType, 96);
      if (begins) {
        segments += 1;
        segment = {
          firstIn: inSequence,
          sequenceDelta: outSequence - inSequence,
          timestampDelta: (sent!.timestamp - rtp.timestamp) >>> 0,
          pictureDelta: (vp8Out.pictureId! - vp8In.pictureId!) & 0x7fff,
          tl0Delta: (vp8Out.tl0! - vp8In.tl0!) & 0xff,
        };
        if (highest) {
          const before = readVp8(highest.packet.payload);
          assert.equal(outSequence, highest.out + 1, 'no hole and no overlap at a switch');
          assert.equal(vp8Out.pictureId, (before.pictureId! + 1) & 0x7fff);
          assert.equal(vp8Out.tl0, (before.tl0! + 1) & 0xff);
          const elapsed = Math.max(1, nowMs - highest.atMs) * 90;
          assert.equal((sent!.timestamp - highest.packet.timestamp) >>> 0, elapsed);
        }
      } else {
        assert.equal(outSequence - inSequence, segment!.sequenceDelta);
        assert.equal((sent!.timestamp - rtp.timestamp) >>> 0, segment!.timestampDelta);
        assert.equal((vp8Out.pictureId! - vp8In.pictureId!) & 0x7fff, segment!.pictureDelta);
        assert.equal((vp8Out.tl0! - vp8In.tl0!) & 0xff, segment!.tl0Delta);
      }
      assert.ok(!sentFirst.has(outSequence), `${outSequence} was used twice`);
      sentFirst.set(outSequence, sent!);
      if (!highest || outSequence > highest.out) highest = { out: outSequence, packet: sent!, atMs: nowMs };
    };

    for (let nowMs = START; delivered < 5_000; nowMs += 5) {
      if (random() < 0.01) {
        const next = pick(random, 0, 2);
        if (next !== current) segment = undefined;
        current = next;
        receiver.track.feed(senders[current]!.source);
      }
      senders.forEach((sender, index) => {
        if ((nowMs - START) % 35 !== index * 5) return;
        const keyFrame = sender.source.takeKeyFrameRequest(nowMs);
        for (const packet of sender.frame(keyFrame, pick(random, 1, keyFrame ? 8 : 4))) {
          if (random() < 0.1) lost += 1;
          else
            queue.push({ sender: index, packet, atMs: nowMs + (random() < 0.2 ? pick(random, 0, 60) : 0) });
        }
      });
      const due = queue.filter(({ atMs }) => atMs <= nowMs);
      queue.splice(0, queue.length, ...queue.filter(({ atMs }) => atMs > nowMs));
      for (const { sender, packet } of due) deliver(sender, packet, nowMs);

      if (highest && random() < 0.1) {
        // Whatever is asked for, sent or not: it is either what went out under that number, or a packet of the source
        // that arrived too late to be forwarded by itself.
        const asked = highest.out - pick(random, -3, 200);
        receiver.track.retransmit([asked & 0xffff], nowMs);
        const [again, ...more] = receiver.take();
        assert.equal(more.length, 0);
        const first = sentFirst.get(asked);
        if (asked > highest.out) assert.equal(again, undefined);
        if (again && first) {
          assert.deepEqual({ ...again, extensions: 0 }, { ...first, extensions: 0 });
        }
        if (again) assert.equal(again.sequence, asked & 0xffff);
      }
    }
    assert.ok(segments > 20, `${segments} switches`);
    assert.ok(lost > 400, `${lost} lost`);
    assert.ok(sentFirst.size > 1_000, `${sentFirst.size} sent`);

    // In the order of their numbers, frames and their times only ever go forward.
    const ordered = [...sentFirst].sort(([a], [b]) => a - b).map(([, packet]) => packet);
    ordered.forEach((packet, index) => {
      if (index === 0) return;
      const step = (packet.timestamp - ordered[index - 1]!.timestamp) | 0;
      assert.ok(step >= 0, `timestamp steps by ${step}`);
      const pictures =
        (readVp8(packet.payload).pictureId! - readVp8(ordered[index - 1]!.payload).pictureId!) & 0x7fff;
      assert.ok(pictures < 100, `picture id steps by ${pictures}`);
    });
  });

  test('100,000 packets without a switch, and the last ones can still be had again', () => {
    const [a, receiver] = [new Sender('audio', 1, { sequence: 40_000 }), new Receiver('audio')];
    receiver.track.feed(a.source);
    let last: ReadRtp | undefined;
    for (let index = 0; index < 100_000; index++) {
      a.receive(a.sound(40), START + index * 20);
      const [packet] = receiver.take();
      if (last && ((packet!.sequence - last.sequence) & 0xffff) !== 1) assert.fail(`seam at packet ${index}`);
      last = packet;
    }
    receiver.track.retransmit([last!.sequence, (last!.sequence - 200) & 0xffff], START + 3_000_000);
    assert.equal(receiver.rtp.length, 2);
    assert.deepEqual(receiver.rtp[0]!.payload, last!.payload);
  });
});

/** Which packet belongs to which stream and layer. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RtpPacket } from '../../../server/src/media/rtp/packet.js';
import { Demultiplexer, type SendLine } from '../../../server/src/media/worker/demultiplexer.js';
import type { Source } from '../../../server/src/media/worker/source.js';
import {
  oneByteExtension,
  pick,
  rtpPacket,
  type RtpOptions,
  seededRandom,
  vp8Payload,
} from '../../helpers/rtp.js';

const RID = 10;
const REPAIRED_RID = 11;

const line = (more: Partial<SendLine>): SendLine => ({
  kind: 'video',
  payloadType: 96,
  audioLevelId: 0,
  transportCcId: 0,
  ridId: 0,
  repairedRidId: 0,
  layers: [],
  layerSsrcs: [],
  ...more,
});
const plain = [line({}), line({ kind: 'audio', payloadType: 111 })];
const simulcast = [line({ ridId: RID, repairedRidId: REPAIRED_RID, layers: ['l', 'm', 'h'] })];
const bytes = (text: string): number[] => [...Buffer.from(text)];

class Publisher {
  readonly rtp = new RtpPacket();
  readonly started: string[] = [];
  readonly demultiplexer: Demultiplexer;
  nowMs = 1_000_000;

  constructor(lines: SendLine[]) {
    this.demultiplexer = new Demultiplexer(lines, this.rtp, (kind) => this.started.push(kind));
  }

  send(options: RtpOptions): Source | undefined {
    assert.ok(this.rtp.parse(rtpPacket({ payload: vp8Payload({ keyFrame: true }), ...options })));
    const source = this.demultiplexer.sourceOf(this.nowMs);
    source?.received(0, this.nowMs);
    return source;
  }

  layer(ssrc: number, rid: string | undefined, payload?: Buffer): Source | undefined {
    const extension = rid === undefined ? {} : { extension: oneByteExtension([RID, bytes(rid)]) };
    return this.send({ ssrc, ...extension, ...(payload ? { payload } : {}) });
  }

  get video(): (number | undefined)[] {
    return this.demultiplexer.streamOf('video')!.layers.map(({ ssrc }) => ssrc);
  }
}

/** The beginning of a key frame that tells its size. */
const keyFrame = (width: number, height: number): Buffer => {
  const header = Buffer.alloc(9);
  header.writeUIntBE(0x9d012a, 2, 3);
  header.writeUInt16LE(width, 5);
  header.writeUInt16LE(height, 7);
  return vp8Payload({ keyFrame: true, pictureId: 1, tl0: 1, tid: 0, body: header });
};

describe('without simulcast', () => {
  test('the payload type tells sound from picture', () => {
    const publisher = new Publisher(plain);
    assert.equal(publisher.send({ ssrc: 1, payloadType: 96 })!.kind, 'video');
    assert.equal(publisher.send({ ssrc: 2, payloadType: 111 })!.kind, 'audio');
    assert.equal(publisher.send({ ssrc: 3, payloadType: 97 }), undefined);
    assert.deepEqual(publisher.started, ['video', 'audio']);
  });

  test('a sender that begins a new SSRC goes on with it, and is told of once', () => {
    const publisher = new Publisher(plain);
    publisher.send({ ssrc: 1 });
    publisher.send({ ssrc: 2 });
    publisher.send({ ssrc: 2 });
    assert.deepEqual(publisher.video, [2]);
    assert.deepEqual(publisher.started, ['video', 'video']);
  });

  test('a late packet of the old SSRC does not bring it back', () => {
    const publisher = new Publisher(plain);
    const old = publisher.send({ ssrc: 1 });
    publisher.send({ ssrc: 2 });
    assert.equal(publisher.send({ ssrc: 1 }), old);
    assert.deepEqual(publisher.video, [2]);
    assert.equal(publisher.started.length, 2);
  });

  test('a sender that returns to its old SSRC for good is followed', () => {
    const publisher = new Publisher(plain);
    publisher.send({ ssrc: 1 });
    publisher.send({ ssrc: 2 });
    publisher.nowMs += 3000;
    publisher.send({ ssrc: 1 });
    assert.deepEqual(publisher.video, [1]);
  });

  test('one SSRC cannot be sound and picture', () => {
    const publisher = new Publisher(plain);
    publisher.send({ ssrc: 1, payloadType: 96 });
    assert.equal(publisher.send({ ssrc: 1, payloadType: 111 }), undefined);
  });

  test('a sender may change its SSRC as often as it takes its time', () => {
    const publisher = new Publisher(plain);
    for (let ssrc = 1; ssrc <= 100; ssrc++) {
      publisher.nowMs += 1000;
      assert.ok(publisher.send({ ssrc }), `${ssrc}`);
    }
    assert.deepEqual(publisher.video, [100]);
  });

  test('one that invents SSRCs without end is not followed, and what it had goes on', () => {
    const publisher = new Publisher(plain);
    const random = seededRandom(73);
    const sound = publisher.send({ ssrc: 7, payloadType: 111 });
    let accepted = 0;
    for (let index = 0; index < 5000; index++) {
      if (publisher.send({ ssrc: pick(random, 1000, 0xffffffff) })) accepted += 1;
    }
    assert.ok(accepted < 20, `${accepted}`);
    assert.equal(publisher.send({ ssrc: 7, payloadType: 111 }), sound);
  });
});

describe('simulcast', () => {
  test('the rid of its first packets names the layer, later ones need none', () => {
    const publisher = new Publisher(simulcast);
    publisher.layer(30, 'h');
    publisher.layer(10, 'l');
    publisher.layer(20, 'm');
    assert.deepEqual(publisher.video, [10, 20, 30]);
    for (const ssrc of [10, 20, 30]) assert.equal(publisher.layer(ssrc, undefined)!.ssrc, ssrc);
    assert.equal(publisher.started.length, 3);
  });

  test('layers are ordered by the size of their pictures, whatever they are called', () => {
    const publisher = new Publisher(simulcast);
    publisher.layer(10, 'l', keyFrame(1280, 720));
    publisher.layer(20, 'm', keyFrame(640, 360));
    publisher.layer(30, 'h', keyFrame(320, 180));
    assert.deepEqual(publisher.video, [30, 20, 10]);
    const [smallest] = publisher.demultiplexer.streamOf('video')!.layers;
    assert.deepEqual(smallest!.size, { width: 320, height: 180 });
  });

  test('an SSRC without a name, with an unknown one, or of a retransmission is nobody’s', () => {
    const publisher = new Publisher(simulcast);
    assert.equal(publisher.layer(1, undefined), undefined);
    assert.equal(publisher.layer(2, 'x'), undefined);
    const extension = oneByteExtension([REPAIRED_RID, bytes('l')]);
    assert.equal(publisher.send({ ssrc: 3, extension }), undefined);
    assert.deepEqual(publisher.started, []);
    assert.ok(publisher.layer(1, 'l'), 'once it says its name it is taken');
  });

  test('a layer that begins again replaces itself and no other', () => {
    const publisher = new Publisher(simulcast);
    publisher.layer(10, 'l');
    publisher.layer(20, 'm');
    publisher.layer(21, 'm');
    publisher.layer(20, undefined);
    assert.deepEqual(publisher.video, [10, 21]);
  });

  test('layers may be listed as SSRCs instead', () => {
    const publisher = new Publisher([line({ layerSsrcs: [5, 6, 7] })]);
    for (const ssrc of [7, 5, 6]) publisher.send({ ssrc });
    assert.deepEqual(publisher.video, [5, 6, 7]);
    assert.equal(publisher.send({ ssrc: 8 }), undefined);
  });
});

describe('a layer that its sender switched off', () => {
  test('is stalled while others go on, and alive again with its next packet', () => {
    const publisher = new Publisher(simulcast);
    publisher.layer(10, 'l');
    publisher.layer(30, 'h');
    const stream = publisher.demultiplexer.streamOf('video')!;
    for (let step = 0; step < 10; step++) {
      publisher.nowMs += 100;
      publisher.layer(10, undefined);
    }
    assert.deepEqual(
      stream.liveLayers(publisher.nowMs).map(({ ssrc }) => ssrc),
      [10],
    );
    publisher.layer(30, undefined);
    assert.equal(stream.liveLayers(publisher.nowMs).length, 2);
  });

  test('nothing is stalled while all are silent: the camera was muted', () => {
    const publisher = new Publisher(simulcast);
    publisher.layer(10, 'l');
    publisher.layer(30, 'h');
    assert.equal(publisher.demultiplexer.streamOf('video')!.liveLayers(publisher.nowMs + 60_000).length, 2);
  });
});

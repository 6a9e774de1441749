/** The pictures of one receiver: real sources and tracks, a receiver that reports what the test wants. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { DownlinkNotice } from '../../../server/src/media/engine.js';
import { RtpPacket } from '../../../server/src/media/rtp/packet.js';
import { OutTrack } from '../../../server/src/media/worker/out-track.js';
import { Source } from '../../../server/src/media/worker/source.js';
import { Stream } from '../../../server/src/media/worker/stream.js';
import { VideoSlots } from '../../../server/src/media/worker/video-slots.js';
import { rtpPacket, vp8Payload } from '../../helpers/rtp.js';

const STEP_MS = 100;
const ADAPT_EVERY = 2;
const SIZES: Record<string, [width: number, height: number, bps: number]> = {
  l: [320, 180, 150_000],
  m: [640, 360, 500_000],
  h: [1280, 720, 1_500_000],
};

/** A camera in layers, a key frame whenever one is asked for. */
class Camera {
  readonly stream: Stream;
  readonly #layers: { name: string; source: Source; rtp: RtpPacket; sequence: number }[] = [];
  /** Layers that are not being sent. */
  readonly off = new Set<string>();

  constructor(
    readonly name: string,
    layers: string[],
  ) {
    this.stream = new Stream('video', layers);
    for (const layer of layers) {
      const rtp = new RtpPacket();
      const source = new Source('video', this.#layers.length + 1, rtp);
      this.stream.set(layer, source);
      this.#layers.push({ name: layer, source, rtp, sequence: 0 });
    }
  }

  play(nowMs: number): void {
    for (const layer of this.#layers) {
      if (this.off.has(layer.name)) continue;
      const [width, height, bps] = SIZES[layer.name]!;
      const isFirst = layer.sequence === 0;
      const keyFrame = layer.source.takeKeyFrameRequest(nowMs) || isFirst;
      const body = Buffer.alloc(1100);
      body.writeUIntBE(0x9d012a, 2, 3);
      body.writeUInt16LE(width, 5);
      body.writeUInt16LE(height, 7);
      const packets = Math.max(1, Math.round((bps * STEP_MS) / 8000 / 1130));
      for (let index = 0; index < packets; index++) {
        const start = index === 0;
        const payload = vp8Payload({ keyFrame: keyFrame && start, start, pictureId: layer.sequence, body });
        assert.ok(
          layer.rtp.parse(rtpPacket({ payload, sequence: (layer.sequence += 1), timestamp: nowMs * 90 })),
        );
        layer.source.received(0, nowMs);
      }
    }
  }

  /** Name of the layer that a source is. */
  nameOf(source: Source | undefined): string | undefined {
    return this.#layers.find((layer) => layer.source === source)?.name;
  }
}

let cameras: Camera[];
let tracks: OutTrack[];
let slots: VideoSlots;
let nowMs: number;
let notices: DownlinkNotice[];

function setUp(layers: string[][]): void {
  nowMs = 1_750_000_000_000;
  notices = [];
  cameras = layers.map((names, index) => new Camera(`camera-${index}`, names));
  tracks = layers.map(
    (_, index) =>
      new OutTrack({
        kind: 'video',
        ssrc: 100 + index,
        payloadType: 96,
        cname: '',
        extensions: { absSendTimeId: 0, audioLevelId: 0 },
        send: () => {},
      }),
  );
  slots = new VideoSlots(tracks);
  slots.setView({ order: layers.map((_, index) => index) });
  cameras.forEach(({ stream, name }, index) => slots.set(index, stream, name));
}

/** @param estimate what the receiver reports each second, by what it is sent */
function run(seconds: number, estimate: (sentBps: number) => number = (sent) => sent * 1.5): void {
  for (let step = 0; step < (seconds * 1000) / STEP_MS; step++, nowMs += STEP_MS) {
    for (const camera of cameras) camera.play(nowMs);
    const sent = shown().reduce((sum, layer) => sum + (layer ? SIZES[layer]![2] : 0), 0);
    if (step % 10 === 0 && sent > 0) slots.downlink.estimated(estimate(sent), nowMs);
    if (step % ADAPT_EVERY === 0) {
      const notice = slots.adapt(sent, 0, nowMs);
      if (notice) notices.push(notice);
    }
  }
}

const shown = (): (string | undefined)[] =>
  tracks.map((track, index) => cameras[index]!.nameOf(track.source));
/** A receiver whose downlink carries this much. */
const atMost =
  (bps: number) =>
  (sent: number): number =>
    sent > bps ? bps * 0.85 : Math.min(sent * 1.5, bps);

describe('three cameras in three layers', () => {
  beforeEach(() =>
    setUp([
      ['l', 'm', 'h'],
      ['l', 'm', 'h'],
      ['l', 'm', 'h'],
    ]),
  );

  test('a receiver that can take it gets the best of all, and hears nothing of it', () => {
    run(30);
    assert.deepEqual(shown(), ['h', 'h', 'h']);
    assert.deepEqual(notices, []);
  });

  test('one that asks for small pictures gets them, the shared screen excepted', () => {
    slots.setView({ order: [2, 0, 1], limit: { width: 640, height: 360 }, favoured: 2 });
    run(30);
    assert.deepEqual(shown(), ['m', 'm', 'h']);
    assert.deepEqual(notices, [], 'what was asked for is not called a shortage');
    slots.setView({ order: [0, 1, 2] });
    run(5);
    assert.deepEqual(shown(), ['h', 'h', 'h']);
  });

  test('a narrow downlink gets smaller layers, the most important ones stay better, and it is told', () => {
    run(20);
    run(20, atMost(1_300_000));
    assert.ok(shown().every(Boolean), `${shown().join()}`);
    assert.ok(shown().includes('l') || shown().includes('m'));
    const order = shown().map((layer) => 'lmh'.indexOf(layer!));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => b - a),
      'in order of importance',
    );
    const alerts = notices.flatMap(({ alert }) => alert ?? []);
    assert.equal(alerts.length, 1);
    assert.equal(alerts[0]!.isLow, true);
    assert.ok(alerts[0]!.bandwidthKbps < alerts[0]!.neededKbps);
    assert.ok(alerts[0]!.neededKbps > 4000 && alerts[0]!.neededKbps < 5000, `${alerts[0]!.neededKbps}`);
    assert.equal(alerts[0]!.videos, 3);
    assert.deepEqual(
      notices.flatMap(({ starved }) => starved),
      [],
    );
    assert.ok(notices.some((notice) => notice.slots.some(({ isLow }) => isLow)));
  });

  test('when it widens again everything comes back, and that is told once as well', () => {
    run(20);
    run(20, atMost(1_300_000));
    notices = [];
    run(180);
    assert.deepEqual(shown(), ['h', 'h', 'h']);
    const alerts = notices.flatMap(({ alert }) => alert ?? []);
    assert.deepEqual(
      alerts.map(({ isLow }) => isLow),
      [false],
    );
    assert.ok(alerts[0]!.bandwidthKbps >= alerts[0]!.neededKbps);
    const last = new Map(notices.flatMap((notice) => notice.slots.map(({ slot, isLow }) => [slot, isLow])));
    assert.ok([...last.values()].every((isLow) => !isLow));
  });

  test('one that carries hardly anything loses pictures, the least important first, and they are named', () => {
    run(20);
    run(40, atMost(220_000));
    assert.equal(shown()[0], 'l');
    assert.equal(shown()[2], undefined);
    const { starved } = notices.findLast((notice) => notice.starved.length > 0)!;
    assert.deepEqual(starved.at(-1), { slot: 2, publisher: 'camera-2' });
    run(240);
    assert.deepEqual(shown(), ['h', 'h', 'h']);
    assert.deepEqual(notices.at(-1)!.starved, []);
  });

  test('a layer that its sender switches off is replaced by the next one, and taken again when it is back', () => {
    run(20);
    cameras[0]!.off.add('h');
    run(3);
    assert.deepEqual(shown(), ['m', 'h', 'h']);
    assert.deepEqual(notices, [], 'it is not the receiver’s doing');
    cameras[0]!.off.clear();
    run(5);
    assert.deepEqual(shown(), ['h', 'h', 'h']);
  });

  test('a slot that empties is silent, one that fills again begins at once', () => {
    run(20);
    slots.set(1, undefined, undefined);
    run(1);
    assert.deepEqual(shown(), ['h', undefined, 'h']);
    slots.set(1, cameras[1]!.stream, 'camera-1');
    run(5);
    assert.deepEqual(shown(), ['h', 'h', 'h']);
  });
});

describe('cameras without layers', () => {
  beforeEach(() => setUp([['h'], ['h']]));

  test('both are shown where they fit', () => {
    run(20);
    assert.deepEqual(shown(), ['h', 'h']);
  });

  test('where they do not the less important one goes, the other stays', () => {
    run(10);
    run(30, atMost(1_900_000));
    assert.deepEqual(shown(), ['h', undefined]);
    assert.equal(notices.filter(({ alert }) => alert?.isLow).length, 1);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PacketRing } from '../../../server/src/media/rtp/packet-ring.js';
import { OutgoingNumbering, type Segment } from '../../../server/src/media/rtp/rewriter.js';
import { pick, seededRandom } from '../../helpers/rtp.js';

const CLOCK = 90_000;
const START = 1_750_000_000_000;

/** One stream that arrives in order: 33 ms per packet, picture id and TL0PICIDX grow with every packet. */
class Feed {
  readonly ring = new PacketRing(1024);
  constructor(
    public sequence: number,
    public timestamp = 0,
    public pictureId = 0,
    public tl0 = 0,
  ) {}

  next(): void {
    this.sequence += 1;
    this.timestamp = (this.timestamp + 2_970) >>> 0;
    this.pictureId = (this.pictureId + 1) & 0x7fff;
    this.tl0 = (this.tl0 + 1) & 0xff;
  }
}

interface Out {
  /** Unwrapped. */
  sequence: number;
  timestamp: number;
  pictureId: number;
  tl0: number;
}

/** Numbers what `feed` holds, as the sending track does. */
function send(numbering: OutgoingNumbering, segment: Segment, feed: Feed, nowMs: number): Out {
  const out = {
    sequence: numbering.map(segment, feed.sequence),
    timestamp: (feed.timestamp + segment.timestampDelta) >>> 0,
    pictureId: (feed.pictureId + segment.pictureIdDelta) & 0x7fff,
    tl0: (feed.tl0 + segment.tl0Delta) & 0xff,
  };
  numbering.sent(out.sequence, out.timestamp, out.pictureId, out.tl0, nowMs);
  return out;
}

function assertFollows(next: Out, last: Out, message = ''): void {
  assert.equal(next.sequence, last.sequence + 1, `sequence ${message}`);
  assert.equal(next.pictureId, (last.pictureId + 1) & 0x7fff, `picture id ${message}`);
  assert.equal(next.tl0, (last.tl0 + 1) & 0xff, `tl0 ${message}`);
}

describe('starting', () => {
  test('there is no segment before the first switch', () => {
    const numbering = new OutgoingNumbering(CLOCK);
    assert.equal(numbering.current, undefined);
    assert.equal(numbering.locate(0), undefined);
    assert.equal(numbering.locate(40_000), undefined);
  });

  test('sequence, timestamp and picture id begin where the dice say, not at the numbers of the source', () => {
    const starts = [0, 0.25, 0.5, 0.999].map((value) => {
      const numbering = new OutgoingNumbering(CLOCK, () => value);
      const feed = new Feed(70_000, 1, 2, 3);
      return send(numbering, numbering.switchTo(feed, feed.ring, START), feed, START);
    });
    for (const key of ['sequence', 'timestamp', 'pictureId', 'tl0'] as const) {
      assert.equal(new Set(starts.map((out) => out[key])).size, 4, key);
    }
  });

  test('the current segment is the one of the last switch', () => {
    const numbering = new OutgoingNumbering(CLOCK);
    const feed = new Feed(70_000);
    numbering.switchTo(feed, feed.ring, START);
    const second = numbering.switchTo(feed, feed.ring, START);
    assert.equal(numbering.current, second);
  });
});

describe('switching', () => {
  test('sequence, picture id and TL0PICIDX go on as if nothing had happened', () => {
    const numbering = new OutgoingNumbering(CLOCK, seededRandom(1));
    const [a, b] = [new Feed(70_000, 500, 10, 250), new Feed(120_000, 0xfffffff0, 32_767, 3)];
    let segment = numbering.switchTo(a, a.ring, START);
    let last = send(numbering, segment, a, START);
    for (let index = 1; index <= 100; index++) {
      a.next();
      const out = send(numbering, segment, a, START + index * 33);
      assertFollows(out, last);
      last = out;
    }
    segment = numbering.switchTo(b, b.ring, START + 3_400);
    assertFollows(send(numbering, segment, b, START + 3_400), last, 'at the switch');
  });

  test('the timestamp moves on by as much time as has passed', () => {
    for (const [clockRate, units] of [
      [90_000, 22_500],
      [48_000, 12_000],
    ] as const) {
      const numbering = new OutgoingNumbering(clockRate, seededRandom(2));
      const [a, b] = [new Feed(70_000, 0xffffff00), new Feed(70_000, 12_345)];
      const before = send(numbering, numbering.switchTo(a, a.ring, START), a, START);
      const after = send(numbering, numbering.switchTo(b, b.ring, START + 250), b, START + 250);
      assert.equal((after.timestamp - before.timestamp) >>> 0, units);
    }
  });

  test('a pause of many hours moves the timestamp on modulo 2^32', () => {
    const numbering = new OutgoingNumbering(CLOCK, () => 0.9);
    const feed = new Feed(70_000, 7);
    const before = send(numbering, numbering.switchTo(feed, feed.ring, START), feed, START);
    const later = START + 40 * 3_600_000;
    feed.next();
    const after = send(numbering, numbering.switchTo(feed, feed.ring, later), feed, later);
    assert.equal((after.timestamp - before.timestamp) >>> 0, (40 * 3_600 * CLOCK) % 2 ** 32);
  });

  test('the timestamp grows even when the switch falls into the same millisecond or the clock is set back', () => {
    for (const elapsed of [0, -5_000]) {
      const numbering = new OutgoingNumbering(CLOCK, seededRandom(3));
      const [a, b] = [new Feed(70_000, 900), new Feed(70_000, 40)];
      const before = send(numbering, numbering.switchTo(a, a.ring, START), a, START);
      const after = send(numbering, numbering.switchTo(b, b.ring, START + elapsed), b, START + elapsed);
      const step = (after.timestamp - before.timestamp) >>> 0;
      assert.ok(step > 0 && step < 1_000, `${step} after ${elapsed} ms`);
    }
  });

  test('within a segment the timestamps keep the distances of the source', () => {
    const numbering = new OutgoingNumbering(CLOCK, seededRandom(4));
    const feed = new Feed(70_000, 0xffffffff - 5_000);
    const segment = numbering.switchTo(feed, feed.ring, START);
    let last = send(numbering, segment, feed, START).timestamp;
    for (let index = 0; index < 10; index++) {
      feed.next();
      // Arrival jitters; the media clock must not.
      const { timestamp } = send(numbering, segment, feed, START + index * 33 + (index % 3) * 11);
      assert.equal((timestamp - last) >>> 0, 2_970);
      last = timestamp;
    }
  });

  test('back and forth a thousand times leaves no seam', () => {
    const random = seededRandom(5);
    const numbering = new OutgoingNumbering(CLOCK, random);
    const feeds = Array.from(
      { length: 3 },
      () =>
        new Feed(
          65_536 + pick(random, 0, 65_535),
          pick(random, 0, 0xffffffff),
          pick(random, 0, 0x7fff),
          pick(random, 0, 255),
        ),
    );
    let nowMs = START;
    let last: Out | undefined;
    for (let round = 0; round < 1_000; round++) {
      const feed = feeds[pick(random, 0, 2)]!;
      feed.next();
      const segment = numbering.switchTo(feed, feed.ring, nowMs);
      for (let count = pick(random, 1, 40); count > 0; count--) {
        const out = send(numbering, segment, feed, nowMs);
        if (last) {
          assertFollows(out, last, `in round ${round}`);
          const step = (out.timestamp - last.timestamp) >>> 0;
          assert.ok(step > 0 && step < 20 * CLOCK, `timestamp steps by ${step}`);
        }
        last = out;
        feed.next();
        nowMs += 33;
      }
      // Meanwhile the others go on by themselves.
      for (const other of feeds) if (other !== feed) for (let skip = 0; skip < 7; skip++) other.next();
    }
  });

  test('a packet from before the switch has no number', () => {
    const numbering = new OutgoingNumbering(CLOCK);
    const feed = new Feed(70_000);
    const segment = numbering.switchTo(feed, feed.ring, START);
    assert.equal(numbering.map(segment, 69_999), -1);
    assert.equal(numbering.map(segment, 70_000 - 40_000), -1);
    assert.ok(numbering.map(segment, 70_000) > 0);
  });

  test('7-bit picture ids go on modulo 128', () => {
    const numbering = new OutgoingNumbering(CLOCK, seededRandom(6));
    const feed = new Feed(70_000, 0, 120);
    let segment = numbering.switchTo(feed, feed.ring, START);
    let last: number | undefined;
    for (let index = 0; index < 1_000; index++) {
      // As the sending track does it for short ids.
      const pictureId = (feed.pictureId + segment.pictureIdDelta) & 0x7f;
      numbering.sent(numbering.map(segment, feed.sequence), 0, pictureId, -1, START);
      if (last !== undefined) assert.equal(pictureId, (last + 1) & 0x7f);
      last = pictureId;
      feed.sequence += 1;
      feed.pictureId = (feed.pictureId + 1) & 0x7f;
      if (index % 100 === 99) {
        feed.pictureId = (feed.pictureId * 31 + 5) & 0x7f;
        segment = numbering.switchTo(feed, feed.ring, START);
      }
    }
  });

  test('a source without picture ids in between does not disturb their continuity', () => {
    const numbering = new OutgoingNumbering(CLOCK, seededRandom(7));
    const a = new Feed(70_000, 0, 500, 50);
    const before = send(numbering, numbering.switchTo(a, a.ring, START), a, START);
    const plain = new Feed(90_000);
    const segment = numbering.switchTo(plain, plain.ring, START + 10);
    for (let index = 0; index < 50; index++) {
      numbering.sent(numbering.map(segment, plain.sequence++), 0, -1, -1, START + 20);
    }
    a.pictureId = 12_345;
    a.tl0 = 99;
    const after = send(numbering, numbering.switchTo(a, a.ring, START + 30), a, START + 30);
    assert.equal(after.pictureId, (before.pictureId + 1) & 0x7fff);
    assert.equal(after.tl0, (before.tl0 + 1) & 0xff);
  });
});

describe('long streams', () => {
  test('the 16-bit sequence goes through 65,535 to 0, with a switch exactly there', () => {
    // Starts at 0x10000 + 0x7fff: the next 32,768 packets reach 65,535.
    const numbering = new OutgoingNumbering(CLOCK, () => 0.99999);
    const feed = new Feed(70_000);
    let segment = numbering.switchTo(feed, feed.ring, START);
    let out = send(numbering, segment, feed, START);
    const seen = [];
    while (out.sequence < 0x20000 + 3) {
      feed.next();
      if (out.sequence === 0x1ffff) {
        feed.sequence += 1_000;
        segment = numbering.switchTo(feed, feed.ring, START);
      }
      out = send(numbering, segment, feed, START);
      if (out.sequence > 0x1fffc) seen.push(out.sequence & 0xffff);
    }
    assert.deepEqual(seen, [65_533, 65_534, 65_535, 0, 1, 2, 3]);
  });

  for (const packets of [32_769, 70_000, 250_000]) {
    test(`after ${packets} packets without a switch, numbers and the way back are still right`, () => {
      const numbering = new OutgoingNumbering(CLOCK, seededRandom(8));
      const feed = new Feed(65_536 + 60_000);
      const segment = numbering.switchTo(feed, feed.ring, START);
      const first = send(numbering, segment, feed, START);
      let last = first;
      for (let index = 1; index < packets; index++) {
        feed.next();
        const out = send(numbering, segment, feed, START + index);
        if (out.sequence !== last.sequence + 1) assertFollows(out, last);
        last = out;
      }
      assert.equal(last.sequence, first.sequence + packets - 1);
      for (const back of [0, 1, 1_000, 30_000]) {
        assert.deepEqual(numbering.locate((last.sequence - back) & 0xffff), {
          segment,
          sequence: feed.sequence - back,
        });
      }
      assert.equal(numbering.locate((last.sequence + 1) & 0xffff), undefined);
      // And the switch after such a long time follows on.
      const other = new Feed(99_999);
      assertFollows(send(numbering, numbering.switchTo(other, other.ring, START), other, START), last);
    });
  }
});

describe('loss and order in the source', () => {
  test('a lost packet leaves its hole, and the hole is as wide as the loss', () => {
    const numbering = new OutgoingNumbering(CLOCK, seededRandom(9));
    const feed = new Feed(70_000);
    const segment = numbering.switchTo(feed, feed.ring, START);
    const before = send(numbering, segment, feed, START);
    for (let lost = 0; lost < 4; lost++) feed.next();
    assert.equal(send(numbering, segment, feed, START).sequence, before.sequence + 4);
  });

  test('packets out of order keep their places, and the next switch follows the highest', () => {
    const numbering = new OutgoingNumbering(CLOCK, seededRandom(10));
    const a = new Feed(70_000, 0, 100, 10);
    const segment = numbering.switchTo(a, a.ring, START);
    const first = send(numbering, segment, a, START);
    const outs = [3, 1, 4, 2].map((offset) =>
      send(
        numbering,
        segment,
        new Feed(70_000 + offset, offset * 2_970, 100 + offset, 10 + offset),
        START + 50,
      ),
    );
    assert.deepEqual(
      outs.map((out) => out.sequence - first.sequence),
      [3, 1, 4, 2],
    );
    const b = new Feed(80_000, 5, 5, 5);
    const after = send(numbering, numbering.switchTo(b, b.ring, START + 60), b, START + 60);
    assertFollows(after, outs[2]!);
    assert.equal((after.timestamp - outs[2]!.timestamp) >>> 0, 10 * 90);
  });
});

describe('finding packets for retransmission', () => {
  test('each outgoing number of the last segments leads to its source packet, across switches', () => {
    const random = seededRandom(11);
    const numbering = new OutgoingNumbering(CLOCK, random);
    const sent: { out: number; ring: PacketRing; sequence: number; segment: number }[] = [];
    const feeds = [new Feed(70_000), new Feed(130_000)];
    for (let part = 0; part < 20; part++) {
      const feed = feeds[part % 2]!;
      feed.sequence += pick(random, 1, 500);
      const segment = numbering.switchTo(feed, feed.ring, START);
      for (let count = pick(random, 1, 60); count > 0; count--) {
        const out = send(numbering, segment, feed, START).sequence;
        sent.push({ out, ring: feed.ring, sequence: feed.sequence, segment: part });
        // A tenth never arrived, so it was not sent, but may be found: it might have come late.
        do feed.next();
        while (random() < 0.1);
      }
      for (const { out, ring, sequence, segment: of } of sent.slice(-250)) {
        const found = numbering.locate(out & 0xffff);
        if (of <= part - 4) assert.equal(found, undefined, `part ${of} in part ${part}`);
        else {
          assert.equal(found?.sequence, sequence);
          assert.equal(found.segment.ring, ring);
        }
      }
    }
  });

  test('numbers that were never sent are refused: ahead, and before the first', () => {
    const numbering = new OutgoingNumbering(CLOCK, seededRandom(12));
    const feed = new Feed(70_000);
    const segment = numbering.switchTo(feed, feed.ring, START);
    const first = send(numbering, segment, feed, START).sequence;
    for (let index = 0; index < 9; index++) {
      feed.next();
      send(numbering, segment, feed, START);
    }
    for (const ahead of [10, 11, 500, 20_000])
      assert.equal(numbering.locate((first + ahead) & 0xffff), undefined);
    for (const behind of [1, 500, 20_000])
      assert.equal(numbering.locate((first - behind) & 0xffff), undefined);
    assert.equal(numbering.locate(first & 0xffff)?.sequence, 70_000);
  });

  test('before a new source has sent anything, its first number is refused', () => {
    const numbering = new OutgoingNumbering(CLOCK, seededRandom(13));
    const feed = new Feed(70_000);
    const last = send(numbering, numbering.switchTo(feed, feed.ring, START), feed, START).sequence;
    const other = new Feed(90_000);
    numbering.switchTo(other, other.ring, START);
    assert.equal(numbering.locate((last + 1) & 0xffff), undefined);
    assert.equal(numbering.locate(last & 0xffff)?.segment.ring, feed.ring);
  });

  test('a retransmission or a late packet does not move the stream back', () => {
    const numbering = new OutgoingNumbering(CLOCK, seededRandom(14));
    const a = new Feed(70_000, 0, 10, 10);
    const segment = numbering.switchTo(a, a.ring, START);
    for (let index = 0; index < 10; index++) {
      a.next();
      send(numbering, segment, a, START + index * 33);
    }
    const last = send(numbering, segment, a, START + 330);
    send(numbering, segment, new Feed(70_003, 3 * 2_970, 13, 13), START + 400);
    const b = new Feed(80_000);
    assertFollows(send(numbering, numbering.switchTo(b, b.ring, START + 430), b, START + 430), last);
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PacketRing } from '../../../server/src/media/rtp/packet-ring.js';

const packet = (sequence: number): Buffer => Buffer.from(String(sequence));

test('the last packets are there, older ones are gone', () => {
  const ring = new PacketRing(8);
  for (let sequence = 65_536; sequence < 65_636; sequence++) ring.put(sequence, packet(sequence));
  for (let sequence = 65_536; sequence < 65_628; sequence++) assert.equal(ring.get(sequence), undefined);
  for (let sequence = 65_628; sequence < 65_636; sequence++) {
    assert.equal(ring.get(sequence)?.toString(), String(sequence));
  }
});

test('the very buffer that was put comes back', () => {
  const ring = new PacketRing(4);
  const buffer = packet(1);
  ring.put(1, buffer);
  assert.equal(ring.get(1), buffer);
});

test('what was never put is not there', () => {
  const ring = new PacketRing(8);
  assert.equal(ring.get(0), undefined);
  ring.put(10, packet(10));
  ring.put(12, packet(12));
  assert.equal(ring.get(11), undefined);
  assert.equal(ring.get(13), undefined);
  assert.equal(ring.get(18), undefined, 'same place, another round');
  assert.equal(ring.get(2), undefined, 'same place, the round before');
});

test('a packet that comes late fills its place', () => {
  const ring = new PacketRing(8);
  for (const sequence of [20, 22, 23, 21]) ring.put(sequence, packet(sequence));
  assert.equal(ring.get(21)?.toString(), '21');
  assert.equal(ring.get(23)?.toString(), '23');
});

test('a packet that comes a whole round late does not displace a newer one', () => {
  const ring = new PacketRing(8);
  ring.put(28, packet(28));
  ring.put(20, packet(20));
  assert.equal(ring.get(28)?.toString(), '28');
  assert.equal(ring.get(20), undefined);
});

test('a packet that is put again replaces itself', () => {
  const ring = new PacketRing(8);
  ring.put(5, Buffer.from('old'));
  ring.put(5, Buffer.from('new'));
  assert.equal(ring.get(5)?.toString(), 'new');
});

/** The server says how much of the own picture it can take (protocol §7, §12). */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room } from '../../src/engine/room.js';
import { TestEnvironment, testToken } from '../helpers/test-environment.js';

async function joined() {
  const environment = new TestEnvironment();
  const room = new Room({}, environment);
  await room.join(testToken());
  await environment.server.settled();
  const maxBitrate = (): number | undefined =>
    environment.pc('publisher').transceivers.find(({ kind }) => kind === 'video')?.sendEncodings?.[0]
      ?.maxBitrate;
  return { environment, room, server: environment.server, maxBitrate };
}

test('a cap of the publisher bounds what is sent, and a later one replaces it', async () => {
  const { server, maxBitrate } = await joined();
  assert.equal(maxBitrate(), 1_500_000);
  server.send('onSelfBandwidthAlert', { message: 'PublisherBandwidth', bandwidth: 300 });
  await server.settled();
  assert.equal(maxBitrate(), 300_000);
  server.send('bandwidthEvents', {
    id: 'publisher-bw',
    msg: { message: 'PublisherBandwidth', bandwidth: 800 },
  });
  await server.settled();
  assert.equal(maxBitrate(), 800_000);
});

test('a cap above what was agreed on changes nothing, and a senseless one neither', async () => {
  const { server, maxBitrate, room } = await joined();
  for (const bandwidth of [9000, 0, -5, 'many', null, {}]) {
    server.send('onSelfBandwidthAlert', { message: 'PublisherBandwidth', bandwidth });
  }
  await server.settled();
  assert.equal(maxBitrate(), 1_500_000);
  assert.equal(room.state.camera, 'on');
});

test('a cap of 1 means that no picture can be sent: the camera is muted', async () => {
  const { server, room } = await joined();
  server.send('onSelfBandwidthAlert', { message: 'PublisherBandwidth', bandwidth: 1 });
  await server.settled();
  assert.equal(room.state.camera, 'muted');
});

test('a cap of the share leaves the camera alone', async () => {
  const { server, maxBitrate } = await joined();
  server.send('onSelfBandwidthAlert', { message: 'ShareBandwidth', bandwidth: 200 });
  await server.settled();
  assert.equal(maxBitrate(), 1_500_000);
});

/** What a page can do with `<enx-room>` beside joining and leaving: devices, reception, measurements, pictures. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until, wait } from '../helpers/patience.js';
import { roomCalls } from '../helpers/room-calls.js';
import type { RoomPage } from '../helpers/room-page.js';

const { join, room } = roomCalls();

/** Ann and Bob in one room; Bob sees and hears Ann. */
async function annAndBob(): Promise<[RoomPage, RoomPage]> {
  const roomId = await room();
  const ann = await join(roomId, 'Ann');
  const bob = await join(roomId, 'Bob');
  await Promise.all([ann.talkers(['Bob']), bob.talkers(['Ann'])]);
  await bob.seesMovingPictures(1);
  return [ann, bob];
}

describe('devices', () => {
  test('are listed in both shapes, and where sound comes out in the words of the native SDKs', async () => {
    const [ann] = await annAndBob();
    const { listing, selected } = await ann.page.evaluate(async () => {
      const { result, devices, routes } = await window.enx.getDevices();
      return {
        listing: { result, routes, cam: devices.cam.length, mic: devices.mic.length },
        selected: await window.enx.getSelectedDevice(),
      };
    });
    assert.equal(listing.result, 0);
    assert.ok(listing.cam >= 1 && listing.mic >= 1, JSON.stringify(listing));
    assert.ok(listing.routes.includes(selected), `${selected} is one of ${listing.routes.join(', ')}`);
  });

  test('change without a new connection, and the other side goes on seeing and hearing', async () => {
    const [ann, bob] = await annAndBob();
    const { before: connections, after: later } = await ann.page.evaluate(async () => {
      const enx = window.enx;
      const { devices } = await enx.getDevices();
      const started = window.enxConnections.length;
      const [mic, cam] = [devices.mic.at(-1)!.deviceId, devices.cam.at(-1)!.deviceId];
      await enx.setMicrophone(mic);
      await enx.setCamera(cam);
      await enx.switchMediaDevice(devices.mic[0]!.deviceId, cam);
      return { before: started, after: window.enxConnections.length };
    });
    assert.equal(later, connections);
    await bob.hears('Ann');
    await bob.seesMovingPictures(1);
  });

  test('that are not there are refused, and the old ones stay', async () => {
    const [ann, bob] = await annAndBob();
    const refusals = await ann.page.evaluate(async () => {
      const { enx } = window;
      const answers = await Promise.allSettled([
        enx.setMicrophone('nowhere'),
        enx.setCamera('nowhere'),
        enx.setSpeaker('nowhere'),
      ]);
      return answers.map((answer) =>
        answer.status === 'rejected' ? (answer.reason as { code: number }).code : 'done',
      );
    });
    assert.deepEqual(refusals, [1142, 1142, 1143]);
    await bob.hears('Ann');
  });
});

describe('what one receives', () => {
  test('can be sound alone, and pictures again', async () => {
    const [, bob] = await annAndBob();
    const hasPicture = (expected: boolean): Promise<unknown> =>
      bob.page.waitForFunction(
        (wanted) => window.enx.room.state.talkers.some(({ video }) => video) === wanted,
        expected,
        wait,
      );
    await bob.page.evaluate(() => window.enx.setAudioOnlyMode(true));
    await hasPicture(false);
    assert.equal(await bob.page.evaluate(() => window.enx.room.state.camera), 'muted');
    await bob.page.evaluate(() => window.enx.setAudioOnlyMode(false));
    await hasPicture(true);
    assert.equal(await bob.page.evaluate(() => window.enx.room.state.camera), 'on');
  });

  test('has a quality, refused where it is none', async () => {
    const [, bob] = await annAndBob();
    const result = await bob.page.evaluate(async () => {
      await window.enx.setReceiveVideoQuality('SD');
      const refused = await window.enx
        .setReceiveVideoQuality('8K' as 'HD')
        .catch(({ code }: { code: number }) => code);
      return [window.enx.getReceiveVideoQuality(), refused];
    });
    assert.deepEqual(result, ['SD', 1155]);
  });

  test('keeps who is pinned, and says who is heard to who wants to know', async () => {
    const [ann, bob] = await annAndBob();
    const annId = await ann.page.evaluate(() => window.enx.room.state.clientId);
    const pinned = await bob.page.evaluate(async (id) => {
      await window.enx.subscribeForTalkerNotification(true);
      await window.enx.pinUsers([id]);
      const during = [...window.enx.room.state.pinned];
      await window.enx.unpinUsers([id]);
      return [during, [...window.enx.room.state.pinned]];
    }, annId);
    assert.deepEqual(pinned, [[annId], []]);
  });
});

describe('looking closely', () => {
  test('measurements tell every stream by person, kind and rate', async () => {
    const [, bob] = await annAndBob();
    // The first call tells no rates, and a rate needs something that has arrived since.
    const received = await until(
      'rates of sound and pictures',
      () =>
        bob.page.evaluate(async () => {
          const { streams } = await window.enx.getStatistics();
          return streams
            .filter(({ direction, bitrate }) => direction === 'receive' && bitrate > 0)
            .map(({ kind, codec }) => ({ kind, codec }));
        }),
      (streams) => streams.length >= 2,
    );
    assert.deepEqual([...new Set(received.map(({ kind }) => kind))].sort(), ['audio', 'video']);
    assert.equal(received.find(({ kind }) => kind === 'video')!.codec, 'VP8');
  });

  test('a picture of somebody can be saved by the page', async () => {
    const [ann, bob] = await annAndBob();
    const annId = await ann.page.evaluate(() => window.enx.room.state.clientId);
    const captured = await bob.page.evaluate(async (id) => {
      const told: string[] = [];
      window.enx.addEventListener('captured-view', ({ detail }) => told.push(detail.name));
      const { name, image, width, height } = await window.enx.captureScreenShot(id);
      const refused = await window.enx
        .captureScreenShot('nobody')
        .catch(({ code }: { code: number }) => code);
      return { name, type: image.type, isLarge: image.size > 100 && width > 0 && height > 0, told, refused };
    }, annId);
    assert.deepEqual(captured, {
      name: 'Ann',
      type: 'image/png',
      isLarge: true,
      told: ['Ann'],
      refused: 1159,
    });
  });
});

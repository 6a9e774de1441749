/** Quality of pictures: layers that are really sent, and receivers that get what they ask for. Real Chromium. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, type PageServer } from '../helpers/browser.js';
import { openRoomPage, type RoomPage, serveRoomPage } from '../helpers/room-page.js';
import { PlainPage, servePlainClient, until } from '../helpers/plain-page.js';
import { startRoomServer, type TestRoomServer } from '../helpers/room-server.js';

let browser: Browser;
let pages: PageServer;
let plainPages: PageServer;
let server: TestRoomServer;
const open: { close(): Promise<unknown> }[] = [];

before(async () => {
  [browser, pages, plainPages, server] = await Promise.all([
    launchBrowser(),
    serveRoomPage(),
    servePlainClient(),
    startRoomServer(),
  ]);
});
after(async () => {
  await browser.close();
  await Promise.all([pages.close(), plainPages.close()]);
  await server.close();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((page) => page.close()));
});

interface Oddities {
  /** Size of the camera. */
  camera?: { width: number; height: number };
  /** Answers come without simulcast. */
  refuseLayers?: boolean;
  /** The server announces no layers. */
  hideLayers?: boolean;
}

/** Joins with `<enx-room>`; its peer connections can be looked at. */
async function join(roomId: string, name: string, oddities: Oddities = {}): Promise<RoomPage> {
  const token = await server.createToken(roomId, { name });
  const before = (page: RoomPage['page']): Promise<unknown> =>
    page.addInitScript(({ camera, refuseLayers, hideLayers }: Oddities) => {
      const Original = RTCPeerConnection;
      const connections: RTCPeerConnection[] = [];
      Object.assign(window, { connections });
      window.RTCPeerConnection = class extends Original {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          connections.push(this);
        }

        // eslint-disable-next-line @typescript-eslint/no-explicit-any -- one of several forms
        override setRemoteDescription(description: any): Promise<void> {
          if (refuseLayers) description.sdp = description.sdp.replace(/a=(rid|simulcast):.*\r\n/g, '');
          return super.setRemoteDescription(description);
        }
      };
      if (camera) {
        const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        navigator.mediaDevices.getUserMedia = (wish) => open({ ...wish, video: camera });
      }
      if (hideLayers) {
        const Socket = WebSocket;
        window.WebSocket = class extends Socket {
          override set onmessage(listener: (event: MessageEvent) => void) {
            super.onmessage = (event: MessageEvent<unknown>) =>
              listener(
                typeof event.data === 'string'
                  ? new MessageEvent('message', { data: event.data.replace(/"maxVideoLayers":\d,/, '') })
                  : event,
              );
          }
        };
      }
    }, oddities);
  const page = await openRoomPage(browser, pages.origin, { token }, { before });
  open.push(page.page);
  return page;
}

async function watch(roomId: string, name: string): Promise<PlainPage> {
  const page = await PlainPage.open(browser, plainPages.origin);
  open.push(page);
  await page.join(await server.createToken(roomId, { name }));
  await page.event('room-connected');
  return page;
}

interface SentLayer {
  rid: string | undefined;
  frames: number;
  width: number | undefined;
}

/** What leaves the page as video, largest last. */
const sentLayers = (page: RoomPage): Promise<SentLayer[]> =>
  page.page.evaluate(async () => {
    const { connections } = window as unknown as { connections: RTCPeerConnection[] };
    const layers: { rid: string | undefined; frames: number; width: number | undefined }[] = [];
    for (const connection of connections) {
      if (connection.connectionState !== 'connected') continue;
      for (const entry of (await connection.getStats()).values()) {
        const { type, kind, rid, framesSent, frameWidth } = entry as RTCOutboundRtpStreamStats;
        if (type === 'outbound-rtp' && kind === 'video') {
          layers.push({ rid, frames: framesSent ?? 0, width: frameWidth });
        }
      }
    }
    return layers.sort((a, b) => (a.width ?? 0) - (b.width ?? 0));
  });

const quality = (page: PlainPage, video: object): Promise<unknown> =>
  page.emit('signaling_message', { streamId: 1, msg: { type: 'updatestream', config: { video } } }, null);

/** A busy machine takes its time until it believes that it can send all layers. */
const LONG_MS = 60_000;

/** Waits for a picture of at least `least` and at most `most` pixels in width: browsers scale when they are busy. */
const showsWidth = (page: PlainPage, least: number, most = Infinity): Promise<unknown> =>
  until(
    `a picture ${least} to ${most} wide`,
    () => page.slot(1),
    ({ width }) => width >= least && width <= most,
    LONG_MS,
  );

describe('simulcast', () => {
  test('three sizes are sent, and two receivers get different ones at the same time', async () => {
    const roomId = await server.createRoom({ quality: 'SD', max_active_talkers: 2 });
    const ann = await join(roomId, 'Ann');
    await ann.event('stream-published');
    const sent = await until(
      'three layers under way',
      () => sentLayers(ann),
      (layers) => layers.filter(({ frames }) => frames > 5).length === 3,
      LONG_MS,
    );
    assert.deepEqual(
      sent.map(({ rid }) => rid),
      ['l', 'm', 'h'],
    );
    const [large, small] = await Promise.all([watch(roomId, 'Large'), watch(roomId, 'Small')]);
    await quality(large, { width: 1280, height: 720, frameRate: 30 });
    await quality(small, { width: 640, height: 360, frameRate: 30 });
    await Promise.all([showsWidth(large, 481), showsWidth(small, 241, 480)]);
    await Promise.all([large.framesAdvance(1), small.framesAdvance(1)]);
    // They change places: no picture stops, no packet is missing from the numbering.
    await quality(large, { width: 320, height: 180, frameRate: 30 });
    await quality(small, { frameRate: 30 });
    await Promise.all([showsWidth(large, 1, 240), showsWidth(small, 481)]);
    for (const page of [large, small]) {
      const { videoPacketsLost } = await page.framesAdvance(1);
      assert.equal(videoPacketsLost, 0);
    }
    assert.deepEqual(ann.errors, []);
  });

  for (const [width, height, layers] of [
    [640, 480, ['l', 'm']],
    [320, 240, ['l']],
  ] as const) {
    test(`a camera of ${width} × ${height} sends its full size, and only sizes worth having`, async () => {
      const roomId = await server.createRoom({ quality: 'SD', max_active_talkers: 2 });
      const ann = await join(roomId, 'Ann', { camera: { width, height } });
      await ann.event('stream-published');
      const eve = await watch(roomId, 'Eve');
      await showsWidth(eve, width / 2 + 1, width);
      const sent = (await sentLayers(ann)).filter(({ frames }) => frames > 0);
      assert.deepEqual(
        sent.map(({ rid }) => rid),
        layers,
      );
    });
  }

  test('a server that turns the layers down gets one, of full size', async () => {
    const roomId = await server.createRoom({ quality: 'SD', max_active_talkers: 2 });
    const ann = await join(roomId, 'Ann', { refuseLayers: true });
    const sent = await until(
      'one layer of full size',
      () => sentLayers(ann),
      (layers) => layers.some(({ width = 0, frames }) => width > 480 && frames > 3),
      LONG_MS,
    );
    assert.equal(sent.filter(({ frames }) => frames > 0).length, 1);
  });

  test('a server that announces no layers is offered none', async () => {
    // In a room of the vendor's own kind: what the engine offers there is what it always offered.
    const roomId = await server.createRoom({ quality: 'SD', max_active_talkers: 2 });
    const ann = await join(roomId, 'Ann', { hideLayers: true });
    await ann.event('stream-published');
    const eve = await watch(roomId, 'Eve');
    await showsWidth(eve, 481);
    const sent = await sentLayers(ann);
    assert.deepEqual([sent.length, sent[0]!.rid], [1, undefined]);
  });
});

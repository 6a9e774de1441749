/** Quality of pictures: layers that are really sent, and receivers that get what they ask for. Real Chromium. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, type PageServer } from '../helpers/browser.js';
import { launchFirefox, noFirefox } from '../helpers/firefox.js';
import { openRoomPage, type RoomPage, serveRoomPage } from '../helpers/room-page.js';
import { until } from '../helpers/patience.js';
import { PlainPage, servePlainClient } from '../helpers/plain-page.js';
import { freeUdpPort, startRoomServer, type TestRoomServer } from '../helpers/room-server.js';
import { UdpLink } from '../helpers/udp-link.js';

let browser: Browser;
let pages: PageServer;
let plainPages: PageServer;
let server: TestRoomServer;
let mediaPort: number;
const open: { close(): Promise<unknown> }[] = [];

before(async () => {
  mediaPort = await freeUdpPort();
  [browser, pages, plainPages, server] = await Promise.all([
    launchBrowser(),
    serveRoomPage(),
    servePlainClient(),
    startRoomServer({ mediaPort }),
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
async function join(
  roomId: string,
  name: string,
  oddities: Oddities = {},
  inBrowser = browser,
): Promise<RoomPage> {
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
  const page = await openRoomPage(inBrowser, pages.origin, { token }, { before });
  open.push(page.page);
  return page;
}

/** Joins with a client of its own kind that only receives. @param link what its media goes over */
async function watch(roomId: string, name: string, link?: UdpLink): Promise<PlainPage> {
  const page = await PlainPage.open(browser, plainPages.origin);
  open.push(page);
  await page.page.evaluate((port) => {
    if (!port) return;
    const { prototype } = RTCPeerConnection;
    const original = prototype.setRemoteDescription;
    prototype.setRemoteDescription = function (this: RTCPeerConnection, given: RTCSessionDescriptionInit) {
      const sdp = given.sdp!.replace(/(a=candidate:.*) \d+ typ host/g, `$1 ${port} typ host`);
      return (original as (answer: object) => Promise<void>).call(this, { type: given.type, sdp });
    } as typeof original;
  }, link?.port);
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

const MEASURE_MS = 4000;
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

  test('Firefox sends several sizes as well', { skip: noFirefox }, async () => {
    const firefox = await launchFirefox();
    try {
      const roomId = await server.createRoom({ quality: 'SD', max_active_talkers: 2 });
      const fay = await join(roomId, 'Fay', { camera: { width: 640, height: 480 } }, firefox);
      await fay.event('stream-published');
      const [large, small] = await Promise.all([watch(roomId, 'Large'), watch(roomId, 'Small')]);
      await quality(small, { width: 320, height: 240, frameRate: 30 });
      await Promise.all([showsWidth(large, 321), showsWidth(small, 1, 320)]);
      await Promise.all([large.framesAdvance(1), small.framesAdvance(1)]);
    } finally {
      await firefox.close();
    }
  });

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

describe('a receiver on a narrow downlink', () => {
  interface Alert {
    message: string;
    bandwidth: { bandwidth: number; stream_bandwidth: number; number_of_videos: number };
  }
  const alerts = async (page: PlainPage): Promise<Alert[]> =>
    (await page.received('onSelfBandwidthAlert')).map(({ args }) => args[0] as Alert);

  test(
    'gets smaller pictures, then fewer, always sound, is told, and gets everything back',
    { timeout: 8 * LONG_MS },
    async (t) => {
      const link = await UdpLink.start(mediaPort);
      open.push(link);
      const roomId = await server.createRoom({ quality: 'SD', max_active_talkers: 2 });
      const people = await Promise.all([join(roomId, 'Ann'), join(roomId, 'Bob')]);
      await Promise.all(people.map((page) => page.event('stream-published')));
      const eve = await watch(roomId, 'Eve', link);
      const widths = async (): Promise<number[]> =>
        (await Promise.all([eve.slot(1), eve.slot(2)])).map(({ width }) => width);
      const all = (what: string, least: number, most: number) =>
        until(what, widths, (now) => now.every((width) => width >= least && width <= most), 2 * LONG_MS);
      await all('two large pictures', 481, Infinity);

      // Not much more than half of what is being sent, however much a busy machine encodes.
      const { bytes } = link;
      await delay(MEASURE_MS);
      link.downlinkBps = (((link.bytes - bytes) * 8000) / MEASURE_MS) * 0.6;
      await all('two smaller pictures', 1, 480);
      const [low] = await until(
        'the alert',
        () => alerts(eve),
        (list) => list.length > 0,
      );
      assert.equal(low!.message, 'SubscriberBandWidth');
      const { bandwidth, stream_bandwidth: needed, number_of_videos: videos } = low!.bandwidth;
      assert.equal(videos, 2);
      assert.ok(bandwidth < needed * videos, `${bandwidth} < ${needed} * ${videos}`);
      // Sound of both goes on; of the pictures the more important one at least, for the link carries no more for certain.
      await Promise.all([
        Promise.any([eve.framesAdvance(1), eve.framesAdvance(2)]),
        eve.energyGrows(1),
        eve.energyGrows(2),
      ]);
      const { args } = await eve.event('onBandwidthAlert');
      const entry = (args[0] as { streamId: number; bw: string; name: string }[])[0]!;
      assert.equal(entry.bw, 'low');
      assert.ok(['Ann', 'Bob'].includes(entry.name));

      link.downlinkBps = 120_000;
      await eve.event(
        'active-talkers-updated',
        ({ activeList }: { activeList: { muteDueToBw?: boolean; mediatype: string }[] }) =>
          activeList.some(({ muteDueToBw, mediatype }) => muteDueToBw && mediatype === 'audio'),
        { timeoutMs: LONG_MS },
      );
      await Promise.all([eve.energyGrows(1), eve.energyGrows(2)]);

      link.downlinkBps = Infinity;
      const widenedMs = performance.now();
      await all('two large pictures again', 481, Infinity);
      t.diagnostic(`everything was back after ${((performance.now() - widenedMs) / 1000).toFixed(1)} s`);
      await until(
        'the end of the alert',
        () => alerts(eve),
        (list) => list.length % 2 === 0,
        2 * LONG_MS,
      );
      const last = (await alerts(eve)).at(-1)!.bandwidth;
      assert.ok(last.bandwidth >= last.stream_bandwidth * last.number_of_videos, 'above what is needed');
      await Promise.all([eve.framesAdvance(1), eve.framesAdvance(2)]);
    },
  );
});

describe('pictures that are not looked at', () => {
  test('do not travel while paused, and are there at once when looked at again', async () => {
    const roomId = await server.createRoom({ quality: 'LD', max_active_talkers: 2 });
    const ann = await join(roomId, 'Ann');
    await ann.event('stream-published');
    const eve = await watch(roomId, 'Eve');
    const [{ capabilities }] = (await eve.event('room-connected')).args as [{ capabilities: string[] }];
    assert.ok(capabilities.includes('pause-video'));
    await eve.framesAdvance(1);
    const pause = (sIds: unknown) => eve.emit('setAdvancedOptions', [{ id: 'pause-video', sIds }]);
    assert.equal(((await pause([1])) as [{ result: number }])[0].result, 0);
    await until(
      'no more packets of the picture',
      async () => {
        const before = (await eve.slot(1)).videoPackets;
        await eve.energyGrows(1);
        return (await eve.slot(1)).videoPackets - before;
      },
      (packets) => packets === 0,
    );
    const { keyFramesDecoded } = await eve.slot(1);
    await pause([]);
    assert.ok((await eve.framesAdvance(1)).keyFramesDecoded > keyFramesDecoded);
    assert.notEqual(((await pause('all')) as [{ result: number }])[0].result, 0);
    await eve.framesAdvance(1);
  });
});

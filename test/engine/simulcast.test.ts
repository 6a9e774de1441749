/** Layers of the own picture: how large, at what bitrate, and what becomes of them when the server wants none. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PublisherTransport, type PublisherOptions } from '../../src/engine/publisher-transport.js';
import { layerEncodings } from '../../src/engine/simulcast.js';
import { FakeTrack } from '../helpers/fake-media.js';
import { TestEnvironment } from '../helpers/test-environment.js';
import { turn } from '../helpers/test-clock.js';

const sizes = (layers: number, height = Infinity): (number | undefined)[] =>
  layerEncodings(layers, height, 1200).map(({ active, scaleResolutionDownBy }) =>
    active ? scaleResolutionDownBy : undefined,
  );

describe('encodings', () => {
  test('one layer is what it always was: a bitrate and nothing else', () => {
    assert.deepEqual(layerEncodings(1, 720, 1200), [{ maxBitrate: 1_200_000 }]);
    assert.deepEqual(layerEncodings(1, Infinity, 0), [{}]);
  });

  test('each layer is half as large as the next, the largest is the whole picture', () => {
    assert.deepEqual(sizes(3, 720), [4, 2, 1]);
    assert.deepEqual(sizes(2, 720), [2, 1]);
    assert.deepEqual(sizes(3), [4, 2, 1]);
  });

  test('of a small picture the whole is always sent, and no sizes too small to be of use', () => {
    assert.deepEqual(sizes(3, 540), [4, 2, 1]);
    assert.deepEqual(sizes(3, 480), [2, 1, undefined]);
    assert.deepEqual(sizes(3, 270), [2, 1, undefined]);
    assert.deepEqual(sizes(3, 240), [1, undefined, undefined]);
    assert.deepEqual(sizes(2, 240), [1, undefined]);
  });

  test('the whole picture gets the full bitrate, smaller ones a good deal less', () => {
    const bitrates = layerEncodings(3, 720, 1200).map(({ maxBitrate }) => maxBitrate);
    assert.deepEqual(bitrates, [150_000, 420_000, 1_200_000]);
    assert.deepEqual(
      layerEncodings(3, 480, 1200).map(({ maxBitrate }) => maxBitrate),
      [420_000, 1_200_000, 1_200_000],
    );
    assert.ok(layerEncodings(3, 720, 0).every((encoding) => !('maxBitrate' in encoding)));
  });

  test('layers have names of their own', () => {
    assert.deepEqual(
      layerEncodings(3, 720, 0).map(({ rid }) => rid),
      ['l', 'm', 'h'],
    );
  });
});

describe('publishing', () => {
  const options: PublisherOptions = {
    audio: false,
    video: true,
    muted: { audio: false, video: false },
    attributes: {},
    minVideoKbps: 0,
    maxVideoKbps: 1200,
  };

  async function publish(more: Partial<PublisherOptions>, height?: number, browserLayers = 3) {
    const environment = new TestEnvironment();
    environment.onPeerConnection = (pc) => (pc.maxLayers = browserLayers);
    const signalling = { request: async () => ({ id: 5 }), notify: () => {} };
    const transport = new PublisherTransport(
      { signalling: signalling as never, environment, configuration: {}, disturbed: () => {} },
      { ...options, ...more },
    );
    const track = new FakeTrack('video');
    if (height) track.settings = { width: (height * 16) / 9, height };
    await transport.publish({ video: track as unknown as MediaStreamTrack });
    const pc = environment.pc('publisher');
    const [transceiver] = pc.transceivers;
    return {
      transport,
      encodings: () => transceiver!.sendEncodings!,
      answer: async (sdp: string) => {
        transport.handle({ type: 'answer', sdp, media: [] });
        await turn(3);
      },
      close: () => transport.close(),
    };
  }

  test('without word from the server there is one layer without a name', async () => {
    const { encodings, close } = await publish({}, 720);
    assert.deepEqual(encodings(), [{ maxBitrate: 1_200_000 }]);
    close();
  });

  test('as many layers as the server wants, as the camera is large', async () => {
    const { encodings, close } = await publish({ maxLayers: 3 }, 480);
    assert.deepEqual(encodings(), layerEncodings(3, 480, 1200));
    close();
  });

  test('a picture taken upright counts by its shorter side', async () => {
    const { transport, encodings, close } = await publish({ maxLayers: 3 }, 720);
    const upright = new FakeTrack('video');
    upright.settings = { width: 480, height: 640 };
    await transport.setTrack('video', upright as unknown as MediaStreamTrack);
    assert.deepEqual(
      encodings().map(({ active }) => active),
      [true, true, false],
    );
    close();
  });

  test('another camera brings its own sizes', async () => {
    const { transport, encodings, answer, close } = await publish({ maxLayers: 3 }, 720);
    await answer('v=0\r\na=simulcast:recv l;m;h\r\n');
    assert.deepEqual(encodings(), layerEncodings(3, 720, 1200), 'accepted as offered');
    const small = new FakeTrack('video');
    small.settings = { width: 320, height: 240 };
    await transport.setTrack('video', small as unknown as MediaStreamTrack);
    assert.deepEqual(
      encodings().map(({ active, scaleResolutionDownBy }) => [active, scaleResolutionDownBy]),
      [
        [true, 1],
        [false, 1],
        [false, 1],
      ],
    );
    close();
  });

  test('a server that turns layers down gets the whole picture at full bitrate', async () => {
    const { encodings, answer, close } = await publish({ maxLayers: 3 }, 720);
    await answer('v=0\r\n');
    const [only, ...others] = encodings();
    assert.deepEqual([only!.active, only!.scaleResolutionDownBy, only!.maxBitrate], [true, 1, 1_200_000]);
    assert.deepEqual(others, []);
    close();
  });

  test('a browser that cannot do it sends one layer, as it always did', async () => {
    const { encodings, answer, close } = await publish({ maxLayers: 3 }, 720, 1);
    assert.deepEqual(encodings(), [{ maxBitrate: 1_200_000 }]);
    await answer('v=0\r\n');
    assert.deepEqual(encodings(), [{ maxBitrate: 1_200_000 }]);
    close();
  });
});

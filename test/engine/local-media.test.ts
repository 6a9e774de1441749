import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LocalDevices } from '../../src/engine/local-devices.js';
import { acquireMedia, cameraSize, type MediaWish } from '../../src/engine/local-media.js';
import type { RoomState } from '../../src/engine/room-state.js';
import { deviceError, type FakeTrack } from '../helpers/fake-media.js';
import { turn } from '../helpers/test-clock.js';
import { TestEnvironment } from '../helpers/test-environment.js';

const wish = (audio: boolean, video: boolean): MediaWish => ({
  audio,
  video,
  videoSize: cameraSize('SD'),
  maxFrameRate: 30,
});
const both = wish(true, true);
const denied = deviceError('NotAllowedError');
const missing = deviceError('NotFoundError');

describe('asking the browser', () => {
  test('asks once for microphone and camera together', async () => {
    const environment = new TestEnvironment();
    const media = await acquireMedia(environment, both);
    assert.deepEqual(environment.devices.prompts, ['audio+video']);
    assert.deepEqual([media.audio?.kind, media.video?.kind, media.errors], ['audio', 'video', {}]);
  });

  test('asks for clean sound, and for a picture of the wished size at most', async () => {
    const environment = new TestEnvironment();
    await acquireMedia(environment, both);
    assert.deepEqual(environment.devices.asked, [
      {
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
        video: { width: { ideal: 960 }, height: { ideal: 540 }, frameRate: { ideal: 30 } },
      },
    ]);
  });

  test('knows the size of each quality, and takes that of HD for any other', () => {
    for (const [quality, width, height] of [
      ['FD', 1920, 1080],
      ['HD', 1280, 720],
      ['SD', 960, 540],
      ['LD', 640, 360],
      ['8K', 1280, 720],
      ['constructor', 1280, 720],
    ] as const)
      assert.deepEqual(cameraSize(quality), { width, height });
  });

  test('asks only for what is wished, and not at all when that is nothing', async () => {
    const environment = new TestEnvironment();
    assert.equal((await acquireMedia(environment, wish(true, false))).video, undefined);
    assert.equal((await acquireMedia(environment, wish(false, true))).audio, undefined);
    assert.deepEqual(await acquireMedia(environment, wish(false, false)), { errors: {} });
    assert.deepEqual(environment.devices.prompts, ['audio', 'video']);
  });

  test('tries each alone, microphone first, when both together fail', async () => {
    const environment = new TestEnvironment();
    environment.devices.refusals = { video: missing };
    const media = await acquireMedia(environment, both);
    assert.deepEqual(environment.devices.prompts, ['audio+video', 'audio', 'video']);
    assert.equal(media.audio?.kind, 'audio');
    assert.equal(media.video, undefined);
    assert.deepEqual([media.errors.audio, media.errors.video?.name], [undefined, 'device-not-found']);
  });

  test('keeps the camera when only the microphone is not to be had', async () => {
    const environment = new TestEnvironment();
    environment.devices.refusals = { audio: deviceError('NotReadableError') };
    const media = await acquireMedia(environment, both);
    assert.equal(media.video?.kind, 'video');
    assert.deepEqual([media.errors.audio?.name, media.errors.video], ['device-in-use', undefined]);
  });

  test('tells one error for each device when neither is to be had', async () => {
    const environment = new TestEnvironment();
    environment.devices.refusals = { audio: denied, video: deviceError('OverconstrainedError') };
    const { errors } = await acquireMedia(environment, both);
    assert.deepEqual(
      [errors.audio?.name, errors.video?.name],
      ['device-permission-denied', 'constraint-unmet'],
    );
    assert.match(errors.audio!.message, /microphone/);
    assert.match(errors.video!.message, /camera/);
  });

  test('does not ask again when a single device was refused', async () => {
    const environment = new TestEnvironment();
    environment.devices.refusals = { audio: denied };
    const { errors } = await acquireMedia(environment, wish(true, false));
    assert.deepEqual(environment.devices.prompts, ['audio']);
    assert.equal(errors.audio?.name, 'device-permission-denied');
  });

  test('says of an insecure page that it is one, for each device that was wished', async () => {
    const environment = new TestEnvironment();
    environment.secure = false;
    const { errors } = await acquireMedia(environment, both);
    assert.deepEqual([errors.audio?.name, errors.video?.name], ['insecure-page', 'insecure-page']);
    assert.match(errors.audio!.message, /https/);
    assert.deepEqual(Object.keys((await acquireMedia(environment, wish(false, true))).errors), ['video']);
  });
});

type Told = { what: 'allowed'; kinds: string[] } | { what: 'denied'; kind: string; error: string };

class Desk {
  readonly environment = new TestEnvironment();
  readonly told: Told[] = [];
  state: Partial<RoomState> = {};
  changes = 0;
  readonly devices = new LocalDevices(this.environment, {
    changed: (state) => {
      this.changes++;
      this.state = state;
    },
    allowed: (kinds) => this.told.push({ what: 'allowed', kinds }),
    denied: (kind, error) => this.told.push({ what: 'denied', kind, error: error.name }),
    replaced: () => {},
    lost: () => {},
  });

  get browser() {
    return this.environment.devices;
  }

  get states(): unknown[] {
    return [this.state.microphone, this.state.camera];
  }
}

describe('local devices', () => {
  test('are starting while the browser asks, and on when it allows', async () => {
    const desk = new Desk();
    desk.browser.hold();
    const started = desk.devices.start(both);
    assert.deepEqual(desk.states, ['starting', 'starting']);
    desk.browser.answer();
    await started;
    assert.deepEqual(desk.states, ['on', 'on']);
    assert.deepEqual(desk.told, [{ what: 'allowed', kinds: ['audio', 'video'] }]);
    assert.deepEqual(
      desk.state.localStream?.getTracks().map(({ kind }) => kind),
      ['video'],
    );
  });

  test('that are not wished stay off', async () => {
    const desk = new Desk();
    await desk.devices.start(wish(true, false));
    assert.deepEqual(desk.states, ['on', 'off']);
    assert.equal(desk.state.localStream, undefined);
    await desk.devices.start(wish(false, false));
    assert.deepEqual(desk.browser.prompts, ['audio']);
  });

  test('that are refused are unavailable, and the reason is told and kept', async () => {
    const desk = new Desk();
    desk.browser.refusals = { video: denied };
    await desk.devices.start(both);
    assert.deepEqual(desk.states, ['on', 'unavailable']);
    assert.equal(desk.state.deviceErrors?.camera?.name, 'device-permission-denied');
    assert.equal(desk.state.deviceErrors?.microphone, undefined);
    assert.ok(Object.isFrozen(desk.state.deviceErrors));
    assert.deepEqual(desk.told, [
      { what: 'allowed', kinds: ['audio'] },
      { what: 'denied', kind: 'video', error: 'device-permission-denied' },
    ]);
  });

  test('that are open are not asked for again; those that were refused are', async () => {
    const desk = new Desk();
    desk.browser.refusals = { video: denied };
    await desk.devices.start(both);
    desk.browser.refusals = {};
    await desk.devices.start(both);
    assert.deepEqual(desk.browser.prompts, ['audio+video', 'audio', 'video', 'video']);
    assert.deepEqual(desk.states, ['on', 'on']);
    assert.deepEqual(desk.state.deviceErrors, {});
    await desk.devices.start(both);
    assert.equal(desk.browser.prompts.length, 4);
  });

  test('that are being asked for are not asked for a second time', async () => {
    const desk = new Desk();
    desk.browser.hold();
    const first = desk.devices.start(wish(true, false));
    const second = desk.devices.start(both);
    const third = desk.devices.start(both);
    desk.browser.answer();
    await Promise.all([first, second, third]);
    assert.deepEqual(desk.browser.prompts, ['audio', 'video']);
    assert.deepEqual(desk.states, ['on', 'on']);
    desk.devices.stop();
    assert.deepEqual(desk.browser.open, []);
  });

  test('that are muted stay open and yield nothing; unmuted they go on', async () => {
    const desk = new Desk();
    await desk.devices.start(both);
    const [microphone] = desk.browser.tracks as [FakeTrack];
    desk.devices.setMuted('audio', true);
    assert.equal(desk.state.microphone, 'muted');
    assert.equal(desk.devices.live('audio'), undefined);
    assert.deepEqual([microphone.enabled, microphone.stopped], [false, false]);
    desk.devices.setMuted('audio', false);
    assert.equal(desk.devices.live('audio'), microphone as never);
    assert.equal(microphone.enabled, true);
    assert.deepEqual(desk.states, ['on', 'on']);
  });

  test('muted before they are open are muted from the first moment', async () => {
    const desk = new Desk();
    desk.devices.setMuted('video', true);
    await desk.devices.start(both);
    assert.deepEqual(desk.states, ['on', 'muted']);
    assert.equal(desk.browser.tracks[1]?.enabled, false);
    assert.equal(desk.devices.has('video'), true);
    assert.equal(desk.devices.live('video'), undefined);
  });

  test('are all let go by stop, and with them what was known of errors', async () => {
    const desk = new Desk();
    desk.browser.refusals = { video: denied };
    await desk.devices.start(both);
    desk.devices.stop();
    assert.deepEqual(desk.browser.open, []);
    assert.deepEqual(desk.states, ['off', 'off']);
    assert.deepEqual(desk.state.deviceErrors, {});
    assert.equal(desk.state.localStream, undefined);
    assert.doesNotThrow(() => desk.devices.stop());
  });

  test('that the browser hands out after stop are stopped at once, and nobody hears of them', async () => {
    const desk = new Desk();
    desk.browser.hold();
    const started = desk.devices.start(both);
    desk.devices.stop();
    assert.deepEqual(desk.states, ['off', 'off']);
    desk.browser.answer();
    await started;
    assert.equal(desk.browser.tracks.length, 2);
    assert.deepEqual(desk.browser.open, []);
    assert.deepEqual(desk.told, []);
    assert.deepEqual(desk.states, ['off', 'off']);
  });

  test('that the browser refuses after stop are no error any more', async () => {
    const desk = new Desk();
    desk.browser.hold();
    desk.browser.refusals = { audio: denied, video: denied };
    const started = desk.devices.start(both);
    desk.devices.stop();
    desk.browser.answer();
    await started;
    assert.deepEqual(desk.told, []);
    assert.deepEqual(desk.states, ['off', 'off']);
  });

  test('started again after stop belong to the new start alone', async () => {
    const desk = new Desk();
    desk.browser.hold();
    const first = desk.devices.start(both);
    await turn();
    desk.devices.stop();
    const second = desk.devices.start(wish(true, false));
    desk.browser.answer();
    await Promise.all([first, second]);
    assert.deepEqual(desk.browser.prompts, ['audio+video', 'audio']);
    assert.deepEqual(desk.states, ['on', 'off']);
    assert.equal(desk.browser.open.length, 1);
    assert.equal(desk.devices.live('audio'), desk.browser.open[0] as never);
  });
});

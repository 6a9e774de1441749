/**
 * Devices that come, go and change while in a room: `device-added`, `device-removed`, `device-updated`, and what is sent
 * meanwhile.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventTable } from '../../src/elements/room/event-table.js';
import { Room } from '../../src/engine/room.js';
import { deviceError } from '../helpers/fake-media.js';
import { SensingEnvironment } from '../helpers/sensing-environment.js';
import { EventRecord, testToken } from '../helpers/test-environment.js';

const device = (kind: MediaDeviceKind, deviceId: string, label = deviceId): MediaDeviceInfo =>
  ({ kind, deviceId, label, groupId: 'g' }) as MediaDeviceInfo;

/** In a room, on a machine whose devices the test decides about. */
async function joined(list: MediaDeviceInfo[] = []) {
  const environment = new SensingEnvironment();
  let plugged = list;
  const listeners = new Set<() => void>();
  Object.assign(environment.devices, {
    enumerateDevices: async () => plugged,
    addEventListener: (_: string, listener: () => void) => listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => listeners.delete(listener),
  });
  const room = new Room({}, environment);
  await room.join(testToken());
  await environment.server.settled();
  const events = new EventRecord(room);
  const sent = (kind: 'audio' | 'video') =>
    environment.pc('publisher').transceivers.find((transceiver) => transceiver.kind === kind)!.sender.track;
  return {
    environment,
    room,
    events,
    listeners,
    sent,
    plug: async (devices: MediaDeviceInfo[]) => {
      plugged = devices;
      for (const listener of [...listeners]) listener();
      await environment.server.settled();
    },
    /** What a page hears of them. */
    heard: () =>
      events.all.flatMap(({ name, payload }) =>
        (eventTable[name] as (payload: unknown, state: unknown) => [string, unknown][])(payload, room.state),
      ),
  };
}

const speaker = device('audiooutput', 'speaker', 'Built-in speaker');
const headset = device('audiooutput', 'headset', 'USB headset');
const microphone = device('audioinput', 'mic-1');

describe('the list of devices', () => {
  test('is in the state from the moment they may be seen, and tells what comes and goes', async () => {
    const { room, plug, heard } = await joined([speaker, microphone]);
    assert.deepEqual(
      room.state.devices.speakers.map(({ id }) => id),
      ['speaker'],
    );
    await plug([speaker, microphone, headset]);
    await plug([microphone, headset]);
    assert.deepEqual(
      heard().map(([name, detail]) => [name, (detail as { device: MediaDeviceInfo }).device]),
      [
        ['device-added', headset],
        ['device-removed', speaker],
        ['device-updated', 'WIRED_HEADSET'],
      ],
    );
  });

  test('a speaker that is chosen is the selected one, until it is unplugged', async () => {
    const { room, plug } = await joined([speaker, headset]);
    assert.equal(await room.getSelectedDevice(), 'SPEAKER_PHONE');
    await room.setSpeaker('headset');
    assert.equal(await room.getSelectedDevice(), 'WIRED_HEADSET');
    await plug([speaker]);
    assert.equal(room.state.devices.speakerId, '');
    assert.equal(await room.getSelectedDevice(), 'SPEAKER_PHONE');
  });

  test('a chosen speaker that is unplugged is told as replaced, also by one of the same kind, once', async () => {
    const screen = device('audiooutput', 'screen', 'Monitor');
    const { room, plug, events } = await joined([speaker, screen]);
    await room.setSpeaker('screen');
    await plug([speaker]);
    await plug([speaker]);
    const told = { device: 'SPEAKER_PHONE', kind: 'audiooutput', lost: false };
    assert.deepEqual(events.of('deviceUpdated'), [told]);
  });

  test('a browser that hides speakers has one route all the same', async () => {
    const { room } = await joined([microphone]);
    const { result, routes } = await room.getDevices();
    assert.deepEqual(
      [result, routes, await room.getSelectedDevice()],
      [0, ['SPEAKER_PHONE'], 'SPEAKER_PHONE'],
    );
  });

  test('nobody listens to it any more after leaving', async () => {
    const { room, listeners } = await joined([speaker]);
    assert.equal(listeners.size, 1);
    await room.disconnect();
    assert.equal(listeners.size, 0);
  });
});

describe('a device in use that is unplugged', () => {
  test('is replaced by another one, which goes out over the same connection', async () => {
    const { environment, room, sent, heard } = await joined();
    const [old] = environment.devices.tracks;
    old!.end();
    await environment.server.settled();
    assert.equal(environment.peerConnections.length, 3);
    assert.notEqual(sent('audio'), old);
    assert.equal(sent('audio')!.stopped, false);
    assert.equal(room.state.microphone, 'on');
    assert.deepEqual(
      heard().filter(([name]) => name === 'device-updated'),
      [['device-updated', { device: '', kind: 'audio', lost: false }]],
    );
  });

  test('stays muted if it was', async () => {
    const { environment, room, sent } = await joined();
    await room.setMicrophoneMuted(true);
    environment.devices.tracks[0]!.end();
    await environment.server.settled();
    assert.equal(sent('audio'), null);
    assert.equal(room.state.microphone, 'muted');
  });

  test('and has no other to take its place is told of, and the rest goes on', async () => {
    const { environment, room, sent, heard } = await joined();
    environment.devices.refusals.audio = deviceError('NotFoundError');
    environment.devices.tracks[0]!.end();
    await environment.server.settled();
    assert.equal(room.state.microphone, 'unavailable');
    assert.equal(room.state.deviceErrors.microphone?.name, 'device-not-found');
    assert.equal(sent('audio'), null);
    assert.equal(sent('video')!.stopped, false);
    assert.deepEqual(
      heard().map(([name]) => name),
      ['device-updated', 'media-access-denied'],
    );
  });
});

describe('a chosen device that is gone before it is opened', () => {
  /** Any device by its id is one that is not there. */
  function withoutChosen(environment: SensingEnvironment): void {
    const { devices } = environment;
    const { getUserMedia } = devices;
    Object.assign(devices, {
      getUserMedia: async (constraints: MediaStreamConstraints) => {
        if ((constraints.video as MediaTrackConstraints | undefined)?.deviceId)
          throw Object.assign(deviceError('OverconstrainedError'), { constraint: 'deviceId' });
        return getUserMedia(constraints);
      },
    });
  }

  test('gives way to the choice of the browser, which says so', async () => {
    const environment = new SensingEnvironment();
    withoutChosen(environment);
    const room = new Room({}, environment);
    const events = new EventRecord(room);
    await room.setCamera('gone');
    await room.preview();
    assert.deepEqual([room.state.microphone, room.state.camera], ['on', 'on']);
    assert.deepEqual(events.of('deviceUpdated'), [{ device: '', kind: 'video', lost: false }]);
    assert.equal(events.count('mediaDenied'), 0);
  });

  test('is told of where there is no other', async () => {
    const environment = new SensingEnvironment();
    environment.devices.refusals.video = deviceError('NotFoundError');
    withoutChosen(environment);
    const room = new Room({}, environment);
    const events = new EventRecord(room);
    await room.setCamera('gone');
    await room.preview();
    assert.deepEqual([room.state.microphone, room.state.camera], ['on', 'unavailable']);
    assert.equal(room.state.deviceErrors.camera?.name, 'device-not-found');
    assert.deepEqual(events.names, ['mediaAllowed', 'mediaDenied']);
  });
});

describe('changing a device', () => {
  test('asks the browser for exactly that one and lets the old one go', async () => {
    const { environment, room, sent } = await joined();
    const [, old] = environment.devices.tracks;
    await room.setCamera('cam-2');
    const { video } = environment.devices.asked.at(-1)!;
    assert.deepEqual((video as MediaTrackConstraints).deviceId, { exact: 'cam-2' });
    assert.equal(old!.stopped, true);
    assert.equal(sent('video')!.stopped, false);
    assert.equal(environment.peerConnections.length, 3);
  });

  test('that cannot be had is refused, and the old one stays', async () => {
    const { environment, room, sent } = await joined();
    const before = sent('video');
    environment.devices.refusals.video = deviceError('NotReadableError');
    const error = await room.setCamera('cam-2').catch((cause: unknown) => cause);
    assert.equal((error as { name: string }).name, 'device-in-use');
    assert.equal(sent('video'), before);
    assert.equal(before!.stopped, false);
  });

  test('of the processing opens the microphone with the new wishes', async () => {
    const { environment, room } = await joined();
    await room.setProcessing({ noiseSuppression: false });
    const { audio } = environment.devices.asked.at(-1)!;
    assert.deepEqual(audio, { echoCancellation: true, noiseSuppression: false, autoGainControl: true });
  });
});

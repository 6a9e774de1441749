/** What one asks the server to send: how many talkers, how large, which pictures; asked again after a break. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Room } from '../../src/engine/room.js';
import type { RoomOptions } from '../../src/engine/options.js';
import { defaultOptions } from '../../src/engine/options.js';
import { TestEnvironment, testToken } from '../helpers/test-environment.js';

async function joined(capabilities: string[] = [], options: Partial<RoomOptions['roomInfo']> = {}) {
  const environment = new TestEnvironment();
  const { server } = environment;
  const plain = server.admission!;
  server.admission = (clientId) => ({ ...plain(clientId), capabilities });
  server.answers.setNumberOfTalker = ({ args }) => [{ result: 0, ...(args[0] as object) }];
  server.answers.getNumberOfTalker = () => [{ result: 0, numTalkers: 4 }];
  server.answers.getMaxNumberOfTalker = () => [{ result: 0, maxTalkers: 6 }];
  const roomInfo = { ...defaultOptions().roomInfo, ...options };
  const room = new Room({ roomInfo }, environment);
  await room.join(testToken());
  await server.settled();
  const talk = async (...slots: number[]) => {
    server.send('active-talkers-updated', {
      active: false,
      activeList: slots.map((streamId) => ({
        streamId,
        clientId: `client-${streamId}0`,
        name: `T${streamId}`,
        mediatype: 'audiovideo',
      })),
    });
    await server.settled();
  };
  const comeBack = async () => {
    server.cut();
    await server.settled();
    server.received.length = 0;
    await environment.clock.advance(300);
    await server.settled();
  };
  const advanced = () => server.sent('setAdvancedOptions') as { id: string }[][];
  const paused = () => advanced().filter(([first]) => first?.id === 'pause-video');
  return { environment, server, room, talk, comeBack, paused, advanced };
}

const codeOf = (promise: Promise<unknown>): Promise<number> =>
  promise.then(
    () => 0,
    ({ code }: { code: number }) => code,
  );

describe('the number of talkers', () => {
  test('is asked for in the three numbers of the protocol, sound for three at least', async () => {
    const { room, server } = await joined();
    await room.setTalkerCount(2);
    assert.deepEqual(server.sent('setNumberOfTalker'), [
      { numTalkers: 2, numAudioTalkers: 3, numVideoTalkers: 2 },
    ]);
    assert.equal(room.state.talkerCount, 2);
    assert.deepEqual([await room.getTalkerCount(), await room.getMaxTalkers()], [4, 6]);
    assert.deepEqual([room.state.talkerCount, room.state.maxTalkers], [4, 6]);
  });

  test('is a whole number from 0 up', async () => {
    const { room, server } = await joined();
    for (const count of [-1, 1.5, NaN, 101]) assert.equal(await codeOf(room.setTalkerCount(count)), 1155);
    assert.deepEqual(server.sent('setNumberOfTalker'), []);
  });

  test('is asked for again after a break, and not if it never was', async () => {
    const { room, server, comeBack } = await joined();
    await comeBack();
    assert.deepEqual(server.sent('setNumberOfTalker'), []);
    await room.setTalkerCount(3);
    await comeBack();
    assert.deepEqual(server.sent('setNumberOfTalker'), [
      { numTalkers: 3, numAudioTalkers: 3, numVideoTalkers: 3 },
    ]);
  });
});

test('who is heard is told on after a break, to who asked for it', async () => {
  const { room, server, comeBack } = await joined();
  const asked = () => server.sent('setAdvancedOptions').map((options) => (options as object[])[0]);
  await comeBack();
  assert.deepEqual(asked(), []);
  await room.subscribeTalkerNotification(true);
  await comeBack();
  assert.deepEqual(asked(), [{ id: 'speaker-notification', enable: true }]);
  await room.subscribeTalkerNotification(false);
  await comeBack();
  assert.deepEqual(asked(), []);
});

describe('audio alone', () => {
  test('by option: no camera is asked for, and the server is told to send no pictures', async () => {
    const { room, server, environment } = await joined([], { audio_only: true });
    assert.deepEqual(environment.devices.prompts, ['audio']);
    assert.equal(room.state.audioOnly, true);
    assert.equal((server.sent('setNumberOfTalker')[0] as { numVideoTalkers: number }).numVideoTalkers, 0);
  });

  test('by verb: the camera is muted, and comes back if it was on', async () => {
    const { room, server } = await joined();
    await room.setAudioOnly(true);
    assert.deepEqual([room.state.audioOnly, room.state.camera], [true, 'muted']);
    assert.equal((server.sent('setNumberOfTalker').at(-1) as { numVideoTalkers: number }).numVideoTalkers, 0);
    await room.setAudioOnly(false);
    assert.deepEqual([room.state.audioOnly, room.state.camera], [false, 'on']);
    await room.setCameraMuted(true);
    await room.setAudioOnly(true);
    await room.setAudioOnly(false);
    assert.equal(room.state.camera, 'muted', 'it was off before');
  });
});

describe('the quality of what one receives', () => {
  test('goes to the first slot and means them all; it is asked for again after a break', async () => {
    const { room, server, comeBack } = await joined();
    const asked = () =>
      (server.sent('signaling_message') as { streamId: number; msg: { type: string; config?: object } }[])
        .filter(({ msg }) => msg.type === 'updatestream')
        .map(({ streamId, msg }) => [streamId, msg.config]);
    const small = [[1, { video: { width: 640, height: 360, frameRate: 30 } }]];
    await room.setReceiveQuality('LD');
    assert.deepEqual(asked(), small);
    await comeBack();
    assert.deepEqual(asked(), small);
    await room.setReceiveQuality('Auto');
    assert.deepEqual(asked().at(-1), [1, { video: { frameRate: 30 } }]);
    assert.equal(await codeOf(room.setReceiveQuality('4K' as 'HD')), 1155);
    assert.equal(room.state.receiveQuality, 'Auto');
  });
});

describe('pins', () => {
  test('are kept with the server, over a break too', async () => {
    const { room, advanced, comeBack } = await joined();
    await room.pin(['client-b', 'client-c']);
    await room.unpin(['client-b']);
    assert.deepEqual(room.state.pinned, ['client-c']);
    await comeBack();
    assert.deepEqual(advanced(), [[{ id: 'update-pin-users', request: 'add', clientIds: ['client-c'] }]]);
    assert.equal(await codeOf(room.pin([])), 1155);
  });
});

describe('pictures that are not on screen', () => {
  test('do not travel where the server can hold them back', async () => {
    const { room, server, talk, paused } = await joined(['pause-video']);
    await talk(1, 2);
    room.setSeen([1]);
    room.setSeen([1]);
    await talk(1, 2);
    assert.deepEqual(paused(), [[{ id: 'pause-video', sIds: [2] }]], 'said once');
    room.setSeen([1, 2]);
    await server.settled();
    assert.deepEqual(paused().at(-1), [{ id: 'pause-video', sIds: [] }]);
  });

  test('nothing is said of them to a server that does not know of it', async () => {
    const { room, server, talk, paused } = await joined();
    await talk(1, 2);
    room.setSeen([1]);
    await server.settled();
    assert.deepEqual(paused(), []);
  });
});

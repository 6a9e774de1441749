/** What people do in a room of a server that is not ours: mute, leave, moderate, knock, lecture, share. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { wait } from '../helpers/patience.js';
import { withElements } from '../helpers/protocol-server/with-elements.js';
import { type RoomPage, seeAndHear } from '../helpers/room-page.js';

const room = withElements();
const { join } = room;

const moderator = { role: 'moderator' } as const;

/** Waits until what the page knows of the only talker is this. */
const talkerIs = (page: RoomPage, expected: { audio?: boolean; video?: boolean }) =>
  page.page.waitForFunction(
    (wanted) => {
      const [talker] = window.enx.room.state.talkers;
      return talker && Object.entries(wanted).every(([key, value]) => talker[key as 'audio'] === value);
    },
    expected,
    wait,
  );

const click = (page: RoomPage, name: string) => page.page.getByRole('button', { name }).click();

describe('muting', () => {
  test('one’s own microphone and camera is shown to the others, and undone', async () => {
    room.server.room('mute');
    const ann = await join('mute', 'Ann');
    const bob = await join('mute', 'Bob');
    await seeAndHear(ann, bob);
    await ann.page.evaluate(() => window.enx.muteAudio());
    await bob.event('user-audio-muted');
    await talkerIs(bob, { audio: false, video: true });
    await ann.page.evaluate(() => window.enx.muteVideo());
    await bob.event('user-video-muted');
    await talkerIs(bob, { video: false });
    await ann.page.evaluate(() => Promise.all([window.enx.unmuteAudio(), window.enx.unmuteVideo()]));
    await bob.event('user-video-unmuted');
    await talkerIs(bob, { audio: true, video: true });
    await Promise.all([bob.hears('Ann'), bob.seesMovingPictures(1)]);
  });

  test('who joins muted is shown muted', async () => {
    room.server.room('joins-muted');
    const bob = await join('joins-muted', 'Bob');
    await join('joins-muted', 'Ann', { 'audio-muted': '', 'video-muted': '' });
    await bob.talkers(['Ann']);
    await talkerIs(bob, { audio: false, video: false });
  });

  test('by a moderator is acknowledged, holds, and is released', async () => {
    const { server } = room;
    server.room('hard');
    const mod = await join('hard', 'Bob', moderator);
    const ann = await join('hard', 'Ann');
    await seeAndHear(ann, mod);
    const id = server.person('hard', 'Ann').clientId;
    for (const kind of ['audio', 'video'] as const) {
      await mod.page.evaluate(
        ([target, device]) => window.enx.room.moderation.setUserMuted(target, device, true),
        [id, kind] as const,
      );
      await talkerIs(mod, { [kind]: false });
      await ann.page.waitForFunction(
        (device) => window.enx.room.state.hardMuted[device] === true,
        kind,
        wait,
      );
    }
    assert.equal(
      await ann.page.evaluate(() => window.enx.unmuteAudio().catch(({ code }: { code: number }) => code)),
      1201,
    );
    for (const kind of ['audio', 'video'] as const) {
      await mod.page.evaluate(
        ([target, device]) => window.enx.room.moderation.setUserMuted(target, device, false),
        [id, kind] as const,
      );
      await ann.page.waitForFunction(
        (device) => window.enx.room.state.hardMuted[device] === false,
        kind,
        wait,
      );
    }
    await ann.page.evaluate(() => window.enx.unmuteAudio());
    await mod.hears('Ann');
    const names = [
      'hardmute-user-audio',
      'hardmute-user-video',
      'hardunmute-user-audio',
      'hardunmute-user-video',
    ];
    assert.deepEqual(
      server.acked.map(({ who, name }) => `${who} ${name}`),
      names.map((name) => `Ann ${name}`),
    );
    assert.ok(server.acked.every(({ answer }) => answer !== 'none'));
  });

  test('everybody holds for who is there and for who comes', async () => {
    const { server } = room;
    server.room('all');
    const mod = await join('all', 'Bob', moderator);
    const ann = await join('all', 'Ann');
    await seeAndHear(ann, mod);
    await mod.page.evaluate(() => window.enx.room.moderation.setRoomMuted(true));
    await talkerIs(mod, { audio: false });
    const cid = await join('all', 'Cid');
    await mod.talkers(['Ann', 'Cid']);
    await cid.page.waitForFunction(() => window.enx.room.state.hardMuted.audio, undefined, wait);
    await cid.page.waitForFunction(() => window.enx.room.state.microphone === 'muted', undefined, wait);
    await mod.page.evaluate(() => window.enx.room.moderation.setRoomMuted(false));
    await cid.page.waitForFunction(() => !window.enx.room.state.hardMuted.audio, undefined, wait);
    assert.deepEqual(server.acked.map(({ who, name }) => `${who} ${name}`).sort(), [
      'Ann room-muted',
      'Ann room-unmuted',
      'Cid room-unmuted',
    ]);
  });
});

describe('leaving', () => {
  test('says goodbye, and the others see it', async () => {
    const { server } = room;
    server.room('leave');
    const ann = await join('leave', 'Ann');
    const bob = await join('leave', 'Bob');
    await seeAndHear(ann, bob);
    await ann.page.evaluate(() => window.enx.disconnect());
    assert.deepEqual(
      server.of('Ann', 'drop').map(({ args }) => args),
      [[{ self: true }]],
    );
    assert.equal((await bob.event<{ name: string }>('user-disconnected')).name, 'Ann');
    await bob.talkers([]);
    assert.equal((await ann.event<{ reason: string }>('room-disconnected')).reason, 'left');
    assert.equal(await bob.page.evaluate(() => window.enx.room.state.participants.length), 1);
  });

  test('because of a moderator is final', async () => {
    const { server } = room;
    server.room('drop');
    const mod = await join('drop', 'Bob', moderator);
    const ann = await join('drop', 'Ann');
    await mod.talkers(['Ann']);
    await mod.page.evaluate(
      (id) => window.enx.room.moderation.drop([id]),
      server.person('drop', 'Ann').clientId,
    );
    assert.equal((await ann.event<{ reason: string }>('room-disconnected')).reason, 'removed');
    assert.equal((await ann.event<{ reason: number }>('exit-room')).reason, 1);
    await mod.event('user-disconnected');
    assert.equal(server.of('Ann', 'token').length, 1);
  });

  for (const [payload, what] of [
    [{ cause: { cause: 4711, msg: 'maintenance' } }, 'a cause that nobody knows'],
    [{}, 'an empty object'],
    [undefined, 'nothing at all'],
    ['over', 'a bare text'],
  ] as const) {
    test(`because the server says so with ${what} is final too`, async () => {
      const { server } = room;
      server.room('told');
      const ann = await join('told', 'Ann');
      await ann.event('room-connected');
      server.person('told', 'Ann').socket.emit('room-disconnected', payload);
      await ann.event('room-disconnected');
      await ann.event('exit-room');
      assert.equal(await ann.state(), 'disconnected');
      assert.equal(server.of('Ann', 'token').length, 1);
    });
  }
});

describe('getting in', () => {
  test('a guest knocks and is let in, another is turned away', async () => {
    room.server.room('knock', { knock: true });
    const mod = await join('knock', 'Bob', moderator);
    await mod.event('room-connected');
    const ann = await join('knock', 'Ann');
    assert.equal((await ann.event<{ event_type: string }>('room-awaited')).event_type, 'knock');
    assert.equal((await mod.event<{ name: string }>('user-awaited')).name, 'Ann');
    await click(mod, 'Let in');
    await ann.event('room-connected');
    await seeAndHear(ann, mod);
    const eve = await join('knock', 'Eve');
    await eve.event('room-awaited');
    await click(mod, 'Turn away');
    assert.equal((await eve.event<{ reason: string }>('room-disconnected')).reason, 'denied');
    await mod.page.waitForFunction(() => window.enx.room.state.guests.length === 0, undefined, wait);
  });

  test('a moderator who comes later finds who waits', async () => {
    room.server.room('knock-late', { knock: true });
    const ann = await join('knock-late', 'Ann');
    await ann.event('room-awaited');
    const mod = await join('knock-late', 'Bob', moderator);
    await click(mod, 'Let in');
    await seeAndHear(ann, mod);
  });

  for (const minimum of [false, true]) {
    test(`people wait for the moderator${minimum ? ', told no more than they must be' : ''}`, async () => {
      const id = `wait ${minimum}`;
      room.server.room(id, { waitForModerator: true }, { minimum, lists: minimum ? 'array' : 'record' });
      const ann = await join(id, 'Ann');
      const { event_type: why } = await ann.event<{ event_type: string }>('room-awaited');
      assert.equal(why, 'wait_for_moderator');
      assert.equal(room.server.of('Ann', 'publish').length, 0);
      const mod = await join(id, 'Bob', moderator);
      await seeAndHear(ann, mod);
    });
  }

  test('a lock is shown to everybody', async () => {
    room.server.room('lock');
    const mod = await join('lock', 'Bob', moderator);
    const ann = await join('lock', 'Ann');
    await mod.talkers(['Ann']);
    for (const locked of [true, false]) {
      await mod.page.evaluate((on) => window.enx.room.moderation.setLocked(on), locked);
      for (const { page } of [ann, mod])
        await page.waitForFunction((on) => window.enx.room.state.locked === on, locked, wait);
    }
    const refused = await ann.page.evaluate(() =>
      window.enx.room.moderation.setLocked(true).catch(({ code }: { code: number }) => code),
    );
    assert.equal(refused, 4101);
  });
});

describe('a lecture', () => {
  for (const minimum of [false, true]) {
    test(`the floor is asked for, granted and taken back${minimum ? ', with the least that is told' : ''}`, async () => {
      const { server } = room;
      const id = `lecture ${minimum}`;
      server.room(id, { mode: 'lecture' }, { minimum });
      const mod = await join(id, 'Bob', moderator);
      const ann = await join(id, 'Ann');
      await ann.talkers(['Bob']);
      await ann.seesMovingPictures(1);
      assert.equal(server.of('Ann', 'publish').length, 0, 'a listener does not publish');
      await ann.page.evaluate(() => window.enx.room.floor.request());
      await mod.page.waitForFunction(
        () => window.enx.room.state.floor.requests[0]?.name === 'Ann',
        undefined,
        wait,
      );
      const annId = server.person(id, 'Ann').clientId;
      await mod.page.evaluate((clientId) => window.enx.room.floor.grant(clientId), annId);
      await seeAndHear(ann, mod);
      await mod.page.evaluate((clientId) => window.enx.room.floor.release(clientId), annId);
      await ann.event('stream-unpublished');
      await mod.talkers([]);
      assert.equal(server.of('Ann', 'publish').length, 1);
    });
  }

  test('begins and ends in the middle of a call', async () => {
    const { server } = room;
    server.room('switch');
    const mod = await join('switch', 'Bob', moderator);
    const ann = await join('switch', 'Ann');
    await seeAndHear(ann, mod);
    await mod.page.evaluate(() => window.enx.room.moderation.setMode('lecture'));
    await mod.talkers([]);
    await ann.page.waitForFunction(() => window.enx.room.state.mode === 'lecture', undefined, wait);
    await mod.page.evaluate(() => window.enx.room.moderation.setMode('group'));
    await ann.page.waitForFunction(() => window.enx.room.state.mode === 'group', undefined, wait);
  });

  test('a moderator hands the role over in the published words', async () => {
    const { server } = room;
    server.room('role');
    const mod = await join('role', 'Bob', moderator);
    const ann = await join('role', 'Ann');
    await seeAndHear(ann, mod);
    await mod.page.evaluate(
      (clientId) => window.enx.room.moderation.handOver(clientId),
      server.person('role', 'Ann').clientId,
    );
    await ann.page.waitForFunction(() => window.enx.room.state.role === 'moderator', undefined, wait);
    await mod.page.waitForFunction(() => window.enx.room.state.role === 'participant', undefined, wait);
    await ann.page.evaluate(() => window.enx.room.moderation.setLocked(true));
  });
});

describe('a shared screen', () => {
  test('is in slot 101 of the others from the notice that it began to the notice that it ended', async () => {
    const { server } = room;
    server.room('share');
    const ann = await join('share', 'Ann');
    const bob = await join('share', 'Bob');
    await seeAndHear(ann, bob);
    await ann.page.evaluate(() => window.enx.startScreenShare());
    assert.equal((await bob.event<{ streamId: number }>('share-started')).streamId, 101);
    await bob.page.waitForFunction(
      () =>
        window.enx
          .shadowRoot!.querySelector('enx-stage')!
          .shadowRoot!.querySelector('enx-player[data-key="screen"][data-playing]'),
      undefined,
      wait,
    );
    await ann.page.evaluate(() => window.enx.stopScreenShare());
    await bob.event('share-stopped');
    await bob.page.waitForFunction(() => !window.enx.room.state.share, undefined, wait);
    await Promise.all([bob.seesMovingPictures(1), bob.hears('Ann')]);
  });

  test('that another shares already is refused with the server’s number', async () => {
    const { server } = room;
    const home = server.room('share-taken');
    const bob = await join('share-taken', 'Bob');
    await bob.event('room-connected');
    const cid = await join('share-taken', 'Cid');
    await cid.event('stream-published');
    // Not told of to anybody yet.
    home.sharer = server.person('share-taken', 'Bob');
    const refused = await cid.page.evaluate(() =>
      window.enx.startScreenShare().catch(({ code }: { code: number }) => code),
    );
    assert.equal(refused, 4108);
  });
});

/** Sharing, waiting, knocking and moderating between `<enx-room>` elements on the real server. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FaultProxy } from '../helpers/fault-proxy.js';
import { wait } from '../helpers/patience.js';
import { roomCalls } from '../helpers/room-calls.js';
import type { RoomPage } from '../helpers/room-page.js';

const calls = roomCalls();
const { join, pages, room } = calls;

const moderator = { role: 'moderator' } as const;

const toolbarButton = (page: RoomPage, name: string) =>
  page.page.locator(`enx-room enx-toolbar button.${name}`);

describe('sharing a screen', () => {
  test('everybody sees the shared screen, late joiners too, until it ends', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob');
    await Promise.all([ann.talkers(['Bob']), bob.talkers(['Ann'])]);
    await toolbarButton(ann, 'share').click();
    assert.equal((await bob.event<{ name: string; streamId: number }>('share-started')).streamId, 101);
    const showsScreen = (page: RoomPage) =>
      page.page.waitForFunction(
        () =>
          window.enx.shadowRoot
            ?.querySelector('enx-stage')
            ?.shadowRoot?.querySelector('enx-player[data-key="screen"][data-playing]'),
        undefined,
        wait,
      );
    await showsScreen(bob);
    const cid = await join(roomId, 'Cid');
    await showsScreen(cid);
    // One at a time.
    const refused = await bob.page.evaluate(async () => {
      const fake = document.createElement('canvas');
      fake.getContext('2d');
      navigator.mediaDevices.getDisplayMedia = async () => fake.captureStream(5);
      return window.enx.startScreenShare().catch(({ code }: { code: number }) => code);
    });
    assert.equal(refused, 1151);
    await toolbarButton(ann, 'share').click();
    await Promise.all([bob.event('share-stopped'), cid.event('share-stopped')]);
    await bob.page.waitForFunction(
      () =>
        !window.enx.shadowRoot!.querySelector('enx-stage')!.shadowRoot!.querySelector('[data-key="screen"]'),
    );
    assert.equal(await ann.page.evaluate(() => window.enx.room.state.share), undefined);
  });
});

describe('getting in', () => {
  test('a guest who knocks waits, and comes in when the moderator lets them', async () => {
    const roomId = await room({ knock: true });
    const mod = await join(roomId, 'Mod', moderator);
    await mod.event('room-connected');
    const guest = await join(roomId, 'Guest');
    assert.equal((await guest.event<{ event_type: string }>('room-awaited')).event_type, 'knock');
    assert.equal(await guest.state(), 'awaiting');
    assert.equal((await mod.event<{ name: string }>('user-awaited')).name, 'Guest');
    await mod.page.getByRole('button', { name: 'Let in' }).click();
    await guest.event('room-connected');
    await mod.talkers(['Guest']);
    await mod.page.waitForFunction(() => window.enx.room.state.guests.length === 0);
  });

  test('a guest whose connection breaks while they wait goes on waiting, and is let in', async () => {
    const roomId = await room({ knock: true });
    const mod = await join(roomId, 'Mod', moderator);
    await mod.event('room-connected');
    const proxy = await FaultProxy.open(calls.server.url);
    try {
      const token = await calls.server.createToken(roomId, { name: 'Guest' }, proxy.url);
      const guest = await pages.open({ token });
      await guest.event('room-awaited');
      proxy.cut();
      await guest.page.waitForFunction(
        () => window.enxEvents.filter(({ name }) => name === 'room-awaited').length === 2,
        undefined,
        wait,
      );
      assert.equal(await guest.state(), 'awaiting');
      await mod.page.getByRole('button', { name: 'Let in' }).click();
      await guest.event('room-connected');
      await mod.talkers(['Guest']);
      await guest.page.close();
    } finally {
      await proxy.close();
    }
  });

  test('a guest who is turned away is told so, once, and nothing of theirs stays open', async () => {
    const roomId = await room({ knock: true });
    const mod = await join(roomId, 'Mod', moderator);
    await mod.event('room-connected');
    const guest = await join(roomId, 'Guest');
    await guest.event('room-awaited');
    await mod.page.getByRole('button', { name: 'Turn away' }).click();
    assert.equal((await guest.event<{ reason: string }>('room-disconnected')).reason, 'denied');
    await guest.event('exit-room');
    assert.equal(await guest.page.evaluate(() => window.enx.room.state.localStream), undefined);
    const names = await guest.eventNames();
    assert.ok(!names.includes('room-connected'), names.join());
    assert.equal(names.filter((name) => name === 'exit-room').length, 1);
  });

  test('people wait for the moderator, and the call begins when one comes', async () => {
    const roomId = await room({ wait_for_moderator: true });
    const ann = await join(roomId, 'Ann');
    assert.equal((await ann.event<{ event_type: string }>('room-awaited')).event_type, 'wait_for_moderator');
    const mod = await join(roomId, 'Mod', moderator);
    await ann.event('room-connected');
    await Promise.all([ann.talkers(['Mod']), mod.talkers(['Ann'])]);
    await ann.seesMovingPictures(1);
  });
});

describe('moderating', () => {
  test('a hard mute holds until the moderator releases it', async () => {
    const roomId = await room();
    const mod = await join(roomId, 'Mod', moderator);
    const ann = await join(roomId, 'Ann');
    await mod.talkers(['Ann']);
    await mod.page.evaluate(() => {
      const { moderation, state } = window.enx.room;
      return moderation.setUserMuted(state.talkers[0]!.clientId, 'audio', true);
    });
    await ann.event('hardmute-user-audio');
    assert.equal(await ann.page.evaluate(() => window.enx.room.state.microphone), 'muted');
    assert.equal(await toolbarButton(ann, 'audio').isDisabled(), true);
    const refused = await ann.page.evaluate(() =>
      window.enx.unmuteAudio().catch(({ code }: { code: number }) => code),
    );
    assert.equal(refused, 1201);
    await mod.page.waitForFunction(() => window.enx.room.state.talkers[0]?.audio === false, undefined, wait);
    await mod.page.evaluate(() => {
      const { moderation, state } = window.enx.room;
      return moderation.setUserMuted(state.talkers[0]!.clientId, 'audio', false);
    });
    await ann.event('hardunmute-user-audio');
    await ann.page.evaluate(() => window.enx.unmuteAudio());
    await mod.hears('Ann');
  });

  test('somebody who is removed is told so and does not come back by themselves', async () => {
    const roomId = await room();
    const mod = await join(roomId, 'Mod', moderator);
    const ann = await join(roomId, 'Ann');
    await mod.talkers(['Ann']);
    await mod.page.evaluate(() => {
      const { moderation, state } = window.enx.room;
      return moderation.drop([state.talkers[0]!.clientId]);
    });
    const { reason, code } = await ann.event<{ reason: string; code: number }>('room-disconnected');
    assert.deepEqual([reason, code], ['removed', 2011]);
    assert.equal((await ann.event<{ reason: number }>('exit-room')).reason, 1);
    await mod.event('user-disconnected');
    assert.equal(await ann.state(), 'disconnected');
    assert.ok(!(await ann.eventNames()).includes('reconnect'));
  });

  test('what participants may not do is refused by number and changes nothing', async () => {
    const roomId = await room();
    const mod = await join(roomId, 'Mod', moderator);
    const ann = await join(roomId, 'Ann');
    await ann.talkers(['Mod']);
    const codes = await ann.page.evaluate(async () => {
      const { moderation, state } = window.enx.room;
      const other = state.talkers[0]!.clientId;
      const attempts = [
        () => moderation.setLocked(true),
        () => moderation.setRoomMuted(true),
        () => moderation.setUserMuted(other, 'video', true),
        () => moderation.drop([other]),
        () => moderation.dismiss(),
        () => moderation.handOver(other),
        () => moderation.setMode('lecture'),
      ];
      const results: unknown[] = [];
      for (const attempt of attempts) {
        results.push(
          await attempt().then(
            () => 'done',
            ({ code }: { code: number }) => code,
          ),
        );
      }
      return results;
    });
    assert.deepEqual(codes, Array(7).fill(4101));
    assert.equal(await mod.state(), 'connected');
    assert.equal(await mod.page.evaluate(() => window.enx.room.state.camera), 'on');
  });
});

describe('receiving less', () => {
  test('audio-only neither sends nor receives pictures', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob', { 'audio-only': '' });
    await Promise.all([ann.talkers(['Bob']), bob.talkers(['Ann'])]);
    await bob.hears('Ann');
    await bob.page.waitForFunction(() => window.enx.room.state.talkers[0]?.video === false, undefined, wait);
    assert.deepEqual(
      await bob.page.evaluate(() => {
        const { camera, localStream } = window.enx.room.state;
        return [camera, localStream?.getVideoTracks().length ?? 0];
      }),
      ['off', 0],
    );
    await ann.page.waitForFunction(() => window.enx.room.state.talkers[0]?.video === false, undefined, wait);
    await ann.hears('Bob');
  });

  test('chat-only opens no device and no media connection, and still talks', async () => {
    const roomId = await room();
    const ann = await join(roomId, 'Ann');
    const bob = await join(roomId, 'Bob', { 'chat-only': '' });
    await Promise.all([ann.event('user-connected'), bob.event('room-connected')]);
    await bob.page.evaluate(() => window.enx.sendMessage('hello'));
    assert.equal((await ann.event<{ message: string }>('message-received')).message, 'hello');
    assert.deepEqual(
      await bob.page.evaluate(() => {
        const { camera, microphone, slotStreams } = window.enx.room.state;
        return [camera, microphone, slotStreams.length];
      }),
      ['off', 'off', 0],
    );
    assert.ok(!(await bob.eventNames()).includes('media-access-allowed'));
  });
});

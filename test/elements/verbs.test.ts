/** Every method and property of `<enx-room>` that pages use, on an element that is in a room. */
import { expect, oneEvent, waitUntil } from '@open-wc/testing';
import { EnxRoom, type RoomError } from '../../src/index.js';
import { canvasStream, recordEvents } from '../helpers/elements.js';
import { scriptedPage, type ScriptedPage, scriptedToken } from '../helpers/joined-element.js';

let page: ScriptedPage;

type Frame = [name: string, ...args: unknown[]];

/** What goes to the server from here on, media messages aside. */
function sentFrom(start: number): Frame[] {
  return page.server.received
    .slice(start)
    .filter(({ name, args }) => name !== 'signaling_message' || 'config' in (args[0] as { msg: object }).msg)
    .map(({ name, args }): Frame => [name, ...args]);
}

async function sentBy(run: () => unknown): Promise<Frame[]> {
  const start = page.server.received.length;
  await run();
  await page.server.settled();
  return sentFrom(start);
}

const refusal = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it went well',
    ({ name, code }: RoomError) => `${name} ${code}`,
  );

/** A list of talkers with Bo's picture in the first slot. */
async function boTalks(): Promise<void> {
  page.server.send('user-connected', { clientId: 'bo', name: 'Bo', role: 'participant' });
  page.server.send('active-talkers-updated', {
    active: true,
    activeList: [{ streamId: 1, clientId: 'bo', name: 'Bo', mediatype: 'audiovideo' }],
  });
  await page.server.settled();
}

describe('a room that is joined', () => {
  let room: EnxRoom;
  beforeEach(async () => {
    page = scriptedPage();
    const { admission } = page.server;
    page.server.admission = (clientId) => ({
      ...admission!(clientId),
      room: { name: 'Daily', share: true, settings: { mode: 'group', quality: 'SD' } },
    });
    Object.assign(page.server.answers, {
      getNumberOfTalker: () => [{ result: 0, numTalkers: 4 }],
      getMaxNumberOfTalker: () => [{ result: 0, maxTalkers: 6 }],
      getAdvancedOptions: () => [{ result: 0, options: [{ id: 'chat-history', enable: true }] }],
    });
    room = await page.joined();
    page.pc('data')!.channel!.open();
  });
  afterEach(() => page.close());

  const overTheWire: [title: string, run: (room: EnxRoom) => unknown, sent: Frame[]][] = [
    ['muteAudio()', (r) => r.muteAudio(), [['user-audio-muted']]],
    [
      'unmuteAudio()',
      async (r) => {
        await r.muteAudio();
        await r.unmuteAudio();
      },
      [['user-audio-muted'], ['user-audio-unmuted']],
    ],
    ['muteVideo()', (r) => r.muteVideo(), [['user-video-muted']]],
    [
      'unmuteVideo()',
      async (r) => {
        await r.muteVideo();
        await r.unmuteVideo();
      },
      [['user-video-muted'], ['user-video-unmuted']],
    ],
    ['unpublish()', (r) => r.unpublish(), [['unpublish', 'stream-1']]],
    ['getTalkerCount()', async (r) => expect(await r.getTalkerCount()).to.equal(4), [['getNumberOfTalker']]],
    ['getMaxTalkers()', async (r) => expect(await r.getMaxTalkers()).to.equal(6), [['getMaxNumberOfTalker']]],
    [
      'getAdvancedOptions()',
      async (r) => expect(await r.getAdvancedOptions()).to.deep.equal([{ id: 'chat-history', enable: true }]),
      [['getAdvancedOptions']],
    ],
    [
      'setTalkerCount()',
      (r) => r.setTalkerCount(2),
      [['setNumberOfTalker', { numTalkers: 2, numAudioTalkers: 3, numVideoTalkers: 2 }]],
    ],
    [
      'setReceiveVideoQuality()',
      (r) => r.setReceiveVideoQuality('LD'),
      [
        [
          'signaling_message',
          {
            streamId: 1,
            msg: {
              type: 'updatestream',
              config: { video: { width: 640, height: 360, frameRate: 30 } },
            },
          },
          null,
        ],
      ],
    ],
    [
      'setAudioOnlyMode()',
      (r) => r.setAudioOnlyMode(true),
      [
        ['getNumberOfTalker'],
        ['setNumberOfTalker', { numTalkers: 4, numAudioTalkers: 4, numVideoTalkers: 0 }],
        ['user-video-muted'],
      ],
    ],
    [
      'subscribeForTalkerNotification()',
      (r) => r.subscribeForTalkerNotification(true),
      [['setAdvancedOptions', [{ id: 'speaker-notification', enable: true }]]],
    ],
    [
      'pinUsers()',
      (r) => r.pinUsers(['bo']),
      [['setAdvancedOptions', [{ id: 'update-pin-users', request: 'add', clientIds: ['bo'] }]]],
    ],
    [
      'unpinUsers()',
      (r) => r.unpinUsers(['bo']),
      [['setAdvancedOptions', [{ id: 'update-pin-users', request: 'remove', clientIds: ['bo'] }]]],
    ],
    ['moderation.setKnock()', (r) => r.moderation.setKnock(true), [['enableKnock', true]]],
    [
      'moderation.setRoles()',
      (r) => r.moderation.setRoles([{ clientId: 'bo', role: 'viewer' }]),
      [['switchUserRole', [{ clientId: 'bo', role: 'viewer' }]]],
    ],
    ['floor.accept()', (r) => r.floor.accept(), [['processFloorRequest', 'client-1', 'acceptFloor']]],
    ['floor.reject()', (r) => r.floor.reject(), [['processFloorRequest', 'client-1', 'rejectFloor']]],
    [
      'floor.cancelInvite()',
      (r) => r.floor.cancelInvite('bo'),
      [['processFloorRequest', 'bo', 'cancelFloorInvite']],
    ],
    ['disconnect()', (r) => r.disconnect(), [['drop', { self: true }]]],
  ];

  for (const [title, run, sent] of overTheWire) {
    it(`${title} asks the server for ${sent.map(([name]) => name).join(', then ')}`, async () => {
      expect(await sentBy(() => run(room))).to.deep.equal(sent);
    });
  }

  it('publish() puts the stream back that unpublish() took', async () => {
    await room.unpublish();
    const published = oneEvent(room, 'stream-published');
    expect((await sentBy(() => room.publish())).map(([name]) => name)).to.deep.equal(['publish']);
    await published;
  });

  it('startScreenShare() asks for the turn and publishes, stopScreenShare() gives it back', async () => {
    const { getDisplayMedia } = navigator.mediaDevices;
    navigator.mediaDevices.getDisplayMedia = () => Promise.resolve(canvasStream());
    try {
      const started = await sentBy(() => room.startScreenShare());
      expect(started.map(([name]) => name)).to.deep.equal(['auxilaryPublishRequests', 'publish']);
      expect(started[0]![1]).to.include({ req: 'start', pubType: 'screen' });
      expect(await refusal(room.startScreenShare())).to.equal('share-running 1151');
      const stopped = await sentBy(() => room.stopScreenShare());
      expect(stopped[0]).to.deep.equal(['unpublish', 'stream-2']);
    } finally {
      navigator.mediaDevices.getDisplayMedia = getDisplayMedia;
    }
  });

  it('getDevices() tells what the browser shows, and getSelectedDevice() where sound comes out', async () => {
    const { devices, routes } = await room.getDevices();
    const { cam, mic } = devices;
    expect([cam.length > 0, mic.length > 0, routes.length > 0]).to.deep.equal([true, true, true]);
    expect(await room.getSelectedDevice()).to.be.oneOf(routes);
  });

  it('setMicrophone(), setCamera() and switchMediaDevice() change devices without any negotiation', async () => {
    const { cam, mic } = (await room.getDevices()).devices;
    const sent = await sentBy(async () => {
      await room.setMicrophone(mic.at(-1)!.deviceId);
      await room.setCamera(cam.at(-1)!.deviceId);
      await room.switchMediaDevice(mic[0]!.deviceId, cam[0]!.deviceId);
    });
    expect(sent).to.deep.equal([]);
    expect(page.peerConnections).to.have.length(3);
    expect(await refusal(room.setMicrophone('nothing of the kind'))).to.equal('device-id-invalid 1142');
  });

  it('setSpeaker() refuses a speaker that is not there', async () => {
    expect(await refusal(room.setSpeaker('nothing of the kind'))).to.be.oneOf([
      'device-not-found 1143',
      'not-enabled 1170',
    ]);
  });

  it('getReceiveVideoQuality() says what was asked for last', async () => {
    expect(room.getReceiveVideoQuality()).to.equal('Auto');
    await room.setReceiveVideoQuality('SD');
    expect(room.getReceiveVideoQuality()).to.equal('SD');
  });

  it('getStatistics() tells of every stream', async () => {
    const statistics = await room.getStatistics();
    expect(statistics).to.be.an('object');
  });

  it('captureScreenShot() hands out a picture and fires captured-view, or refuses with stream-not-found', async () => {
    const events = recordEvents(room, ['captured-view']);
    await waitUntil(() => room.room.state.camera === 'on', 'a camera');
    const { image, width, height, clientId } = (await room.captureScreenShot(room.room.state.clientId)) as {
      image: Blob;
      width: number;
      height: number;
      clientId?: string;
    };
    expect([image.type, width > 0, height > 0]).to.deep.equal(['image/png', true, true]);
    expect(clientId).to.equal(room.room.state.clientId);
    expect(events).to.have.length(1);
    expect(await refusal(room.captureScreenShot('nobody'))).to.equal('stream-not-found 1159');
  });

  it('sendMessage(), sendUserData(), raiseHand() and react() go over the data channel', async () => {
    const { sent } = page.pc('data')!.channel!;
    const said = () => JSON.parse(sent.at(-1)!) as { type: string; message: unknown; clients: string[] };
    await room.sendMessage('Hello');
    expect([said().type, said().message, said().clients]).to.deep.equal(['chat', 'Hello', []]);
    await room.sendMessage('Psst', ['bo']);
    expect(said().clients).to.deep.equal(['bo']);
    await room.sendUserData({ a: 1 });
    expect([said().type, said().message]).to.deep.equal(['user_data', { a: 1 }]);
    await room.raiseHand();
    expect(said().message).to.deep.include({ enx: 'hand', raised: true });
    await room.raiseHand(false);
    expect(said().message).to.deep.include({ enx: 'hand', raised: false });
    const shown = oneEvent(room, 'reaction-received');
    await room.react('👍');
    expect(said().message).to.deep.include({ enx: 'reaction', emoji: '👍' });
    expect(((await shown) as CustomEvent).detail).to.deep.equal({
      clientId: room.room.state.clientId,
      emoji: '👍',
    });
  });

  it('.moderation, .floor and .sharePermissions are those of .room, and .state is that of its connection', () => {
    expect(room.moderation).to.equal(room.room.moderation);
    expect(room.floor).to.equal(room.room.floor);
    expect(room.sharePermissions).to.equal(room.room.sharePermissions);
    expect([room.state, room.room.state.connection]).to.deep.equal(['connected', 'connected']);
  });

  it('.layoutFacts tells which panel is open and how much of the chat was not read', async () => {
    expect(room.layoutFacts).to.deep.equal({ panel: undefined, unread: 0 });
    await boTalks();
    page.server.send('onDataStreamToRoom', {
      ...{ type: 'chat', message: 'Hello', broadcast: true, clients: [] },
      ...{ sender: 'Bo', senderId: 'bo', timestamp: 7 },
    });
    await page.server.settled();
    expect(room.layoutFacts.unread).to.equal(1);
    room.shadowRoot!.dispatchEvent(
      new CustomEvent('enx-chat-request', { detail: { open: true }, bubbles: true, composed: true }),
    );
    await waitUntil(() => room.layoutFacts.panel === 'chat', 'the chat is open');
    expect(room.layoutFacts.unread).to.equal(0);
  });

  it('.locale speaks the language of the page, and registerStrings() changes what it says', async () => {
    expect(room.locale.lang).to.equal('en');
    expect(EnxRoom.registerStrings).to.be.a('function');
    const before = room.locale.t('leave');
    EnxRoom.registerStrings('en', { leave: 'Hang up' });
    try {
      expect(room.locale.t('leave')).to.equal('Hang up');
    } finally {
      EnxRoom.registerStrings('en', { leave: before });
    }
  });

  it('.layout is the first choice of how the faces are arranged', async () => {
    await boTalks();
    room.layout = 'speaker';
    await room.updateComplete;
    const stage = room.shadowRoot!.querySelector('enx-stage')!;
    await waitUntil(() => stage.shadowRoot!.querySelector('[data-layout], enx-player'), 'a stage');
    expect((room as unknown as { preferences: { layout: string } }).preferences.layout).to.equal('speaker');
  });
});

describe('a room that is not joined', () => {
  beforeEach(() => (page = scriptedPage()));
  afterEach(() => page.close());

  it('join() uses .token once, by itself unless .joinMode says otherwise', async () => {
    const room = page.element();
    room.joinMode = 'manual';
    room.token = scriptedToken();
    document.body.append(room);
    expect(room.state).to.equal('idle');
    await room.join();
    expect(room.state).to.equal('connected');
    expect(await refusal(room.join())).to.equal('already-in-state 1177');
    const other = page.element();
    const connected = oneEvent(other, 'room-connected');
    other.token = scriptedToken();
    document.body.append(other);
    await connected;
  });

  it('join() fetches a token from .tokenUrl', async () => {
    const { fetch } = window;
    window.fetch = () => Promise.resolve(new Response(JSON.stringify({ token: scriptedToken() })));
    try {
      const room = page.element({ 'join-mode': 'manual' });
      room.tokenUrl = '/token';
      document.body.append(room);
      await room.join();
      expect(room.state).to.equal('connected');
    } finally {
      window.fetch = fetch;
    }
  });

  const needsRoom: [string, (room: EnxRoom) => Promise<unknown>][] = [
    ['muteAudio()', (r) => r.muteAudio()],
    ['unmuteVideo()', (r) => r.unmuteVideo()],
    ['publish()', (r) => r.publish()],
    ['unpublish()', (r) => r.unpublish()],
    ['startScreenShare()', (r) => r.startScreenShare()],
    ['getTalkerCount()', (r) => r.getTalkerCount()],
    ['getMaxTalkers()', (r) => r.getMaxTalkers()],
    ['setTalkerCount()', (r) => r.setTalkerCount(1)],
    ['setReceiveVideoQuality()', (r) => r.setReceiveVideoQuality('SD')],
    ['setAudioOnlyMode()', (r) => r.setAudioOnlyMode(true)],
    ['subscribeForTalkerNotification()', (r) => r.subscribeForTalkerNotification(true)],
    ['getAdvancedOptions()', (r) => r.getAdvancedOptions()],
    ['pinUsers()', (r) => r.pinUsers(['bo'])],
    ['unpinUsers()', (r) => r.unpinUsers(['bo'])],
    ['sendMessage()', (r) => r.sendMessage('x')],
    ['sendUserData()', (r) => r.sendUserData({})],
    ['raiseHand()', (r) => r.raiseHand()],
    ['react()', (r) => r.react('👍')],
    ['moderation.setLocked()', (r) => r.moderation.setLocked(true)],
    ['floor.request()', (r) => r.floor.request()],
    ['sharePermissions.request()', (r) => r.sharePermissions.request('screen')],
  ];
  for (const [title, run] of needsRoom) {
    it(`${title} is refused with 5086, before joining and after leaving`, async () => {
      const room = await page.joined();
      await room.disconnect();
      expect(await refusal(run(room))).to.equal('not-connected 5086');
      const fresh = page.element({ 'join-mode': 'manual' });
      document.body.append(fresh);
      expect(await refusal(run(fresh))).to.equal('not-connected 5086');
    });
  }

  it('disconnect() is refused with 5031 while it runs, and with 5032 after', async () => {
    const room = await page.joined();
    page.server.hold('drop');
    const leaving = room.disconnect();
    expect(await refusal(room.disconnect())).to.equal('disconnect-running 5031');
    page.server.release('drop');
    await leaving;
    expect(await refusal(room.disconnect())).to.equal('disconnect-done 5032');
  });
});

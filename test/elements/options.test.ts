/**
 * Every key of the four option objects, through the element: default, property, JSON attribute, own attribute and
 * nonsense; and each time what it does: what is asked of the browser, told to the server, or shown.
 */
import { expect, waitUntil } from '@open-wc/testing';
import type { EnxRoom, EnxRoomEventMap } from '../../src/index.js';
import '../../src/index.js';
import { browserEnvironment } from '../../src/engine/browser-environment.js';
import { attributeOf, type OptionGroup, optionTable } from '../../src/engine/options.js';
import { deep, recordEvents } from '../helpers/elements.js';
import { scriptedPage, type ScriptedPage } from '../helpers/joined-element.js';

type Group = OptionGroup | 'advanceOptions';

interface Key {
  /** As published (the SDKs' documents), written out by hand. */
  standard: unknown;
  other: unknown;
  wrong: unknown;
  /** Text of the own attribute for `other`, and one that is not understood; `undefined` = has no attribute. */
  attribute?: [name: string, other: string, wrong: string];
  /** What the room does about it, where a page can see that at once. */
  effect?: (page: ScriptedPage, room: EnxRoom) => unknown;
  /** For `standard` and `other`. */
  effects?: [unknown, unknown];
}

let page: ScriptedPage;

const published = () => page.server.sent('publish')[0] as Record<string, unknown> | undefined;
const told = () => page.server.sent('token')[0] as Record<string, unknown>;

const boolean = (
  attribute: string,
  standard: boolean,
  effect: Key['effect'],
  effects: Key['effects'] = [standard, !standard],
): Key => ({
  standard,
  other: !standard,
  wrong: 'yes',
  attribute: [attribute, String(!standard), 'yes'],
  effect,
  effects,
});

/** Bo talks, with little bandwidth, and is pinned; oneself has a camera. */
async function players(room: EnxRoom) {
  const { server } = page;
  server.send('user-connected', { clientId: 'bo', name: 'Bo', role: 'participant' });
  server.send('active-talkers-updated', {
    active: true,
    activeList: [{ streamId: 1, clientId: 'bo', name: 'Bo', mediatype: 'audio', muteDueToBw: true }],
  });
  server.send('roomManagementEvents', { id: 'update-pin-users', msg: { clientIds: ['bo'] } });
  await server.settled();
  const find = (who: 'self' | 'bo') =>
    [...deep(room.shadowRoot!, 'enx-stage').shadowRoot!.querySelectorAll('enx-player')].find((player) =>
      who === 'self' ? player.self : player.personId === 'bo',
    );
  await waitUntil(
    () => find('self')?.stream && find('bo')?.lowBandwidth && find('bo')?.pinned,
    'two players',
  );
  const self = find('self')!;
  const bo = find('bo')!;
  for (const player of [self, bo]) {
    player.dispatchEvent(new PointerEvent('pointerenter', { pointerType: 'mouse' }));
    await waitUntil(() => player.shadowRoot!.querySelector('.control:not(.more)'), 'its controls');
  }
  return {
    self,
    bo,
    has: (player: Element, selector: string) => !!player.shadowRoot!.querySelector(selector),
  };
}
const control =
  (id: string): Key['effect'] =>
  async (_, room) => {
    const { self, has } = await players(room);
    return has(self, `.control[data-control="${id}"]`);
  };
const bosPlayer =
  (selector: string): Key['effect'] =>
  async (_, room) => {
    const { bo, has } = await players(room);
    return has(bo, selector);
  };
const icon =
  (property: 'color' | 'width' | 'height'): Key['effect'] =>
  async (_, room) => {
    const { bo } = await players(room);
    return getComputedStyle(bo.shadowRoot!.querySelector('.control[data-control=audiomute] svg')!)[property];
  };
const face =
  (property: 'width' | 'height'): Key['effect'] =>
  async (_, room) => {
    const { bo } = await players(room);
    return getComputedStyle(bo.shadowRoot!.querySelector('.face')!)[property];
  };
const pixels = (name: string, standard: number, effect: Key['effect']): Key => ({
  standard,
  other: 18,
  wrong: -3,
  attribute: [name, '18', 'large'],
  effect,
  effects: [`${standard}px`, '18px'],
});

/** What follows the loss of the connection first. */
async function afterLoss(room: EnxRoom): Promise<{ name: string; detail: unknown }> {
  const events = recordEvents(room, ['reconnect', 'room-disconnected']);
  page.server.cut();
  await waitUntil(() => events.length > 0, 'something follows');
  return events[0]!;
}

const keys: { [G in OptionGroup]: Record<string, Key> } = {
  localInfo: {
    audio: boolean('audio', true, () => [Boolean(page.asked[0]?.audio), published()?.audio], [
      [true, true],
      [false, false],
    ]),
    video: boolean('video', true, () => [Boolean(page.asked[0]?.video), published()?.video], [
      [true, true],
      [false, false],
    ]),
    data: boolean('data', true, () => [told().dataChannel, Boolean(page.pc('data'))], [
      [true, true],
      [false, false],
    ]),
    name: {
      standard: '',
      other: 'Bea',
      wrong: 5,
      attribute: ['name', 'Bea', 'n'.repeat(129)],
      effect: (_, room) => [room.room.state.name, (published()?.attributes as { name?: string }).name],
      effects: [
        ['', ''],
        ['Bea', 'Bea'],
      ],
    },
    audioMuted: boolean(
      'audio-muted',
      false,
      (_, room) => [room.room.state.microphone, (published()?.muteStream as { audio: boolean }).audio],
      [
        ['on', false],
        ['muted', true],
      ],
    ),
    videoMuted: boolean(
      'video-muted',
      false,
      (_, room) => [room.room.state.camera, (published()?.muteStream as { video: boolean }).video],
      [
        ['on', false],
        ['muted', true],
      ],
    ),
    attributes: {
      standard: {},
      other: { seat: 4 },
      wrong: 'seat',
      effect: () => published()?.attributes,
      effects: [{ name: '' }, { seat: 4, name: '' }],
    },
    maxVideoLayers: {
      standard: 3,
      other: 2,
      wrong: 9,
      attribute: ['max-video-layers', '2', 'all'],
      effect: () => page.pc('publisher')!.layers,
      effects: [3, 2],
    },
  },
  roomInfo: {
    allow_reconnect: boolean('allow-reconnect', true, async (_, room) => (await afterLoss(room)).name, [
      'reconnect',
      'room-disconnected',
    ]),
    number_of_attempts: {
      standard: 3,
      other: 5,
      wrong: 0,
      attribute: ['number-of-attempts', '5', 'many'],
      effect: async (_, room) => ((await afterLoss(room)).detail as EnxRoomEventMap['reconnect']).maxAttempts,
      effects: [3, 5],
    },
    // How long that is: test/engine/reconnect-options.test.ts.
    timeout_interval: {
      standard: 10,
      other: 20,
      wrong: -1,
      attribute: ['timeout-interval', '20', '20s'],
    },
    audio_only: boolean(
      'audio-only',
      false,
      () => [
        Boolean(page.asked[0]?.video),
        (page.server.sent('setNumberOfTalker')[0] as { numVideoTalkers?: number } | undefined)
          ?.numVideoTalkers,
      ],
      [
        [true, undefined],
        [false, 0],
      ],
    ),
    forceTurn: boolean(
      'force-turn',
      false,
      () => [...new Set(page.peerConnections.map(({ configuration }) => configuration.iceTransportPolicy))],
      [[undefined], ['relay']],
    ),
    chat_only: boolean(
      'chat-only',
      false,
      () => [page.asked.length, page.server.sent('subscribe').length > 0],
      [
        [1, true],
        [0, false],
      ],
    ),
    activeviews: {
      standard: 'list',
      other: 'view',
      wrong: 'grid',
      attribute: ['activeviews', 'view', 'grid'],
      effect: async (_, room) => {
        const lists = recordEvents(room, ['active-talkers-updated']);
        for (const active of [true, false, true])
          page.server.send('active-talkers-updated', { active, activeList: [] });
        await page.server.settled();
        return lists.length;
      },
      effects: [3, 1],
    },
  },
  playerConfiguration: {
    audiomute: boolean('audiomute', true, control('audiomute')),
    videomute: boolean('videomute', true, control('videomute')),
    bandwidth: boolean('bandwidth', true, bosPlayer('.notice, .mark.weak')),
    screenshot: boolean('screenshot', true, control('screenshot')),
    avatar: boolean('avatar', true, bosPlayer('.avatar')),
    pinned: boolean('pinned', false, bosPlayer('.mark.pinned')),
    iconColor: {
      standard: '#FFFFFF',
      other: '#00ff00',
      wrong: 'red',
      attribute: ['icon-color', '#00ff00', 'red'],
      effect: icon('color'),
      effects: ['rgb(255, 255, 255)', 'rgb(0, 255, 0)'],
    },
    iconHeight: pixels('icon-height', 30, icon('height')),
    iconWidth: pixels('icon-width', 30, icon('width')),
    avatarHeight: pixels('avatar-height', 200, face('height')),
    avatarWidth: pixels('avatar-width', 200, face('width')),
  },
};

const parse = (messages: { detail: unknown }[]) =>
  messages.map(({ detail }) => detail as EnxRoomEventMap['event-error']);

describe('an option of the element', () => {
  beforeEach(() => {
    page = scriptedPage();
    const { admission } = page.server;
    // Nobody has a name yet but the one of the options, and the room takes three sizes of a picture.
    page.server.admission = (clientId) => ({
      ...admission!(clientId),
      user: { clientId, name: '', role: 'participant' },
      userList: [{ clientId, name: '', role: 'participant' }],
      maxVideoLayers: 3,
      initialNumATs: 2,
    });
  });
  afterEach(() => page.close());

  it('is one of these, and no other', () => {
    for (const group of Object.keys(optionTable) as OptionGroup[])
      expect(Object.keys(keys[group]), group).to.have.members(Object.keys(optionTable[group]));
  });

  for (const group of Object.keys(keys) as OptionGroup[]) {
    for (const [key, { standard, other, wrong, attribute, effect, effects }] of Object.entries(keys[group])) {
      const valueIn = (room: EnxRoom) =>
        (room.room.options[group] as unknown as Record<string, unknown>)[key];
      const check = async (room: EnxRoom, which: 0 | 1) => {
        expect(valueIn(room)).to.deep.equal([standard, other][which]);
        if (effect) expect(await effect(page, room)).to.deep.equal(effects![which]);
      };

      describe(`${group}.${key}`, () => {
        it(`is ${JSON.stringify(standard)} by default`, async () => check(await page.joined(), 0));

        it(`is taken from the property .${group}`, async () => {
          await check(await page.joined({}, (room) => Object.assign(room, { [group]: { [key]: other } })), 1);
        });

        it('is taken from the JSON attribute', async () => {
          await check(await page.joined({ [attributeOf(group)]: JSON.stringify({ [key]: other }) }), 1);
        });

        if (attribute) {
          it(`is taken from ${attribute[0]}, which wins over both`, async () => {
            const room = await page.joined(
              { [attribute[0]]: attribute[1], [attributeOf(group)]: JSON.stringify({ [key]: standard }) },
              (made) => Object.assign(made, { [group]: { [key]: standard } }),
            );
            await check(room, 1);
          });
        }

        it('stays as it was for nonsense, which is told once as 1155, and one joins all the same', async () => {
          let problems: { detail: unknown }[] = [];
          const room = await page.joined(attribute ? { [attribute[0]]: attribute[2] } : {}, (made) => {
            problems = recordEvents(made, ['event-error']);
            Object.assign(made, { [group]: { [key]: wrong } });
          });
          const errors = parse(problems);
          expect(errors.map(({ code, name }) => [code, name])).to.deep.equal(
            errors.map(() => [1155, 'parameter-invalid']),
          );
          const where = [`${group}.${key}`, ...(attribute ? [attribute[0]] : [])];
          expect(errors.map(({ message }) => message.split(' is "')[0])).to.deep.equal(where);
          await check(room, 0);
        });
      });
    }
  }

  describe('advanceOptions', () => {
    let battery: ((state: { level: number; charging: boolean }) => void) | undefined;
    const { watchBattery } = browserEnvironment;
    const asked = [{ id: 'battery_updates', enable: true }];
    const isOn = (room: EnxRoom) => {
      const updates = recordEvents(room, ['advanced-options-update']);
      battery?.({ level: 0.5, charging: true });
      return { told: told().advancedOptions, heard: updates.map(({ detail }) => detail) };
    };
    const on = { told: asked, heard: [{ id: 'battery_updates', data: { level: 0.5, charging: true } }] };

    beforeEach(() => {
      battery = undefined;
      browserEnvironment.watchBattery = (listener) => {
        battery = listener;
        return () => (battery = undefined);
      };
    });
    afterEach(() => (browserEnvironment.watchBattery = watchBattery));

    it('is empty by default', async () => {
      expect(isOn(await page.joined())).to.deep.equal({ told: [], heard: [] });
    });

    /** What reads the battery comes with the first wish for it. */
    const watched = () => waitUntil(() => battery, 'the battery is read');

    it('is taken from the property .advanceOptions', async () => {
      const room = await page.joined({}, (made) => Object.assign(made, { advanceOptions: asked }));
      await watched();
      expect(isOn(room)).to.deep.equal(on);
    });

    it('is taken from the JSON attribute', async () => {
      const room = await page.joined({ 'advance-options': JSON.stringify(asked) });
      await watched();
      expect(isOn(room)).to.deep.equal(on);
    });

    it('leaves out what is nonsense, which is told once as 1155', async () => {
      let problems: { detail: unknown }[] = [];
      const room = await page.joined({ 'advance-options': '[{"id": "made-up", "enable": true}]' }, (made) => {
        problems = recordEvents(made, ['event-error']);
      });
      expect(isOn(room)).to.deep.equal({ told: [], heard: [] });
      const [error, ...others] = parse(problems);
      expect(others).to.deep.equal([]);
      expect([error!.code, error!.message.split(' is "')[0]]).to.deep.equal([1155, 'advanceOptions[0]']);
    });
  });

  for (const group of [...Object.keys(keys), 'advanceOptions'] as Group[]) {
    it(`that is no JSON leaves all of ${group} at its defaults, and is told once`, async () => {
      let problems: { detail: unknown }[] = [];
      const room = await page.joined({ [attributeOf(group)]: '{broken' }, (made) => {
        problems = recordEvents(made, ['event-error']);
      });
      expect(parse(problems).map(({ code, message }) => [code, message.split(' is "')[0]])).to.deep.equal([
        [1155, attributeOf(group)],
      ]);
      expect(room.state).to.equal('connected');
    });
  }

  it('names the person to the token URL too, unless they chose another name or the URL has one', async () => {
    const { fetch } = window;
    const fetched: (string | null)[] = [];
    window.fetch = (target) => {
      fetched.push(new URL(String(target)).searchParams.get('name'));
      return Promise.reject(new TypeError('no network'));
    };
    try {
      for (const [url, name] of [
        ['/token', 'Bea'],
        ['/token?name=Cy', 'Bea'],
        ['/token', ''],
      ]) {
        const room = page.element({ 'token-url': url!, 'join-mode': 'manual', name: name! });
        document.body.append(room);
        await room.join().catch(() => {});
      }
    } finally {
      window.fetch = fetch;
    }
    expect(fetched).to.deep.equal(['Bea', 'Cy', null]);
  });

  it('may change what players show at any time; nonsense leaves it and is told', async () => {
    const room = await page.joined();
    const problems = recordEvents(room, ['event-error']);
    const color = async () => icon('color')!(page, room);
    room.setAttribute('icon-color', '#0000ff');
    expect(await color()).to.equal('rgb(0, 0, 255)');
    room.setAttribute('icon-color', 'blue');
    expect(await color()).to.equal('rgb(255, 255, 255)');
    expect(parse(problems).map(({ code }) => code)).to.deep.equal([1155]);
  });

  it('that is nonsense is told once, not again for the preview, the join and the return', async () => {
    const room = page.element({ token: 'x', 'join-mode': 'prejoin', 'number-of-attempts': 'many' });
    const problems = recordEvents(room, ['event-error']);
    document.body.append(room);
    await waitUntil(() => problems.length > 0, 'it is told');
    await room.join().catch(() => {});
    await room.join().catch(() => {});
    expect(problems).to.have.length(1);
    room.setAttribute('number-of-attempts', 'lots');
    await room.join().catch(() => {});
    expect(problems).to.have.length(2);
  });
});

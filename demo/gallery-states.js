/**
 * Hand-written states of a room, each as `<enx-room>` would show it without any server. Used by the gallery, by the
 * screenshots and by the accessibility tests.
 */

const names =
  'Ann Bob Chloé Dev Eva Finn Gita Hugo Ines Jon Kim Lea Max Nia Omar Pia Quinn Rosa Sam Tea Uma Vera Wes Xenia Yara Zoe'.split(
    ' ',
  );

/** With `?still` nothing moves and the colours are flat: for pictures that are compared with others. */
const still = new URLSearchParams(location.search).has('still');

/** A moving picture of somebody, drawn on a canvas. @param hue 0…359 */
function picture(hue, width = 640, height = 480) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d');
  const draw = (time) => {
    const sway = still ? 0 : Math.sin(time / 900 + hue) * 6;
    const back = context.createLinearGradient(0, 0, width, height);
    back.addColorStop(0, `hsl(${hue} 32% 62%)`);
    back.addColorStop(1, still ? `hsl(${hue} 32% 62%)` : `hsl(${(hue + 40) % 360} 36% 34%)`);
    context.fillStyle = back;
    context.fillRect(0, 0, width, height);
    const x = width / 2 + sway;
    context.fillStyle = `hsl(${(hue + 190) % 360} 30% 30%)`;
    context.beginPath();
    context.ellipse(x, height * 1.02, width * 0.27, height * 0.36, 0, 0, 7);
    context.fill();
    context.fillStyle = `hsl(${24 + (hue % 12)} 42% ${52 + (hue % 20)}%)`;
    context.beginPath();
    context.ellipse(x, height * 0.47, width * 0.125, height * 0.21, 0, 0, 7);
    context.fill();
    context.fillStyle = `hsl(${hue % 50} 40% 18%)`;
    context.beginPath();
    context.ellipse(x, height * 0.35, width * 0.135, height * 0.13, 0, 3.1, 6.3);
    context.fill();
  };
  draw(hue * 100);
  const stream = canvas.captureStream(0);
  const [track] = stream.getVideoTracks();
  // A still canvas sends no frame by itself.
  setInterval(() => {
    draw(performance.now());
    track.requestFrame?.();
  }, 500);
  return stream;
}

/** Slides, so that one sees whether an edge is cut off. */
function slides() {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1600, height: 900 });
  const context = canvas.getContext('2d');
  const stream = canvas.captureStream(0);
  const draw = () => {
    context.fillStyle = '#fbfbf8';
    context.fillRect(0, 0, 1600, 900);
    context.strokeStyle = '#1f5fe0';
    context.lineWidth = 16;
    context.strokeRect(8, 8, 1584, 884);
    context.fillStyle = '#171a1f';
    const family = getComputedStyle(document.body).fontFamily;
    context.font = `600 92px ${family}`;
    context.fillText('Plans for spring', 130, 220);
    context.font = `48px ${family}`;
    ['Where we are', 'What comes next', 'Who does what', 'Questions'].forEach((line, index) =>
      context.fillText(`•  ${line}`, 150, 360 + index * 110),
    );
    stream.getVideoTracks()[0].requestFrame?.();
  };
  draw();
  setInterval(draw, 500);
  return stream;
}

const streams = new Map();
/** The same stream every time, drawn when first wanted. */
const streamOf = (key, make) => {
  if (!streams.has(key)) streams.set(key, make());
  return streams.get(key);
};

const participant = (index, more = {}) => ({
  clientId: `c${index}`,
  name: names[index % names.length],
  role: 'participant',
  isSelf: false,
  audioMuted: false,
  videoMuted: false,
  audioHardMuted: false,
  videoHardMuted: false,
  ...more,
});

const talker = (index, more = {}) => ({
  slot: index,
  clientId: `c${index}`,
  name: names[index % names.length],
  audio: index % 4 !== 2,
  video: index % 5 !== 3,
  talking: index === 1,
  pinned: false,
  spotlighted: false,
  lowBandwidth: false,
  ...more,
  get stream() {
    return (more.video ?? index % 5 !== 3)
      ? streamOf(`p${index}`, () => picture((index * 67) % 360))
      : undefined;
  },
});

const me = participant(0, { isSelf: true, name: 'Zoe', clientId: 'me' });
const ownPicture = () => streamOf('me', () => picture(200));

/** A call with that many others in slots, and that many more without. */
function call(others, { watchers = 0, talkers = {}, ...more } = {}) {
  const indices = Array.from({ length: others + watchers }, (_, index) => index + 1);
  return () => ({
    connection: 'connected',
    roomId: 'gallery',
    roomName: 'Spring plans',
    clientId: 'me',
    name: 'Zoe',
    role: 'participant',
    microphone: 'on',
    camera: 'on',
    localStream: ownPicture(),
    published: true,
    active: true,
    canShare: true,
    participants: [
      me,
      ...indices.map((index) =>
        participant(index, { audioMuted: index % 4 === 2, videoMuted: index % 5 === 3 }),
      ),
    ],
    talkers: indices.slice(0, others).map((index) => talker(index, talkers[index])),
    ...(typeof more.also === 'function' ? more.also() : {}),
    ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'also')),
  });
}

const share = () => ({
  share: { clientId: 'c1', name: 'Ann', isSelf: false, stream: streamOf('slides', slides) },
});
const failed = (name, message, retryable) => ({ name, message, retryable, code: 0 });
const offAir = { microphone: 'off', camera: 'off', localStream: undefined };
const silent = { ...offAir, participants: [], talkers: [] };

const guests = [
  { clientId: 'g1', name: 'Lea' },
  { clientId: 'g2', name: 'Maximiliane Brandtstätter-von Hohenfels' },
];
const device = (id, label) => ({ id, label, groupId: '' });
const devices = {
  microphones: [device('m1', 'Built-in microphone'), device('m2', 'Headset (USB)')],
  cameras: [device('c1', 'FaceTime HD camera')],
  speakers: [device('s1', 'Built-in speakers'), device('s2', 'Headset (USB)')],
  microphoneId: 'm2',
  cameraId: '',
  speakerId: '',
  canChooseSpeaker: true,
};
const said = (id, senderId, from, text, more = {}) => ({
  ...{ id, senderId, from, text, timestamp: 1_700_000_000_000 + id * 50_000 },
  ...{ broadcast: true, recipients: [], isSelf: senderId === 'me' },
  ...more,
});
const messages = [
  said(1, 'c1', 'Ann', 'Hello! The slides are at https://example.org/slides/spring?page=3.'),
  said(2, 'me', 'Zoe', 'Thank you, I see them.'),
  said(3, 'c2', 'Bob', 'Just between us: I am late for lunch.', { broadcast: false, recipients: ['me'] }),
  said(4, 'me', 'Zoe', 'Me too\n🙂', { broadcast: false, recipients: ['c2'] }),
  said(5, 'c3', 'Chloé', 'مرحبا بالجميع'),
];

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
/** What matches inside an element's shadow root, as soon as it is there. */
async function inside(element, selector) {
  for (;;) {
    const found = element.shadowRoot?.querySelector(selector);
    if (found && !(found.updateComplete && !found.hasUpdated)) return found;
    await frame();
  }
}
/** Clicks a button of the toolbar; where there is no room for it, the one that opens the menu of the rest. */
async function tool(room, name) {
  const toolbar = await inside(room, 'enx-toolbar');
  // It arranges itself by its width first.
  while (!toolbar.dataset.size || toolbar.isUpdatePending) await frame();
  const button = (which) => toolbar.shadowRoot.querySelector(`button.${which}`);
  (button(name) ?? button('more')).click();
  return inside(toolbar, 'enx-menu');
}
const ask = (room, panel, open) =>
  room.dispatchEvent(new CustomEvent(`enx-${panel}-request`, { detail: { open }, cancelable: true }));
const open = (panel) => (room) => {
  ask(room, panel, true);
  return inside(room, `enx-${panel === 'shortcuts' ? 'dialog' : panel}`);
};
async function actionsOf(room) {
  const people = await open('people')(room);
  // The panel takes the focus when it opens; a menu that was open by then would close.
  while (!people.shadowRoot.activeElement) await frame();
  const [, button] = [await inside(people, '.actions'), ...people.shadowRoot.querySelectorAll('.actions')];
  button.click();
  return inside(people, 'enx-menu');
}

/** The menu of the second player on the stage. */
async function playerMenu(room) {
  const stage = await inside(room, 'enx-stage');
  await inside(stage, 'enx-player');
  const player = stage.shadowRoot.querySelectorAll('enx-player')[1];
  player.dispatchEvent(new PointerEvent('pointerenter', { pointerType: 'mouse' }));
  (await inside(player, '.more')).click();
  const menu = await inside(player, 'enx-menu');
  // Its lines come with what they do.
  return inside(menu, 'button');
}
/** A minute of a call as the settings draw it. */
async function statistics(room) {
  const stream = (direction, kind, clientId, bitrate, more = {}) => ({
    ...{ id: `${direction}-${kind}-${clientId}`, direction, kind, clientId, bitrate },
    ...{ source: 'camera', packetsLost: 0, codec: kind === 'video' ? 'VP8' : 'opus', ...more },
  });
  const picture = { width: 1280, height: 720, fps: 30 };
  room.figures = async () => ({
    ...{ at: Date.now(), roundTripMs: 38 },
    streams: [
      stream('send', 'audio', 'me', 32_000),
      stream('send', 'video', 'me', 1_240_000, picture),
      stream('receive', 'audio', 'c1', 30_000),
      stream('receive', 'video', 'c1', 980_000, { width: 640, height: 360, fps: 24, packetsLost: 0.021 }),
    ],
  });
  const settings = await open('settings')(room);
  const toggle = [...settings.shadowRoot.querySelectorAll('[role=switch], input[type=checkbox]')].at(-1);
  toggle.click();
  const figures = await inside(settings, 'enx-statistics');
  while (!figures.current) await frame();
  const now = figures.current.at;
  figures.points = Array.from({ length: 30 }, (_, index) => ({
    at: now - 58_000 + index * 2000,
    send: 1_200_000 + 90_000 * Math.sin(index),
    receive: index < 12 ? 400_000 + 50_000 * Math.cos(index) : 1_010_000 + 60_000 * Math.cos(index * 2),
  }));
  figures.scrollIntoView({ block: 'end' });
}
/** What others react with, over the stage. */
async function reacted(room) {
  await open('people')(room);
  ask(room, 'people', false);
  // The focus goes back to the button of the panel.
  while (room.shadowRoot.activeElement?.localName !== 'enx-toolbar') await frame();
  const reactions = await inside(room, 'enx-reactions');
  reactions.show('👍', 'Bob');
  reactions.show('🎉', 'Maximiliane Brandtstätter-Lindqvist');
  await reactions.updateComplete;
  // Half of their way up, where they can be read.
  for (const rising of reactions.shadowRoot.getAnimations()) {
    rising.pause();
    rising.currentTime = 1500;
  }
}

/** What somebody does after a state is shown. */
const steps = {
  statistics,
  'menu of a player': playerMenu,
  'others react': reacted,
  async 'unread messages'(room) {
    (await inside(room, 'enx-toolbar')).unread = 12;
  },
  chat: open('chat'),
  'chat, empty': open('chat'),
  people: open('people'),
  'people, one hundred': open('people'),
  settings: open('settings'),
  shortcuts: open('shortcuts'),
  'actions for somebody': actionsOf,
  async 'remove somebody'(room) {
    const menu = await actionsOf(room);
    [...menu.shadowRoot.querySelectorAll('button')].at(-1).click();
    await inside(await inside(room, 'enx-people'), 'enx-dialog');
  },
  async 'end for everyone'(room) {
    const menu = await tool(room, 'leave-menu');
    [...menu.shadowRoot.querySelectorAll('button')].at(-1).click();
    await inside(await inside(room, 'enx-toolbar'), 'enx-dialog');
  },
  'device menu': (room) => tool(room, 'audio-menu'),
  'layout menu': (room) => tool(room, 'layout'),
  reactions: (room) => tool(room, 'react'),
  async 'prejoin, devices'(room) {
    (await inside(await inside(room, 'enx-prejoin'), '.devices')).open = true;
  },
  async 'prejoin, denied'(room) {
    (await inside(await inside(room, 'enx-prejoin'), '.problem details')).open = true;
  },
};

/** Name → a function that makes the changes to the initial state. */
export const states = {
  alone: call(0),
  two: call(1),
  'two, camera off': call(1, { talkers: { 1: { video: false, audio: false } }, camera: 'muted' }),
  three: call(2),
  five: call(4),
  nine: call(8),
  'twenty-five': call(24),
  'one hundred': call(12, { watchers: 87 }),
  share: call(4, { also: share }),
  'own share': call(3, {
    also: () => ({ share: { ...share().share, clientId: 'me', name: 'Zoe', isSelf: true } }),
  }),
  pinned: call(5, { pinned: ['c2'], talkers: { 2: { pinned: true } } }),
  spotlight: call(6, {
    spotlighted: ['c1', 'c4'],
    talkers: { 1: { spotlighted: true }, 4: { spotlighted: true } },
  }),
  'low bandwidth': call(3, { lowBandwidth: true, talkers: { 2: { lowBandwidth: true, video: true } } }),
  muted: call(3, { microphone: 'muted', camera: 'muted', mutedWhileTalking: true }),
  'muted by a moderator': call(2, {
    microphone: 'muted',
    camera: 'muted',
    hardMuted: { audio: true, video: true },
  }),
  'no camera': call(2, {
    camera: 'unavailable',
    localStream: undefined,
    deviceErrors: {
      camera: failed(
        'device-in-use',
        'Your camera is used by another app. Close it there, then try again.',
        true,
      ),
    },
  }),
  'hands raised': call(4, {
    hands: [
      { clientId: 'c3', since: 1 },
      { clientId: 'c1', since: 2 },
    ],
  }),
  moderator: call(4, {
    role: 'moderator',
    guests: [
      { clientId: 'g1', name: 'Lea' },
      { clientId: 'g2', name: 'Max' },
    ],
  }),
  recording: call(3, { recording: true, endsAt: Date.now() + 8 * 60_000 }),
  'audio only': call(5, {
    audioOnly: true,
    camera: 'off',
    localStream: undefined,
    talkers: Object.fromEntries([1, 2, 3, 4, 5].map((index) => [index, { video: false }])),
  }),
  'chat only': () => ({ ...call(0, { watchers: 6 })(), ...offAir, chatOnly: true }),
  reconnecting: call(3, { connection: 'reconnecting', reconnect: { attempt: 2, maxAttempts: 3 } }),
  chat: call(3, { messages }),
  'chat, empty': call(3),
  people: call(8, {
    role: 'moderator',
    guests,
    hands: [
      { clientId: 'c3', since: 1 },
      { clientId: 'c1', since: 2 },
    ],
  }),
  'people, one hundred': call(12, { watchers: 87 }),
  'actions for somebody': call(4, { role: 'moderator' }),
  'remove somebody': call(4, { role: 'moderator' }),
  'end for everyone': call(4, { role: 'moderator' }),
  settings: call(3, { devices }),
  'device menu': call(3, { devices }),
  'layout menu': call(3),
  reactions: call(3),
  'others react': call(3),
  shortcuts: call(3),
  statistics: call(3, { devices }),
  'menu of a player': call(3, { role: 'moderator' }),
  'unread messages': call(3, { messages }),
  knock: call(3, { role: 'moderator', guests: guests.slice(0, 1) }),
  'invited to speak': call(3, {
    mode: 'lecture',
    floor: { own: 'invited', requests: [], granted: [], invited: [] },
  }),
  'microphone denied': call(2, {
    microphone: 'unavailable',
    deviceErrors: { microphone: failed('device-permission-denied', 'not allowed', true) },
  }),
  idle: () => ({ ...silent, connection: 'idle' }),
  prejoin: () => ({ connection: 'idle', microphone: 'on', camera: 'on', localStream: ownPicture() }),
  'prejoin, room status': () => states.prejoin(),
  'prejoin, locked room': () => states.idle(),
  'prejoin, devices': () => ({
    connection: 'idle',
    microphone: 'on',
    camera: 'muted',
    localStream: undefined,
    devices,
  }),
  'prejoin, denied': () => ({
    connection: 'idle',
    microphone: 'unavailable',
    camera: 'unavailable',
    localStream: undefined,
    deviceErrors: {
      microphone: failed('device-permission-denied', 'not allowed', true),
      camera: failed('device-permission-denied', 'not allowed', true),
    },
  }),
  joining: () => ({ ...silent, connection: 'joining' }),
  'waiting for a moderator': () => ({ ...silent, connection: 'awaiting', awaiting: 'wait_for_moderator' }),
  knocking: () => ({ ...silent, connection: 'awaiting', awaiting: 'knock' }),
  ended: () => ({
    ...silent,
    connection: 'disconnected',
    ending: { reason: 'left', code: 2006, message: 'You left the room.' },
  }),
  removed: () => ({
    ...silent,
    connection: 'disconnected',
    ending: { reason: 'removed', code: 0, message: 'A moderator removed you from the room.' },
  }),
  error: () => ({
    ...silent,
    connection: 'disconnected',
    error: failed('token-expired', 'The token has expired.', false),
  }),
  unreachable: () => ({
    ...silent,
    connection: 'disconnected',
    error: failed('server-unreachable', 'The server cannot be reached.', true),
  }),
};

/** What the page knows of the room before somebody joins. */
const statuses = {
  'prejoin, room status': { participants: 3, knock: true },
  'prejoin, locked room': { participants: 0, locked: true },
};

/**
 * Shows a state in an `<enx-room>` that is in the document and has not joined.
 * @param room the element. @param name a key of {@link states}.
 */
export async function show(room, name) {
  room.setAttribute('join-mode', name.startsWith('prejoin') ? 'prejoin' : 'manual');
  await customElements.whenDefined('enx-room');
  room.roomStatus = statuses[name];
  await room.updateComplete;
  // What the engine would set; pages have no business here.
  room.roomState = Object.freeze({ ...room.room.state, ...states[name]() });
  await room.updateComplete;
  await steps[name]?.(room);
  await room.updateComplete;
}

/**
 * Random sequences of verbs and faults against the engine, in a world that is made up: whatever happens, a session
 * follows its state table, ends once and leaves nothing behind.
 *
 * Each sequence follows from its number, which a failure names: `ENX_SEEDS=17 node scripts/test.mjs unit model` runs
 * number 17 alone, `ENX_SEEDS=1-5000` many more than are run by default.
 */
import assert from 'node:assert/strict';
import { after, before, mock, test } from 'node:test';
import { connectionCauses, type ConnectionState, nextState } from '../../src/engine/connection-state.js';
import type { EngineEnvironment, Meter, NetworkEvent } from '../../src/engine/environment.js';
import { RoomError } from '../../src/engine/errors.js';
import type { RoomEvents } from '../../src/engine/events.js';
import { defaultOptions } from '../../src/engine/options.js';
import { Room } from '../../src/engine/room.js';
import { deviceError } from '../helpers/fake-media.js';
import { type Example, serverExamples } from '../helpers/message-examples.js';
import { disfigured, hostileValuesOnTheWire } from '../helpers/hostile-values.js';
import { SeededRandom } from '../helpers/seeded-random.js';
import { TestEnvironment, testToken } from '../helpers/test-environment.js';

const [firstSeed = 1, lastSeed = firstSeed] = (process.env.ENX_SEEDS ?? '1-200').split('-').map(Number);
const STEPS = 60;

/** Events that belong to no session: the devices' own, and the bare changes of state. */
const OUTSIDE: ReadonlySet<keyof RoomEvents> = new Set(['stateChanged', 'mediaAllowed', 'mediaDenied']);

const rejections: unknown[] = [];
const noteRejection = (reason: unknown): void => void rejections.push(reason);
const complaints: unknown[] = [];

before(() => {
  process.on('unhandledRejection', noteRejection);
  mock.method(console, 'error', (...args: unknown[]) => complaints.push(args));
  mock.method(console, 'warn', () => {});
});
after(() => {
  process.off('unhandledRejection', noteRejection);
});

/** The made-up world, with the senses of a browser; counts what is open. */
class World extends TestEnvironment implements EngineEnvironment {
  readonly networkListeners = new Set<(event: NetworkEvent) => void>();
  batteryListeners = 0;
  openMeters = 0;
  isReachable = true;

  readonly watchNetwork = (listener: (event: NetworkEvent) => void): (() => void) => {
    this.networkListeners.add(listener);
    return () => void this.networkListeners.delete(listener);
  };
  readonly watchBattery = (): (() => void) => {
    this.batteryListeners += 1;
    return () => void (this.batteryListeners -= 1);
  };
  readonly reachable = (): Promise<boolean> => Promise.resolve(this.isReachable && this.server.reachable);
  readonly meter = (): Meter => {
    this.openMeters += 1;
    return { level: () => 0.1, close: () => void (this.openMeters -= 1) };
  };

  get liveSockets(): number {
    return this.server.sockets.filter(({ over, closedByClient }) => !over && !closedByClient).length;
  }

  /** Everything of a session that is still held. */
  held(): string[] {
    const held: Record<string, number> = {
      devices: this.devices.open.length,
      screens: this.devices.screens.filter(({ stopped }) => !stopped).length,
      'peer connections': this.openConnections.length,
      sockets: this.liveSockets,
      meters: this.openMeters,
    };
    return Object.entries(held).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));
  }

  /** What may take a moment longer to be let go of. */
  heldInTheEnd(): string[] {
    const watchers = this.networkListeners.size + this.batteryListeners;
    return [
      ...this.held(),
      ...(this.clock.pending > 0 ? [`${this.clock.pending} timers`] : []),
      ...(watchers > 0 ? [`${watchers} watchers`] : []),
    ];
  }
}

/** One sequence: what was done, and what was seen of it that must not be. */
class Run {
  readonly world = new World();
  /** What was done, and after an arrow what was told; in brackets the states. */
  readonly story: string[] = [];
  #step = 0;
  readonly wrongs: string[] = [];
  readonly room: Room;
  readonly #random: SeededRandom;
  readonly #admit: (clientId: string) => Record<string, unknown>;
  #verbs = new Set<string>();
  #state: ConnectionState = 'idle';
  /** Between a join that got somewhere and `exited`. */
  #session: 'none' | 'open' | 'over' = 'none';
  #last: keyof RoomEvents | undefined;
  #connected = false;
  #lost = false;
  #attempt = 0;
  #published = false;

  constructor(readonly seed: number) {
    this.#random = new SeededRandom(seed);
    const { world } = this;
    const standard = defaultOptions();
    const random = this.#random;
    this.room = new Room(
      {
        localInfo: { ...standard.localInfo, data: random.chance(0.8), audioMuted: random.chance(0.2) },
        roomInfo: {
          ...standard.roomInfo,
          allow_reconnect: random.chance(0.9),
          number_of_attempts: 1 + random.below(4),
          chat_only: random.chance(0.1),
          audio_only: random.chance(0.1),
        },
      },
      world,
    );
    world.onPeerConnection = (pc) => {
      // The path comes up by itself, as it mostly does.
      if (random.chance(0.8)) queueMicrotask(() => this.#connectLater(pc));
    };
    const original = world.server.admission!;
    const capable = random.chance(0.6);
    this.#admit = (clientId) => {
      const asked = world.server.sent('token').at(-1) as { resume?: boolean } | undefined;
      return {
        ...original(clientId),
        ...(capable
          ? { capabilities: ['resume', 'dedupe'], resumed: asked?.resume === true && random.chance(0.7) }
          : {}),
      };
    };
    world.server.admission = this.#admit;
    this.room.onAny((name, payload) => this.#heard(name, payload));
  }

  #connectLater(pc: TestEnvironment['peerConnections'][number]): void {
    setImmediate(() => {
      if (pc.closed) return;
      pc.connectionState = 'connected';
      pc.onconnectionstatechange?.();
    });
  }

  // ── what is seen ────────────────────────────────────────────────────────────────────────────────────────────

  #wrong(what: string): void {
    this.wrongs.push(`step ${this.#step}: ${what}`);
  }

  #heard(name: keyof RoomEvents, payload: unknown): void {
    const { connection } = this.room.state;
    if (connection !== this.#state) {
      const from = this.#state;
      this.#state = connection;
      this.story.push(`[${connection}]`);
      if (!connectionCauses.some((cause) => nextState(from, cause) === connection))
        this.#wrong(`${from} → ${connection}`);
      if (connection === 'joining') {
        this.#session = 'none';
        this.#connected = this.#lost = false;
        this.#attempt = 0;
      }
    }
    if (OUTSIDE.has(name)) return;
    this.story.push(`→ ${name}`);
    if (this.#session === 'over') this.#wrong(`${name} after the end`);
    switch (name) {
      case 'connected':
        if (this.#connected) this.#wrong('connected twice');
        this.#connected = true;
        this.#session = 'open';
        break;
      case 'awaited':
        this.#session = 'open';
        break;
      case 'failed':
        // A join that came to nothing, also after a while of waiting to be let in.
        if (this.#connected) this.#wrong('failed after connected');
        this.#session = 'over';
        break;
      case 'connectionLost':
        if (!this.#connected) this.#wrong('connectionLost before connected');
        this.#lost = true;
        this.#attempt = 0;
        break;
      case 'reconnecting': {
        const { attempt, maxAttempts } = payload as RoomEvents['reconnecting'];
        if (!this.#lost) this.#wrong('reconnecting without connectionLost');
        if (attempt !== ++this.#attempt || attempt > maxAttempts) this.#wrong(`attempt ${attempt}`);
        break;
      }
      case 'reconnected':
        if (!this.#lost) this.#wrong('reconnected without connectionLost');
        this.#lost = false;
        break;
      case 'streamPublished':
        if (this.#published) this.#wrong('streamPublished twice');
        this.#published = true;
        break;
      case 'streamUnpublished':
        if (!this.#published) this.#wrong('streamUnpublished without a stream');
        this.#published = false;
        break;
      case 'exited': {
        if (this.#last !== 'disconnected') this.#wrong(`exited follows ${this.#last}`);
        this.#session = 'over';
        if (this.#published) this.#wrong('exited while published');
        if (connection !== 'disconnected') this.#wrong(`exited while ${connection}`);
        const held = this.world.held();
        if (held.length > 0) this.#wrong(`exited while holding ${held.join(', ')}`);
        break;
      }
    }
    this.#last = name;
  }

  /** What must hold whenever nothing is under way. */
  #check(): void {
    const { connection } = this.room.state;
    const { liveSockets } = this.world;
    if (connection === 'connected' && liveSockets !== 1) this.#wrong(`connected with ${liveSockets} sockets`);
    if (liveSockets > 1) this.#wrong(`${liveSockets} sockets while ${connection}`);
    if (connection === 'idle' || connection === 'disconnected') {
      const held = this.world.held().filter((what) => !/devices|meters/.test(what));
      if (held.length > 0) this.#wrong(`${connection} while holding ${held.join(', ')}`);
      if (this.#session === 'open') this.#wrong('a session ended without exited');
    }
    for (const reason of rejections.splice(0)) this.#wrong(`unhandled: ${String(reason)}`);
    for (const complaint of complaints.splice(0)) this.#wrong(`complaint: ${String(complaint)}`);
  }

  // ── what is done ────────────────────────────────────────────────────────────────────────────────────────────

  async run(): Promise<void> {
    // How long modules take to load does not follow from the number.
    await this.room.preload();
    for (let step = 0; step < STEPS && this.wrongs.length === 0; step++) {
      const isOut = ['idle', 'disconnected'].includes(this.room.state.connection);
      const [name, act] =
        isOut && this.#random.chance(0.5) ? this.#join() : this.#random.pick(this.#choices());
      this.#step = step;
      this.story.push(name);
      act();
      // Sometimes the next thing happens before this one has had its consequences.
      if (this.#random.chance(0.7)) {
        await this.world.server.settled();
        this.#check();
      }
    }
    this.story.push('the end');
    const { world, room } = this;
    world.devices.answer();
    world.server.release(...HELD);
    const leaving = room.disconnect().catch(() => {});
    await world.clock.advance(60_000);
    await leaving;
    await world.clock.advance(60_000);
    await world.server.settled();
    this.#check();
    const held = world.heldInTheEnd();
    if (held.length > 0) this.#wrong(`in the end it holds ${held.join(', ')}`);
    for (const verb of this.#verbs) this.#wrong(`${verb} never settled`);
  }

  /** Starts a verb; it has to settle some time, and may only fail in a known way. */
  #verb(name: string, call: () => Promise<unknown>): [string, () => void] {
    return [
      name,
      () => {
        const started = `${name} of step ${this.#step}`;
        this.#verbs.add(started);
        call()
          .catch((error: unknown) => {
            if (!(error instanceof RoomError)) this.#wrong(`${name} failed with ${String(error)}`);
          })
          .finally(() => this.#verbs.delete(started));
      },
    ];
  }

  #join(): [string, () => void] {
    const { room } = this;
    const isFetched = this.#random.chance(0.3);
    return this.#verb('join', () => room.join(isFetched ? () => Promise.resolve(testToken()) : testToken()));
  }

  #choices(): [string, () => void][] {
    const { room, world } = this;
    const { server, devices, clock } = world;
    const random = this.#random;
    const socketIsUp = server.sockets.at(-1)?.connected ?? false;
    const verb = (name: string, call: () => Promise<unknown>): [string, () => void] => this.#verb(name, call);
    const advance = (ms: number): [string, () => void] => [`${ms} ms pass`, () => void clock.advance(ms)];
    const openPcs = world.openConnections;
    return [
      this.#join(),
      advance(500),
      advance(500),
      advance(6000),
      advance(6000),
      verb('join with nonsense', () => room.join('nonsense')),
      verb('join with no token to be had', () => room.join(() => Promise.reject(new Error('no token')))),
      ['prompts are answered', () => devices.answer()],
      ['server back', () => (server.reachable = true)],
      ['acknowledgements come', () => server.release(...HELD)],
      verb('disconnect', () => room.disconnect()),
      verb('mute', () => room.setMicrophoneMuted(random.chance(0.5))),
      verb('mute camera', () => room.setCameraMuted(random.chance(0.5))),
      verb('publish', () => room.publish()),
      verb('unpublish', () => room.unpublish()),
      verb('say', () => room.sendMessage('hello')),
      verb('send', () => room.sendUserData({ x: 1 })),
      verb('share', () => room.startScreenShare()),
      verb('stop sharing', () => room.stopScreenShare()),
      verb('raise hand', () => room.raiseHand(random.chance(0.5))),
      verb('talkers', () => room.setTalkerCount(random.below(4))),
      verb('audio only', () => room.setAudioOnly(random.chance(0.5))),
      verb('quality', () => room.setReceiveQuality(random.pick(['HD', 'SD', 'LD', 'Auto'] as const))),
      verb('retry devices', () => room.retryDevices()),
      verb('statistics', () => room.statistics()),
      verb('lock', () => room.moderation.setLocked(true)),
      advance(100),
      advance(2500),
      advance(12_000),
      advance(40_000),
      ['cut', () => socketIsUp && server.cut()],
      ['cut', () => socketIsUp && server.cut()],
      ['server away', () => (server.reachable = false)],
      ['server back', () => (server.reachable = true)],
      ['server back', () => (server.reachable = true)],
      ['devices are refused', () => (devices.refusals = { video: deviceError('NotReadableError') })],
      ['devices are granted', () => (devices.refusals = {})],
      ['prompts stay open', () => devices.hold()],
      ['prompts are answered', () => devices.answer()],
      ['prompts are answered', () => devices.answer()],
      ['acknowledgements stay away', () => server.hold(random.pick(HELD))],
      ['acknowledgements come', () => server.release(...HELD)],
      ['acknowledgements come', () => server.release(...HELD)],
      ['offers stay unanswered', () => (server.negotiates = false)],
      ['offers are answered', () => (server.negotiates = true)],
      ['network', () => this.#network(random.pick(['offline', 'online', 'changed'] as const))],
      ['media fails', () => openPcs.length > 0 && random.pick(openPcs).fail()],
      ['reception lost', () => this.#send('onBandwidthAlert', [{ bw: 'unknown' }])],
      ['stream removed', () => this.#send('onRemoveStream', { id: 'stream-1' })],
      ['data channel opens', () => openPcs.find(({ role }) => role === 'data')?.channel?.open()],
      ['guests have to knock', () => (server.admission = undefined)],
      ['guests may come in', () => (server.admission = this.#admit)],
      ['guests may come in', () => (server.admission = this.#admit)],
      ['knock', () => this.#awaits() && this.#send('room-awaited', { event_type: 'knock' })],
      ['knock', () => this.#awaits() && this.#send('room-awaited', { event_type: 'knock' })],
      [
        'let in',
        () => this.#awaits() && this.#send('room-connected', this.#admit(`client-${server.sockets.length}`)),
      ],
      [
        'let in',
        () => this.#awaits() && this.#send('room-connected', this.#admit(`client-${server.sockets.length}`)),
      ],
      ['token refused', () => this.#refuseOnce()],
      ['removed', () => this.#send('room-disconnected', this.#goodbye())],
      ['any message', () => this.#anyMessage(false)],
      ['any message', () => this.#anyMessage(false)],
      ['a hostile message', () => this.#anyMessage(true)],
      ['a hostile message', () => this.#anyMessage(true)],
    ];
  }

  #send(name: string, ...args: unknown[]): void {
    const { server } = this.world;
    if (server.sockets.at(-1)?.connected) server.send(name, ...args);
  }

  #network(event: NetworkEvent): void {
    for (const listener of [...this.world.networkListeners]) listener(event);
  }

  /** Somebody asks to be let in at this moment. */
  #awaits(): boolean {
    return ['joining', 'awaiting', 'reconnecting'].includes(this.room.state.connection);
  }

  #goodbye(): object {
    const msg = this.#random.pick(['room-dismissed', 'disconnected-by-moderator', 'room-expired', 'what?']);
    return { cause: { cause: 2004, msg } };
  }

  #refuseOnce(): void {
    const { answers } = this.world.server;
    const before = answers.token!;
    const soft = this.#random.chance(0.5);
    answers.token = () => {
      answers.token = before;
      return soft
        ? ['success', { result: 4110, msg: 'full' }]
        : ['error', { result: 4114, error: 'token-used' }];
    };
  }

  #anyMessage(hostile: boolean): void {
    const name = this.#random.pick(Object.keys(serverExamples));
    // Endings have a step of their own.
    if (name === 'room-disconnected') return;
    const { message } = serverExamples[name] as Example;
    const payload = !hostile
      ? message
      : this.#random.chance(0.2)
        ? this.#random.pick(hostileOnes)
        : overTheWire(disfigured(message, this.#random));
    if (this.#random.chance(0.3)) this.#send(name, payload, () => {});
    else this.#send(name, payload);
  }
}

const hostileOnes = hostileValuesOnTheWire();

/** What JSON makes of it. */
function overTheWire(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null') as unknown;
  } catch {
    return null;
  }
}

/** Messages whose acknowledgement may be kept back. */
const HELD = ['token', 'publish', 'subscribe', 'addDataChannel', 'signaling_message', 'drop', 'unpublish'];

test(`sequences ${firstSeed} to ${lastSeed} of verbs and faults keep every promise of a session`, async () => {
  /** How often things came about at all: sequences in which nothing happens prove nothing. */
  const told = new Map<string, number>();
  for (let seed = firstSeed; seed <= lastSeed; seed++) {
    const run = new Run(seed);
    await run.run();
    assert.deepEqual(run.wrongs, [], `sequence ${seed} (ENX_SEEDS=${seed}): ${run.story.join(', ')}`);
    for (const entry of run.story)
      if (entry.startsWith('→ ')) told.set(entry.slice(2), (told.get(entry.slice(2)) ?? 0) + 1);
  }
  if (process.env.ENX_SEEDS) return console.log(Object.fromEntries(told));
  for (const name of [
    'connected',
    'awaited',
    'connectionLost',
    'reconnected',
    'streamPublished',
    'exited',
    'failed',
  ])
    assert.ok((told.get(name) ?? 0) >= 10, `${name} came about ${told.get(name)} times`);
});

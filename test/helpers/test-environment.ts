/** The world around the engine, in Node: a clock that stands still, fake devices, a scripted server. */
import { mock } from 'node:test';
import type { EngineEnvironment } from '../../src/engine/environment.js';
import type { Room } from '../../src/engine/room.js';
import type { RoomEvents } from '../../src/engine/events.js';
import { loadSeldom } from '../../src/engine/seldom-part.js';
import type { ConnectionState } from '../../src/engine/connection-state.js';
import { encodeToken } from '../../src/protocol/index.js';
import { FakeMediaDevices } from './fake-media.js';
import { FakePeerConnection } from './fake-peer-connection.js';
import { ScriptedServer } from './scripted-server.js';
import { TestClock } from './test-clock.js';

// The engine tells its steps on the console; a test looks at events and state.
mock.method(console, 'info', () => {});
mock.method(console, 'debug', () => {});
// In Node this takes as long as it takes, and the clock stands still meanwhile. What waits for it has tests of its own.
await loadSeldom();

export class TestEnvironment implements EngineEnvironment {
  readonly clock = new TestClock();
  readonly server = new ScriptedServer();
  readonly devices = new FakeMediaDevices();
  readonly peerConnections: FakePeerConnection[] = [];
  agent = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/147.0.0.0 Safari/537.36';
  secure = true;
  webRtc = true;
  /** Called with every new peer connection, before the engine sees it. */
  onPeerConnection: ((pc: FakePeerConnection) => void) | undefined;

  readonly now = this.clock.now;
  readonly setTimeout = this.clock.setTimeout;
  readonly clearTimeout = this.clock.clearTimeout;
  readonly random = (): number => 0.5;
  readonly connectSocket = this.server.connect;
  readonly pageIsSecure = (): boolean => this.secure;
  readonly supportsWebRtc = (): boolean => this.webRtc;
  readonly userAgent = (): string => this.agent;

  createPeerConnection(configuration: RTCConfiguration): RTCPeerConnection {
    const pc = new FakePeerConnection(configuration, this.peerConnections.length + 1);
    this.peerConnections.push(pc);
    this.onPeerConnection?.(pc);
    return pc as unknown as RTCPeerConnection;
  }

  mediaDevices(): MediaDevices | undefined {
    return this.secure ? (this.devices as unknown as MediaDevices) : undefined;
  }

  /** The newest peer connection of this role. */
  pc(role: 'publisher' | 'subscriber' | 'data'): FakePeerConnection {
    const pc = this.peerConnections.findLast((candidate) => candidate.role === role);
    if (!pc) throw new Error(`there is no ${role} connection`);
    return pc;
  }

  get openConnections(): FakePeerConnection[] {
    return this.peerConnections.filter(({ closed }) => !closed);
  }
}

export const testToken = (more: Record<string, unknown> = {}): string =>
  encodeToken({
    host: 'rooms.example:8443',
    tokenId: 'token-1',
    signature: 'signed',
    roomMeta: { settings: { quality: 'SD' } },
    ...more,
  });

export interface RecordedEvent<K extends keyof RoomEvents = keyof RoomEvents> {
  name: K;
  payload: RoomEvents[K];
  /** What the room said of its connection at that moment. */
  connection: ConnectionState;
}

/** Everything a room tells from now on, except the bare changes of state. */
export class EventRecord {
  readonly all: RecordedEvent[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(room: Room) {
    room.onAny((name, payload) => {
      if (name === 'stateChanged') return;
      this.all.push({ name, payload, connection: room.state.connection });
      for (const resolve of [...this.#waiting]) resolve();
      this.#waiting.clear();
    });
  }

  get names(): (keyof RoomEvents)[] {
    return this.all.map(({ name }) => name);
  }

  of<K extends keyof RoomEvents>(name: K): RoomEvents[K][] {
    return this.all.filter((event) => event.name === name).map(({ payload }) => payload as RoomEvents[K]);
  }

  count(name: keyof RoomEvents): number {
    return this.of(name).length;
  }

  /** Forgets what was recorded. */
  clear(): void {
    this.all.length = 0;
  }

  /** Resolves with the first event of this name, recorded or yet to come. */
  async first<K extends keyof RoomEvents>(name: K): Promise<RoomEvents[K]> {
    while (this.count(name) === 0) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    return this.of(name)[0]!;
  }
}

/** A room session on a media engine that only writes down what it is told. */
import type {
  MediaEngine,
  MediaRoomListener,
  ReceiverView,
  SlotFeed,
} from '../../server/src/media/engine.js';
import { roomSettings } from '../../server/src/rest/room-settings.js';
import type { RoomEvent } from '../../server/src/rooms/attendance.js';
import { type ClientLink, Participant } from '../../server/src/rooms/participant.js';
import { RoomSession } from '../../server/src/rooms/room-session.js';
import type { RoomSessionOptions } from '../../server/src/rooms/room-session-options.js';

export interface TestSession {
  readonly session: RoomSession;
  /** What the engine tells the room. */
  readonly media: MediaRoomListener;
  /** What each receiver is sent: slots in the order talkers, share, canvas. */
  readonly sent: Map<string, { slots: SlotFeed[]; view: ReceiverView }>;
  /** Tokens that serve no more. */
  readonly revoked: string[];
  /** Connections that the session closed. */
  readonly closed: string[];
  readonly observed: RoomEvent[];
  /** How often the session was over. */
  readonly ended: () => number;
}

export function openTestSession(
  settings: Record<string, unknown>,
  options: Partial<RoomSessionOptions> = {},
): TestSession {
  let media: MediaRoomListener;
  let ended = 0;
  const sent: TestSession['sent'] = new Map();
  const revoked: string[] = [];
  const closed: string[] = [];
  const observed: RoomEvent[] = [];
  const engine: MediaEngine = {
    openRoom: (listener) => {
      media = listener;
      return {
        openPublisher: () => Promise.reject(new Error('not here')),
        openSubscriber: () => Promise.resolve({ sdp: 'v=0', media: [] }),
        openData: () => Promise.reject(new Error('not here')),
        setSlots: (subscriber, slots, view) => void sent.set(subscriber, { slots, view }),
        refresh: () => {},
        sendData: () => {},
        closeTransport: (transport) => void closed.push(transport),
        close: () => {},
      };
    },
    close: () => Promise.resolve(),
    workers: 1,
  };
  const logger = { child: () => ({ info: () => {}, error: () => {} }) };
  const session = new RoomSession({
    record: {
      roomId: 'room',
      name: 'Room',
      ownerRef: 'tests',
      settings: roomSettings.parse(settings),
      created: '2026-01-01T00:00:00.000Z',
    },
    engine,
    logger: logger as unknown as RoomSessionOptions['logger'],
    now: () => 1_750_000_000_000,
    iceServers: () => [],
    detectionUrl: () => undefined,
    graceMs: 0,
    revoke: (tokenIds) => void revoked.push(...tokenIds),
    observe: (event) => void observed.push(event),
    ended: () => void (ended += 1),
    ...options,
  });
  return { session, media: media!, sent, revoked, closed, observed, ended: () => ended };
}

export interface TestPerson<P> extends Participant {
  /** What their connection was told. */
  readonly heard: { event: string; payload: P }[];
}

export function testPerson<P = unknown>(identity: {
  clientId: string;
  tokenId: string;
  name: string;
  role: 'moderator' | 'participant';
}): TestPerson<P> {
  const heard: TestPerson<P>['heard'] = [];
  const hear = (event: string, payload: unknown) =>
    void heard.push({ event, payload: structuredClone(payload) as P });
  const link: ClientLink = {
    remoteAddress: '192.0.2.1',
    host: undefined,
    send: hear,
    request: hear,
    close: () => {},
  };
  return Object.assign(new Participant({ ...identity, userRef: identity.name }, link), { heard });
}

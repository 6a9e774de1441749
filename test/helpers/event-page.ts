/** A Room whose events are kept as the element would fire them. */
import { eventTable } from '../../src/elements/room/event-table.js';
import type { EnxRoomEventMap, EnxRoomEventName } from '../../src/elements/room/event-map.js';
import type { RoomOptions } from '../../src/engine/options.js';
import { Room } from '../../src/engine/room.js';
import type { RoomState } from '../../src/engine/room-state.js';
import { TestEnvironment, testToken } from './test-environment.js';

export type Told = [name: string, detail: unknown];

/** Somebody who is there already. */
export const bo = { clientId: 'bo', name: 'Bo', role: 'participant', user_ref: 'bo-ref' } as const;

export interface EventPage<E extends TestEnvironment = TestEnvironment> {
  room: Room;
  environment: E;
  server: TestEnvironment['server'];
  /** DOM events as the element would fire them. */
  told: Told[];
  /** Their names. */
  names(): string[];
  /** Details of those of one name. */
  details<K extends EnxRoomEventName>(name: K): EnxRoomEventMap[K][];
}

/** Not joined yet. */
export function eventPage<E extends TestEnvironment = TestEnvironment>(
  options: Partial<RoomOptions> = {},
  environment = new TestEnvironment() as E,
  role: 'participant' | 'moderator' = 'participant',
): EventPage<E> {
  const { server } = environment;
  const { admission } = server;
  server.admission = (clientId) => {
    const message = admission!(clientId);
    const me = { clientId, name: 'Ada', role, user_ref: 'ada-ref' };
    return { ...message, user: me, userList: [me, bo] };
  };
  const room = new Room(options, environment);
  const told: Told[] = [];
  room.onAny((name, payload) => {
    const tell = eventTable[name] as (payload: unknown, state: RoomState) => Told[];
    told.push(...tell(payload, room.state));
  });
  return {
    ...{ room, environment, server, told },
    names: () => told.map(([name]) => name),
    details: (name) => told.filter(([other]) => other === name).map(([, detail]) => detail as never),
  };
}

/** In the room, with what was told on the way forgotten. */
export async function joinedPage<E extends TestEnvironment = TestEnvironment>(
  ...args: Parameters<typeof eventPage<E>>
): Promise<EventPage<E>> {
  const page = eventPage(...args);
  await page.room.join(testToken());
  await page.server.settled();
  page.told.length = 0;
  return page;
}

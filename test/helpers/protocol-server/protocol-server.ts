/**
 * A small room server written from the text of the protocol and from nothing else: none of our server, none of our
 * message types, no capability of ours. An element that gets along with it speaks the protocol and no dialect.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import { answer, type Context, waitRoomDisabled } from './answers.js';
import { dataStreamId, type Dialect, plainDialect, roomConnected, userOf } from './dialect.js';
import { Person } from './person.js';
import { ProtocolRoom, type RoomSettings } from './protocol-room.js';

/** One message of a client, as it came. */
export interface Frame {
  who: string;
  name: string;
  args: unknown[];
  /** The client wants an answer. */
  wantsAck: boolean;
}

interface Pass {
  room: string;
  name: string;
  role: string;
}

/** How a token is refused: softly in an object of success, or hard. */
export type Refusal = { how: 'soft' | 'hard'; result: number; msg: string };

export interface ProtocolServer {
  readonly url: string;
  /** All messages of all clients, in order. */
  readonly frames: Frame[];
  /** What clients answered to messages that had to be acknowledged. */
  readonly acked: { who: string; name: string; answer: unknown }[];
  /** Query and path of each socket's handshake. */
  readonly handshakes: URLSearchParams[];
  /** Tokens under these names are refused. */
  readonly refusals: Map<string, Refusal>;
  /** Makes a room; one that was there under this id ends. */
  room(id: string, settings?: RoomSettings, dialect?: Partial<Dialect>): ProtocolRoom;
  /** @param through a host that is not this one; then this server is its gateway */
  token(room: string, name: string, role?: 'moderator' | 'participant', through?: string): string;
  person(room: string, name: string): Person;
  /** Messages of this person under this name. */
  of(who: string, name: string): Frame[];
  /** Resolves when this holds; looked at after each message of a client. @throws after 20 s */
  until(holds: () => boolean): Promise<void>;
  /** Cuts the sockets of this person without a word. */
  cut(name: string): void;
  /** Nobody can connect any more; open sockets break. */
  close(): Promise<void>;
}

export async function startProtocolServer(): Promise<ProtocolServer> {
  const http = createServer((request, response) => {
    // Only asked whether it is there.
    response.writeHead(request.url?.startsWith('/there') ? 200 : 404, { 'access-control-allow-origin': '*' });
    response.end();
  });
  const io = new Server(http, {
    path: '/v3/socket.io/',
    transports: ['websocket'],
    cors: { origin: '*' },
    serveClient: false,
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;

  const rooms = new Map<string, ProtocolRoom>();
  const passes = new Map<string, Pass>();
  const frames: Frame[] = [];
  const acked: ProtocolServer['acked'] = [];
  const handshakes: URLSearchParams[] = [];
  const refusals = new Map<string, Refusal>();
  const watchers = new Set<() => void>();
  let counter = 0;

  const command = (person: Person, name: string, payload: unknown): void => {
    person.socket.timeout(10_000).emit(name, payload, (error: unknown, value: unknown) => {
      acked.push({ who: person.name, name, answer: error ? 'none' : value });
    });
  };

  function admit(person: Person, room: ProtocolRoom): void {
    const waited = room.waitsForModerator();
    person.awaited = false;
    room.people.set(person.clientId, person);
    person.socket.emit('room-connected', roomConnected(person, room, room.dialect));
    room.tell('user-connected', userOf(person), person);
    if (waited && !room.waitsForModerator()) {
      const id = room.dialect.dataChannel ? dataStreamId(room.dialect) : undefined;
      room.tell('roomManagementEvents', waitRoomDisabled(room, id), person);
    }
    room.updateTalkers();
  }

  io.on('connection', (socket: Socket) => {
    handshakes.push(new URLSearchParams(socket.handshake.query as Record<string, string>));
    let person: Person | undefined;
    let room: ProtocolRoom | undefined;

    const enter = (message: Record<string, unknown>): unknown[] => {
      const pass = passes.get(String(message.tokenId));
      if (!pass) return ['error', { result: 4119, error: 'unknown token', msg: 'unknown token' }];
      const refusal = refusals.get(pass.name);
      if (refusal?.how === 'hard') return ['error', { result: refusal.result, error: refusal.msg }];
      if (refusal) return ['success', { result: refusal.result, msg: refusal.msg }];
      room = rooms.get(pass.room)!;
      const old = room.people.get(String(message.oldClientIdForReconnect));
      if (old) room.remove(old);
      person = new Person(socket, `client-${++counter}`, pass.name, pass.role, `ref-${pass.name}`);
      const guest = person;
      const home = room;
      const knocks = home.knock && guest.role !== 'moderator' && !old;
      // Admission is a message of its own, after the answer.
      setImmediate(() => {
        if (!knocks) return admit(guest, home);
        guest.awaited = true;
        home.knocking.set(guest.clientId, guest);
        socket.emit('room-awaited', {});
        home.tellModerators('user-awaited', { clientId: guest.clientId, name: guest.name });
      });
      return ['success', { result: 0, clientId: guest.clientId, connectedIP: '127.0.0.1' }];
    };

    socket.onAny((name: string, ...rest: unknown[]) => {
      const ack =
        typeof rest.at(-1) === 'function' ? (rest.pop() as (...args: unknown[]) => void) : undefined;
      const payload = rest[0] as Record<string, unknown>;
      const who = person?.name ?? passes.get(String(payload?.tokenId))?.name ?? '?';
      frames.push({ who, name, args: rest, wantsAck: ack !== undefined });
      for (const look of watchers) look();
      if (name === 'token') return ack?.(...enter(payload));
      if (!person || !room) return ack?.({ result: 1171 });
      const context: Context = {
        person,
        room,
        args: rest,
        command,
        admit: (guest) => admit(guest, room!),
      };
      void answer(name, context).then(
        (values) => ack?.(...values),
        (error: unknown) => {
          frames.push({ who, name: 'FAILED', args: [name, String(error)], wantsAck: false });
          ack?.(null, String(error));
        },
      );
    });
  });

  return {
    url: `http://${host}`,
    frames,
    acked,
    handshakes,
    refusals,
    room: (id, settings = {}, dialect = {}) => {
      rooms.get(id)?.close();
      const room = new ProtocolRoom(id, `Room ${id}`, settings, { ...plainDialect, ...dialect });
      rooms.set(id, room);
      return room;
    },
    token: (room, name, role = 'participant', through) => {
      const tokenId = `pass-${++counter}`;
      passes.set(tokenId, { room, name, role });
      const token = {
        tokenId,
        host: through ?? host,
        ...(through ? { gateway: host } : {}),
        secure: false,
        logId: 'log-1',
        signature: 'nobody-checks-this',
        roomMeta: { settings: { quality: 'LD' } },
        somethingElse: { kept: true },
      };
      return Buffer.from(JSON.stringify(token), 'latin1').toString('base64');
    },
    person: (room, name) => {
      const found = [...rooms.get(room)!.people.values()].find((person) => person.name === name);
      if (!found) throw new Error(`${name} is not in ${room}`);
      return found;
    },
    of: (who, name) => frames.filter((frame) => frame.who === who && frame.name === name),
    until: (holds) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!holds()) return;
          watchers.delete(look);
          clearTimeout(patience);
          resolve();
        };
        const patience = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`not within 20 s: ${holds}`));
        }, 20_000);
        watchers.add(look);
        look();
      }),
    cut: (name) => {
      for (const room of rooms.values())
        for (const person of room.people.values()) if (person.name === name) person.socket.conn.close();
    },
    close: async () => {
      for (const room of rooms.values()) room.close();
      await io.close();
    },
  };
}

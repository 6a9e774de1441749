/** A real coturn on loopback and free ports, with a shared secret as operators set it up (docs/server.md). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSocket } from 'node:dgram';
import { setTimeout as delay } from 'node:timers/promises';
import { findTurnServer } from '../../scripts/lib/coturn.mjs';
import { freeUdpPort } from './room-server.js';

/** For the `skip` of tests: why there is no coturn, or `false`. */
export const noTurnServer: string | false = findTurnServer()
  ? false
  : 'there is no coturn on this machine (set TURNSERVER_PATH)';

/** What coturn prints when it cannot have its port. */
const PORT_TAKEN = 'Address already in use';

export interface Coturn {
  /** Host and port; UDP and TCP. */
  readonly address: string;
  readonly secret: string;
  /** What it has printed so far. */
  log(): string;
  close(): Promise<void>;
}

/** A port that is free for UDP may be taken for TCP, which coturn wants as well: then another one is tried. */
export async function startCoturn(tries = 5): Promise<Coturn> {
  try {
    return await startOnce();
  } catch (error) {
    if (tries <= 1 || !String(error).includes(PORT_TAKEN)) throw error;
    return startCoturn(tries - 1);
  }
}

async function startOnce(): Promise<Coturn> {
  const port = await freeUdpPort();
  const secret = 'a-secret-for-tests';
  const folder = await mkdtemp(join(tmpdir(), 'enx-room-coturn-'));
  const child = spawn(
    findTurnServer()!,
    [
      ...[
        '-n',
        '--log-file=stdout',
        '--verbose',
        '--no-cli',
        '--cli-password=unused',
        '--no-tls',
        '--no-dtls',
      ],
      ...['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${port}`],
      // Everything else runs on this machine too, which coturn forbids otherwise.
      '--allow-loopback-peers',
      ...[
        '--use-auth-secret',
        `--static-auth-secret=${secret}`,
        '--realm=enx-room.test',
        '--relay-threads=1',
      ],
      ...[`--userdb=${join(folder, 'turndb')}`, `--pidfile=${join(folder, 'pid')}`],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exited = once(child, 'exit');
  const close = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exited;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answers(port, () => {
      if (child.exitCode !== null) throw new Error(`coturn ended with ${child.exitCode}`);
      if (log.includes(PORT_TAKEN)) throw new Error('the port of coturn is taken');
    });
  } catch (error) {
    await close();
    throw new Error(`${String(error)}; it said:\n${log}`);
  }
  return { address: `127.0.0.1:${port}`, secret, log: () => log, close };
}

/** Resolves when a STUN binding request is answered. */
async function answers(port: number, check: () => void): Promise<void> {
  const socket = createSocket('udp4');
  const answered = once(socket, 'message').then(() => true);
  // RFC 8489 §5: type, length, magic cookie, transaction id.
  const request = Buffer.from('000100002112a442000000000000000000000001', 'hex');
  try {
    for (let tries = 0; tries < 100; tries++) {
      check();
      socket.send(request, port, '127.0.0.1');
      if (await Promise.race([answered, delay(100, false)])) return;
    }
    throw new Error('coturn does not answer');
  } finally {
    socket.close();
  }
}

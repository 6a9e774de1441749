import type { AddressInfo } from 'node:net';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastify, { type FastifyInstance, LogController } from 'fastify';
import { type Logger, pino } from 'pino';
import { Server as SocketServer } from 'socket.io';
import { SIGNALLING_PATH } from '../../src/protocol/index.js';
import { appCredentials, type AppCredentials } from './auth/credentials.js';
import { TokenService } from './auth/tokens.js';
import { turnServers } from './auth/turn-credentials.js';
import {
  announcedAddresses,
  ConfigError,
  type ServerConfig,
  type ServerOptions,
  validateConfig,
} from './config.js';
import { demoRoutes } from './demo/demo-routes.js';
import { EmbeddedMediaEngine } from './media/embedded-engine.js';
import { createMetrics } from './metrics.js';
import { answerBadUrl, answerErrors } from './rest/errors.js';
import { roomsApi } from './rest/rooms-api.js';
import { RoomRegistry } from './rooms/room-registry.js';
import { Connection } from './signalling/connection.js';
import { openLmdbStore } from './store/lmdb-store.js';
import { Webhooks } from './webhooks/webhooks.js';

/** A running room server. */
export interface RoomServer {
  /** Where it listens, such as `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly credentials: AppCredentials;
  /** Process ids of the media workers. */
  readonly workerPids: number[];
  /** Ends every session (clients get `room-disconnected`), frees ports, files and workers. May be called twice. */
  close(): Promise<void>;
}

/** For embedders and tests; none of it comes from the command line. */
export interface EmbedOptions {
  logger?: Logger;
  /** Folder of the demo pages (only with `demo`). */
  demoPages?: string;
  /** Folder of the built element (only with `demo`). */
  demoDist?: string;
}

/** How dead sockets are noticed: a ping this often, and this long for the answer. */
const PING_INTERVAL_MS = 10_000;
const PING_TIMEOUT_MS = 8_000;
const TOKEN_CLEANING_MS = 3_600_000;
/** Largest signalling message: a 2 MB chat text plus its envelope. */
const MAX_MESSAGE_BYTES = 3_000_000;

const beside = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * Starts a room server.
 * @throws {ConfigError} for options that cannot be used; errors of the system (port in use) as they come.
 */
export async function createServer(
  options: ServerOptions = {},
  embed: EmbedOptions = {},
): Promise<RoomServer> {
  const config = validateConfig(options);
  const logger = embed.logger ?? pino({ level: config.logLevel, base: null });
  const demoPages = embed.demoPages ?? beside('../../demo');
  const demoDist = embed.demoDist ?? beside('../../dist');
  if (config.demo && !(existsSync(demoPages) && existsSync(demoDist))) {
    throw new ConfigError(
      'demo: the demo pages are not here; start from a checkout of the repository after a build',
    );
  }
  const store = openLmdbStore(config.dataDir);
  const credentials = appCredentials(config, store);
  const engine = await startEngine(config, logger).catch(async (error: unknown) => {
    await store.close();
    throw error;
  });
  const tokens = new TokenService(store);
  const { webhookUrl: url, webhookSecret: secret } = config;
  const webhooks =
    url && secret ? new Webhooks({ url, secret, appId: credentials.appId, logger }) : undefined;
  let closing: Promise<void> | undefined;
  const rooms = new RoomRegistry({
    engine,
    logger,
    now: Date.now,
    iceServers: (clientId) =>
      turnServers(config.turnUrl?.split(',') ?? [], config.turnSecret, clientId, Date.now()),
    // Without a scheme: the page's own, which a proxy may have made secure.
    detectionUrl: (host) =>
      config.publicUrl ? new URL('/healthz', config.publicUrl).href : host && `//${host}/healthz`,
    graceMs: config.graceSeconds * 1000,
    revoke: (tokenIds) => tokens.revoke(tokenIds),
    observe: (event) => webhooks?.send(event),
    ended: ({ roomId, settings }, held) => {
      // An ad hoc room lives for one session (api-facts §6), not for a guest who knocked too early.
      if (!settings.adhoc || !held || closing) return;
      store
        .deleteRoom(roomId)
        .catch((error: unknown) => logger.warn({ err: error }, 'ad hoc room not deleted'));
    },
  });
  const metrics = createMetrics(rooms, engine, webhooks);
  const app = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 262_144,
    frameworkErrors: answerBadUrl,
  }) as unknown as FastifyInstance;
  const sockets = new SocketServer(app.server, {
    path: SIGNALLING_PATH,
    transports: ['websocket'],
    serveClient: false,
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
  });
  sockets.on('connection', (socket) => {
    metrics.connections.inc();
    new Connection(socket, { tokens, rooms, logger, now: Date.now });
  });
  const cleaning = setInterval(() => {
    tokens
      .forgetOld()
      .catch((error: unknown) => logger.warn({ err: error }, 'old tokens could not be removed'));
  }, TOKEN_CLEANING_MS);

  const close = (): Promise<void> =>
    (closing ??= (async () => {
      clearInterval(cleaning);
      rooms.close('server-shutdown');
      await Promise.all([sockets.close(), webhooks?.close()]);
      await app.close();
      await engine.close();
      await store.close();
    })());

  try {
    answerErrors(app);
    // Clients probe this from other origins while they wait for the network to come back (protocol §8.1).
    app.get('/healthz', (_request, reply) =>
      reply.header('Access-Control-Allow-Origin', '*').send({ status: 'ok' }),
    );
    app.get('/metrics', async (_request, reply) =>
      reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
    );
    await app.register(
      (api, _options, done) => {
        roomsApi(api, { store, tokens, rooms, credentials, publicUrl: config.publicUrl });
        done();
      },
      { prefix: '/video/v2' },
    );
    if (config.demo)
      await demoRoutes(app, {
        ...{ store, rooms, tokens, publicUrl: config.publicUrl },
        ...{ pages: demoPages, dist: demoDist },
      });
    await app.listen({ port: config.port, host: config.host, listenTextResolver: () => 'listening' });
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return {
    url: `http://${host}:${port}`,
    credentials,
    get workerPids() {
      return engine.workerPids;
    },
    close,
  };
}

function startEngine(config: ServerConfig, logger: Logger): Promise<EmbeddedMediaEngine> {
  const built = beside('./media-worker.js');
  return EmbeddedMediaEngine.start({
    workers: config.workers,
    firstPort: config.mediaPort,
    announcedAddresses: announcedAddresses(config),
    logger,
    // Bundled, the worker lies beside us; from source, in media/.
    workerPath: existsSync(built) ? built : beside('./media/media-worker.ts'),
  });
}

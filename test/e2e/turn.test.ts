/** `forceTurn` through a real coturn, with the credentials that the room server issues. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { turnServers } from '../../server/src/auth/turn-credentials.js';
import { launchBrowser, type PageServer } from '../helpers/browser.js';
import { type Coturn, noTurnServer, startCoturn } from '../helpers/coturn.js';
import { openRoomPage, type RoomPage, serveRoomPage } from '../helpers/room-page.js';
import { startRoomServer, type TestRoomServer } from '../helpers/room-server.js';

describe('relayed media', { skip: noTurnServer }, () => {
  let coturn: Coturn;
  let browser: Browser;
  let pages: PageServer;
  let open: RoomPage[] = [];
  let servers: TestRoomServer[] = [];

  before(async () => {
    // First, so that nothing is left open when it cannot be had.
    coturn = await startCoturn();
    [browser, pages] = await Promise.all([launchBrowser(), serveRoomPage()]);
  });
  after(async () => {
    await browser?.close();
    await pages?.close();
    await coturn?.close();
  });
  afterEach(async () => {
    const errors = open.flatMap((page) => page.errors);
    await Promise.all(open.map(({ page }) => page.close()));
    await Promise.all(servers.map((server) => server.close()));
    open = [];
    servers = [];
    assert.deepEqual(errors, [], 'no page reported an error');
  });

  async function startServer(turnSecret: string): Promise<TestRoomServer> {
    const server = await startRoomServer({
      turnUrl: `turn:${coturn.address}?transport=udp`,
      turnSecret,
      publicAddress: '127.0.0.1',
    });
    servers.push(server);
    return server;
  }

  async function join(
    server: TestRoomServer,
    roomId: string,
    name: string,
    attributes = {},
  ): Promise<RoomPage> {
    const token = await server.createToken(roomId, { name });
    const page = await openRoomPage(browser, pages.origin, { token, ...attributes });
    open.push(page);
    return page;
  }

  /** Of every connection of the page: the kinds of its own candidates, and of the pair in use. */
  const paths = (page: RoomPage) =>
    page.page.evaluate(async () => {
      const result: { gathered: string[]; local: string | undefined }[] = [];
      for (const pc of window.enxConnections) {
        const stats = [...(await pc.getStats()).values()] as {
          id: string;
          type: string;
          candidateType?: string;
          selectedCandidatePairId?: string;
          localCandidateId?: string;
        }[];
        const byId = new Map(stats.map((entry) => [entry.id, entry]));
        const pairId = stats.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
        const local = byId.get(byId.get(pairId ?? '')?.localCandidateId ?? '');
        result.push({
          gathered: stats
            .filter(({ type }) => type === 'local-candidate')
            .map(({ candidateType }) => candidateType!),
          local: local?.candidateType,
        });
      }
      return result;
    });

  test('with forceTurn everything goes over the relay, and sound and pictures flow both ways', async () => {
    const server = await startServer(coturn.secret);
    const roomId = await server.createRoom({ quality: 'LD' });
    const ann = await join(server, roomId, 'Ann', { 'force-turn': 'true' });
    const bob = await join(server, roomId, 'Bob');
    await Promise.all([ann.talkers(['Bob']), bob.talkers(['Ann'])]);
    await Promise.all([ann.seesMovingPictures(1), bob.seesMovingPictures(1)]);
    await Promise.all([ann.hears('Bob'), bob.hears('Ann')]);
    await bob.page.evaluate(() => window.enx.sendMessage('through the relay'));
    assert.equal((await ann.event<{ message: string }>('message-received')).message, 'through the relay');
    const annsPaths = await paths(ann);
    assert.equal(annsPaths.length, 3, 'publisher, subscriber and data');
    for (const { gathered, local } of annsPaths) {
      assert.deepEqual([...new Set(gathered)], ['relay']);
      assert.equal(local, 'relay');
    }
    for (const { local } of await paths(bob)) assert.equal(local, 'host', 'without forceTurn it is direct');
  });

  /** What a browser gets out of coturn with these credentials. */
  const tryCredentials = (username: string, credential: string) =>
    open[0]!.page.evaluate(
      async ([urls, name, password]) => {
        const pc = new RTCPeerConnection({
          iceServers: [{ urls, username: name, credential: password }],
          iceTransportPolicy: 'relay',
        });
        const errors: number[] = [];
        let candidates = 0;
        pc.onicecandidateerror = ({ errorCode }) => errors.push(errorCode);
        const gathered = new Promise<void>((resolve) => {
          pc.onicecandidate = ({ candidate }) => {
            if (candidate?.candidate) candidates += 1;
            else resolve();
          };
        });
        pc.createDataChannel('x');
        await pc.setLocalDescription();
        await gathered;
        pc.close();
        return { candidates, errors: [...new Set(errors)] };
      },
      [`turn:${coturn.address}?transport=udp`, username, credential] as const,
    );

  test('coturn takes the credentials that the server issues, and neither expired nor made up ones', async () => {
    const server = await startServer(coturn.secret);
    const ann = await join(server, await server.createRoom(), 'Ann');
    await ann.event('room-connected');
    await ann.page.waitForFunction(() => window.enxConnections.length > 0);
    const [issued] = await ann.page.evaluate(() => window.enxConnections[0]!.getConfiguration().iceServers!);
    const { username, credential } = issued as { username: string; credential: string };
    const { clientId } = await ann.page.evaluate(() => window.enx.room.state);
    assert.match(username, new RegExp(`^\\d+:${clientId}$`));
    const lastsHours = (Number(username.split(':')[0]) - Date.now() / 1000) / 3600;
    assert.ok(lastsHours > 1 && lastsHours <= 24, `${lastsHours} hours`);
    assert.deepEqual(await tryCredentials(username, credential), { candidates: 1, errors: [] });

    const dayAgo = Date.now() - 24 * 3_600_000;
    const [expired] = turnServers([`turn:${coturn.address}`], coturn.secret, clientId, dayAgo);
    const refused = { candidates: 0, errors: [401] };
    assert.deepEqual(await tryCredentials(expired!.username!, expired!.credential!), refused, 'expired');
    assert.deepEqual(await tryCredentials(username, `${credential.slice(0, -4)}AAA=`), refused, 'wrong');
    const later = `${Number(username.split(':')[0]) + 3600}:${clientId}`;
    assert.deepEqual(await tryCredentials(later, credential), refused, 'lengthened');
  });

  test('with forceTurn and a relay that refuses, nothing goes around it', async () => {
    const server = await startServer('another-secret');
    const roomId = await server.createRoom({ quality: 'LD' });
    const bob = await join(server, roomId, 'Bob');
    const ann = await join(server, roomId, 'Ann', { 'force-turn': 'true' });
    await Promise.all([ann.event('room-connected'), bob.event('stream-published')]);
    await ann.page.waitForFunction(
      () =>
        window.enxConnections.length >= 3 &&
        window.enxConnections.every(({ iceGatheringState }) => iceGatheringState === 'complete'),
      undefined,
      { timeout: 20_000 },
    );
    for (const { gathered, local } of await paths(ann)) {
      assert.deepEqual(gathered, []);
      assert.equal(local, undefined);
    }
    // Chat has another way, over the socket.
    await ann.page.evaluate(() => window.enx.sendMessage('no media here'));
    assert.equal((await bob.event<{ message: string }>('message-received')).message, 'no media here');
  });
});

/** The classic script and the parts that it fetches: when, from where, and what if one does not come. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { EnxRoom } from '../../src/index.js';
import { encodeToken } from '../../src/protocol/index.js';
import { launchBrowser, type PageServer, scriptFiles, servePages } from '../helpers/browser.js';
import { startRoomServer, type TestRoomServer } from '../helpers/room-server.js';

/** A port where nobody listens: joining gets as far as everything that the page has to fetch. */
const token = encodeToken({
  host: '127.0.0.1:9',
  tokenId: 'x',
  roomMeta: { settings: { quality: 'LD' } },
});
const script = '/dist/enx-room.min.js';
const html = (head: string, body = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title><link rel="icon" href="data:,">
  <style>enx-room { width: 800px; height: 500px }</style>${head}</head><body>${body}</body></html>`;
const room = (attributes: string): string => `<enx-room token="${token}" ${attributes}></enx-room>`;

let browser: Browser;
let site: PageServer;
/** Another origin, whose parts may be fetched from everywhere. */
let elsewhere: PageServer;
before(async () => {
  browser = await launchBrowser();
  elsewhere = await servePages(scriptFiles('/dist'), { 'access-control-allow-origin': '*' });
  const { readFile } = await import('node:fs/promises');
  const all = await readFile(new URL('../../dist/enx-room.all.min.js', import.meta.url), 'utf8');
  site = await servePages({
    ...scriptFiles('/dist'),
    '/gallery-states.js': new URL('../../demo/gallery-states.js', import.meta.url),
    '/manual': html(`<script src="${script}"></script>`, room('join-mode="manual"')),
    '/prejoin': html(`<script src="${script}"></script>`, room('join-mode="prejoin"')),
    '/defer': html(`<script src="${script}" defer></script>`, room('')),
    '/async': html(`<script src="${script}" async></script>`, room('')),
    '/below': html('', `${room('')}<script src="${script}?ver=2"></script>`),
    '/empty': html(`<script src="${script}"></script>`, '<enx-room></enx-room>'),
    '/two': html(`<script src="${script}"></script>`, room('') + room('')),
    '/elsewhere': html(`<script src="${elsewhere.origin}${script}"></script>`, room('')),
    '/inline': html('', `${room('')}<script>${all.replace(/<\/script/g, '<\\/script')}</script>`),
  });
});
after(async () => {
  await browser.close();
  await site.close();
  await elsewhere.close();
});

interface Visit {
  page: Page;
  /** Files of ours, in the order they were asked for: `enx-room`, `call?1` … */
  fetched: string[];
  warnings: string[];
}

async function visit(path: string, before?: (page: Page) => Promise<void>): Promise<Visit> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
  const fetched: string[] = [];
  const warnings: string[] = [];
  page.on('request', (request) => {
    const [, name, again] =
      /\/dist\/(?:parts\/)?([\w-]+?)(?:-[\w-]{8}\.js|\.min\.js)(\?\d+)?/.exec(request.url()) ?? [];
    if (name) fetched.push(name + (again ?? ''));
  });
  page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
  await page.addInitScript(() => {
    const errors: { name: string; message: string }[] = [];
    Object.assign(window, { errors });
    addEventListener('room-error', (event) => {
      const { name, message } = (event as CustomEvent<{ name: string; message: string }>).detail;
      errors.push({ name, message });
    });
  });
  await before?.(page);
  await page.goto(site.origin + path);
  return { page, fetched, warnings };
}

/** Waits for that many `room-error` events. */
async function errorsOf(page: Page, count: number): Promise<{ name: string; message: string }[]> {
  const handle = await page.waitForFunction((wanted) => {
    const { errors } = window as unknown as { errors: { name: string; message: string }[] };
    return errors.length >= wanted && errors;
  }, count);
  return (await handle.jsonValue()) as { name: string; message: string }[];
}

/** The first request for a part is answered with 404. */
const missOnce =
  (name: string) =>
  async (page: Page): Promise<void> => {
    let missed = false;
    await page.route(new RegExp(`/parts/${name}-`), (route) => {
      if (missed) return route.continue();
      missed = true;
      return route.fulfill({ status: 404 });
    });
  };

const show = (page: Page, state: string): Promise<void> =>
  page.evaluate(async (name) => {
    const { show } = (await import('/gallery-states.js' as string)) as {
      show(room: Element, name: string): Promise<void>;
    };
    await show(document.querySelector('enx-room')!, name);
  }, state);

describe('the parts of the script', () => {
  test('are left alone by a room that only waits', async () => {
    const { page, fetched } = await visit('/manual');
    await page.locator('enx-screen').waitFor();
    assert.equal(await page.evaluate(() => document.querySelector('enx-room')!.state), 'idle');
    assert.deepEqual(fetched, ['enx-room']);
    await page.close();
  });

  test('of a call come while one looks at the prejoin screen', async () => {
    const { page, fetched } = await visit('/prejoin', async (fresh) => {
      await fresh.route(/\/parts\/call-/, async (route) => {
        await fresh.locator('enx-prejoin button.button').waitFor();
        await route.continue();
      });
    });
    await page.waitForResponse(/\/parts\/call-/);
    assert.deepEqual(fetched.toSorted(), ['call', 'enx-room', 'fields', 'prejoin']);
    await page.close();
  });

  test('of a panel come when it is opened', async () => {
    const { page, fetched } = await visit('/manual');
    await show(page, 'three');
    assert.deepEqual(fetched, ['enx-room', 'call']);
    await page.locator('enx-toolbar button.people').click();
    await page.locator('enx-people h2').waitFor();
    assert.deepEqual(fetched.toSorted(), ['call', 'enx-room', 'extras', 'fields', 'people']);
    await page.close();
  });

  for (const path of ['/defer', '/async', '/below', '/elsewhere']) {
    test(`are found from a page like ${path}`, async () => {
      const { page, fetched } = await visit(path);
      const [error] = await errorsOf(page, 1);
      assert.equal(error!.name, 'server-unreachable');
      assert.doesNotMatch(error!.message, /A part/);
      assert.equal(fetched.filter((name) => name === 'call').length, 1);
      await page.close();
    });
  }

  test('are fetched once for two rooms', async () => {
    const { page, fetched } = await visit('/two');
    await errorsOf(page, 2);
    assert.equal(fetched.filter((name) => name === 'call').length, 1);
    await page.close();
  });

  test('are all in the one-file script, inline too', async () => {
    const { page, fetched } = await visit('/inline');
    const [error] = await errorsOf(page, 1);
    assert.doesNotMatch(error!.message, /A part/);
    await show(page, 'three');
    await page.locator('enx-toolbar button.people').click();
    await page.locator('enx-people h2').waitFor();
    assert.deepEqual(fetched, []);
    await page.close();
  });

  test('that a call misses are told, and fetched again with the next try; the token is not spent', async () => {
    const { page, fetched, warnings } = await visit('/defer', missOnce('call'));
    const [first] = await errorsOf(page, 1);
    assert.deepEqual(
      [first!.name, first!.message],
      ['connect-failed', 'A part of the room could not be loaded. Check your connection, then try again.'],
    );
    assert.match(warnings.join(), /enx-room: the part "call" could not be loaded/);
    await page
      .locator('enx-screen', { hasText: 'cannot be reached' })
      .getByRole('button', { name: 'Try again' })
      .click();
    const [, second] = await errorsOf(page, 2);
    assert.doesNotMatch(second!.message, /A part/);
    assert.deepEqual(
      fetched.filter((name) => name.startsWith('call')),
      ['call', 'call?1'],
    );
    await page.close();
  });

  test('that a panel misses are told, and fetched again with the next click', async () => {
    const { page, fetched, warnings } = await visit('/manual', missOnce('people'));
    await show(page, 'three');
    const button = page.locator('enx-toolbar button.people');
    await button.click();
    await page.locator('.notice', { hasText: 'That did not work' }).waitFor();
    assert.match(warnings.join(), /the part "people" could not be loaded/);
    assert.equal(await button.getAttribute('aria-expanded'), 'false');
    await button.click();
    await page.locator('enx-people h2').waitFor();
    assert.equal(await page.locator('.notice').count(), 0);
    assert.deepEqual(
      fetched.filter((name) => name.startsWith('people')),
      ['people', 'people?1'],
    );
    await page.close();
  });
});

describe('in a call', () => {
  let server: TestRoomServer;
  before(async () => {
    server = await startRoomServer();
  });
  after(() => server.close());

  /** Two people who see each other; what was fetched is Ann's. */
  async function call(prepare?: (page: Page) => Promise<void>): Promise<Visit & { leave(): Promise<void> }> {
    const roomId = await server.createRoom({ quality: 'LD' });
    const join = async (name: string, ...args: Parameters<typeof visit>): Promise<Visit> => {
      const visited = await visit(...args);
      const own = await server.createToken(roomId, {
        name,
        role: name === 'Ann' ? 'moderator' : 'participant',
      });
      await visited.page.evaluate((text) => (document.querySelector('enx-room')!.token = text), own);
      return visited;
    };
    const [ann, bob] = [await join('Ann', '/empty', prepare), await join('Bob', '/empty')];
    for (const { page } of [ann, bob])
      await page.locator('enx-stage enx-player:not([self])[data-playing]').waitFor();
    return {
      ...ann,
      leave: async () => {
        await Promise.all([ann.page.close(), bob.page.close()]);
      },
    };
  }

  test('of two people nothing is fetched but what a call needs', async () => {
    const { fetched, leave } = await call();
    assert.deepEqual(fetched, ['enx-room', 'call']);
    await leave();
  });

  test('what most calls never need comes with the first who asks for it', async () => {
    const { page, fetched, leave } = await call();
    const count = await page.evaluate(() => document.querySelector('enx-room')!.getTalkerCount());
    assert.ok(count > 0, `${count} talkers`);
    assert.deepEqual(fetched, ['enx-room', 'call', 'seldom']);
    await leave();
  });

  test('a verb whose part misses is refused, the call goes on, and the next try fetches it again', async () => {
    const { page, fetched, leave } = await call(missOnce('seldom'));
    const refused = await page.evaluate(() =>
      document
        .querySelector('enx-room')!
        .moderation.setLocked(true)
        .then(
          () => 'done',
          (error: Error) => error.name,
        ),
    );
    assert.equal(refused, 'connect-failed');
    await page.evaluate(() => document.querySelector('enx-room')!.moderation.setLocked(true));
    assert.equal(await page.evaluate(() => document.querySelector('enx-room')!.state), 'connected');
    assert.deepEqual(fetched, ['enx-room', 'call', 'seldom', 'seldom?1']);
    await leave();
  });

  test('the controls of a player come with the pointer, and again after they missed', async () => {
    const { page, fetched, leave } = await call(missOnce('extras'));
    const player = page.locator('enx-stage enx-player:not([self])');
    await player.hover();
    await page.waitForResponse(/\/parts\/extras-/);
    await page.mouse.move(0, 0);
    await player.hover();
    await player.locator('button[data-control="pin"]').waitFor();
    assert.deepEqual(
      fetched.filter((name) => name.startsWith('extras')),
      ['extras', 'extras?1'],
    );
    await leave();
  });
});

declare global {
  interface HTMLElementTagNameMap {
    'enx-room': EnxRoom;
  }
}

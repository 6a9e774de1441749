/** The start page of the demo, as somebody uses it who has never seen it. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type {} from '../../src/index.js';
import { launchBrowser } from '../helpers/browser.js';
import { PATIENCE_MS } from '../helpers/patience.js';
import { startRoomServer, type TestRoomServer } from '../helpers/room-server.js';

let browser: Browser;
let rooms: TestRoomServer;
before(async () => {
  browser = await launchBrowser();
  rooms = await startRoomServer({ demo: true });
});
after(async () => {
  await browser.close();
  await rooms.close();
});

async function start(name: string, also: string[] = []): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(`${rooms.url}/?room=Garden`);
  await page.getByLabel('Your name').fill(name);
  for (const label of also) await page.getByLabel(label).check();
  await page.getByRole('button', { name: 'Join', exact: true }).click();
  return page;
}

test('two tabs meet: one has looked at camera and room (`.statusUrl`) before, one moderates, and faces have `.avatars`', async () => {
  const ann = await start('Ann', ['I moderate the room']);
  await ann.getByText('You are the only one here').waitFor();
  const bob = await start('Bob', ['Check camera and sound first']);
  await bob.getByText('In the room: 1 person').waitFor();
  assert.equal(await bob.getByRole('textbox', { name: 'Your name' }).inputValue(), 'Bob');
  await bob.getByRole('textbox', { name: 'Your name' }).fill('Robert');
  await bob.getByRole('button', { name: 'Join', exact: true }).click();
  await ann.getByText('Robert', { exact: true }).first().waitFor();
  await bob.getByText('Ann', { exact: true }).first().waitFor();

  // An image of the page's own for those who send no picture: `.avatars`.
  await ann.getByRole('button', { name: 'Camera', exact: true }).click();
  const image = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>';
  await bob.evaluate((address) => {
    const room = document.querySelector('enx-room')!;
    const { clientId } = room.room.state.participants.find(({ name }) => name === 'Ann')!;
    room.avatars = { [clientId]: address };
  }, image);
  await bob.locator(`enx-player .avatar img[src='${image}']`).waitFor({ state: 'attached' });

  await ann.getByRole('button', { name: 'People' }).click();
  await ann.getByRole('button', { name: 'Actions for Robert' }).first().waitFor();
});

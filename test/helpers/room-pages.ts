/** Pages with `<enx-room>` in one browser, for the tests of one file. */
import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser, type PageServer } from './browser.js';
import { openRoomPage, type PageOptions, type RoomPage, serveRoomPage } from './room-page.js';

export interface RoomPages {
  readonly browser: Browser;
  readonly origin: string;
  /** Opens a page whose element has these attributes. @param options.browser another one than all tests share */
  open(attributes: Record<string, string>, options?: PageOptions & { browser?: Browser }): Promise<RoomPage>;
}

/**
 * Starts the browser before the tests and closes it after them. After each test its pages are closed, and none of them
 * may have reported an error.
 * @param isExpected whether this is no error of the page
 */
export function roomPages(isExpected: (error: string) => boolean = () => false): RoomPages {
  let shared: Browser;
  let site: PageServer;
  let open: RoomPage[] = [];

  before(async () => {
    [shared, site] = await Promise.all([launchBrowser(), serveRoomPage()]);
  });
  after(async () => {
    await shared?.close();
    await site?.close();
  });
  afterEach(async () => {
    const errors = open.flatMap((page) => page.errors).filter((error) => !isExpected(error));
    await Promise.all(open.map(({ page }) => page.close()));
    open = [];
    assert.deepEqual(errors, [], 'no page reported an error');
  });

  return {
    get browser() {
      return shared;
    },
    get origin() {
      return site.origin;
    },
    open: async (attributes, { browser = shared, ...options } = {}) => {
      const page = await openRoomPage(browser, site.origin, attributes, options);
      open.push(page);
      return page;
    },
  };
}

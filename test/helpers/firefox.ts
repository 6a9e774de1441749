/**
 * A real Firefox for end-to-end tests, over WebDriver BiDi. playwright-core only drives builds of its own, so this is
 * puppeteer-core behind as much of playwright's interface as room-page.ts uses.
 */
import type { Browser, Page } from 'playwright-core';
import puppeteer, { type Page as FirefoxPage } from 'puppeteer-core';
import { findFirefox, firefoxPreferences } from '../../scripts/lib/browser.mjs';

/** For the `skip` of tests: why there is no Firefox, or `false`. */
export const noFirefox: string | false = findFirefox()
  ? false
  : 'there is no Firefox on this machine (set FIREFOX_PATH)';

type Run = (...args: never[]) => unknown;

/** Starts a headless Firefox with a fake camera and microphone. The caller closes it. */
export async function launchFirefox(preferences: Record<string, unknown> = {}): Promise<Browser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: findFirefox()!,
    headless: true,
    extraPrefsFirefox: { ...firefoxPreferences, ...preferences },
  });
  const adapted = {
    newPage: async () => adapt(await browser.newPage()),
    close: () => browser.close(),
  };
  return adapted as unknown as Browser;
}

function adapt(page: FirefoxPage): Page {
  const adapted = {
    on: (name: 'console' | 'pageerror', listener: (event: never) => void) =>
      page.on(name, listener as (event: unknown) => void),
    goto: (url: string) => page.goto(url),
    addInitScript: (run: Run, value?: unknown) =>
      page.evaluateOnNewDocument(run as () => void, value as never),
    evaluate: (run: Run, value?: unknown) => page.evaluate(run as () => unknown, value as never),
    waitForFunction: (
      run: Run,
      value?: unknown,
      { timeout = 20_000, polling = 100 }: { timeout?: number; polling?: number } = {},
      // Pages in the background draw no frames: it has to be an interval.
    ) => page.waitForFunction(run as () => unknown, { timeout, polling }, value as never),
    close: () => page.close(),
  };
  return adapted as unknown as Page;
}

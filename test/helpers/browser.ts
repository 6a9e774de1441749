/**
 * A real browser for end-to-end tests: Debian's Chromium (or any other) through playwright-core, with a fake
 * camera and microphone, and pages on an origin where `getUserMedia` is allowed.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, extname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Fake media at 10 frames a second: enough to see it move, cheap enough for a two-core machine. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream=fps=10',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** `CHROME_PATH`, then Debian's place, then whatever `PATH` knows. @throws when there is no browser. */
export function findBrowser(): string {
  const { CHROME_PATH, PATH = '' } = process.env;
  const candidates = [
    ...(CHROME_PATH ? [CHROME_PATH] : []),
    '/usr/bin/chromium',
    ...PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))),
  ];
  const found = candidates.find((path) => existsSync(path));
  if (!found) throw new Error('No Chromium found: install one or set CHROME_PATH.');
  return found;
}

/** Starts a headless browser. The caller closes it. */
export function launchBrowser(options: { flags?: string[] } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
    headless: true,
    args: [...FLAGS, ...(options.flags ?? [])],
  });
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
};

export interface PageServer {
  /** `http://localhost:<port>`: a secure context, so cameras and microphones work. */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Serves what is named and nothing else, so no path can escape.
 * @param pages path → HTML text, or the file (URL) to read at each request
 */
export async function servePages(pages: Record<string, string | URL>): Promise<PageServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const page = Object.hasOwn(pages, pathname) ? pages[pathname]! : undefined;
    const type = page instanceof URL ? TYPES[extname(page.pathname)] : TYPES['.html'];
    Promise.resolve(page instanceof URL ? readFile(page) : page)
      .then((body) => {
        if (body === undefined) return response.writeHead(404).end();
        return response
          .writeHead(200, { 'content-type': type ?? 'application/octet-stream', 'cache-control': 'no-store' })
          .end(body);
      })
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // A browser keeps its connections open.
        server.closeAllConnections();
      }),
  };
}

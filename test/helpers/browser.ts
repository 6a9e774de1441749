/**
 * A real browser for end-to-end tests: Debian's Chromium (or any other) through playwright-core, with a fake
 * camera and microphone, and pages on an origin where `getUserMedia` is allowed.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { browserFlags, findBrowser } from '../../scripts/lib/browser.mjs';

/** The browser that scripts/test.mjs found or installed. @throws when there is none. */
function installedBrowser(): string {
  const found = findBrowser();
  if (!found) throw new Error('No Chromium found: install one or set CHROME_PATH.');
  return found;
}

/** Starts a headless browser. The caller closes it. */
export function launchBrowser(options: { flags?: string[] } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: installedBrowser(),
    headless: true,
    args: [...browserFlags, ...(options.flags ?? [])],
  });
}

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
};

/**
 * Everything that belongs to the built script, for {@link servePages}.
 * @param folder path where the script is served, such as `/dist`
 */
export function scriptFiles(folder = ''): Record<string, URL> {
  const dist = new URL('../../dist/', import.meta.url);
  const inside = (name: string): string[] => readdirSync(new URL(name, dist)).map((file) => name + file);
  const names = ['enx-room.min.js', 'enx-room.all.min.js', ...inside('parts/'), ...inside('lang/')];
  return Object.fromEntries(
    names.filter((name) => name.endsWith('.js')).map((name) => [`${folder}/${name}`, new URL(name, dist)]),
  );
}

export interface PageServer {
  /** `http://localhost:<port>`: a secure context, so cameras and microphones work. */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Serves what is named and nothing else, so no path can escape.
 * @param pages path → HTML text, or the file (URL) to read at each request
 * @param headers of every response
 */
export async function servePages(
  pages: Record<string, string | URL>,
  headers: Record<string, string> = {},
): Promise<PageServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const page = Object.hasOwn(pages, pathname) ? pages[pathname]! : undefined;
    const type = page instanceof URL ? TYPES[extname(page.pathname)] : TYPES['.html'];
    Promise.resolve(page instanceof URL ? readFile(page) : page)
      .then((body) => {
        if (body === undefined) return response.writeHead(404).end();
        return response
          .writeHead(200, {
            ...headers,
            'content-type': type ?? 'application/octet-stream',
            'cache-control': 'no-store',
          })
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

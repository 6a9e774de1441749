import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { root } from './run.mjs';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.map': 'application/json',
};

/**
 * Serves demo/ at `/` and dist/ at `/dist/`, as a room server does, without one.
 * @param headers further response headers; @param pages path → HTML, before the files.
 * @returns `{url, close}`
 */
export async function servePages({ headers = {}, pages = {} } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (Object.hasOwn(pages, pathname)) {
      response.writeHead(200, { 'Content-Type': types['.html'], ...headers });
      response.end(pages[pathname]);
      return;
    }
    const path = normalize(pathname.startsWith('/dist/') ? pathname : `/demo${pathname}`);
    readFile(join(root, path)).then(
      (content) => {
        response.writeHead(200, { 'Content-Type': types[extname(path)] ?? 'text/plain', ...headers });
        response.end(content);
      },
      () => {
        response.writeHead(404, headers);
        response.end();
      },
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

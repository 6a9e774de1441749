/** An application server that takes webhooks, or does not. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Taken {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever came; tests say what it must be
  readonly event: any;
}

export interface WebhookReceiver {
  readonly url: string;
  /** Every request, in order. */
  readonly requests: Taken[];
  /** What happens to the next requests, one after the other; afterwards all are answered with 204. */
  readonly next: ((response: ServerResponse) => void)[];
  /** Waits until there were as many requests. */
  until(count: number): Promise<Taken[]>;
  close(): Promise<void>;
}

/** The example of docs/server.md, word for word but for the types. */
export function isGenuine(
  secret: string,
  headers: IncomingHttpHeaders,
  body: string,
  nowSeconds = Date.now() / 1000,
): boolean {
  const timestamp = String(headers['x-enx-timestamp']);
  if (!(Math.abs(nowSeconds - Number(timestamp)) < 300)) return false;
  const expected = `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
  const given = String(headers['x-enx-signature']);
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

export async function receiveWebhooks(): Promise<WebhookReceiver> {
  const requests: Taken[] = [];
  const next: WebhookReceiver['next'] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      requests.push({ headers: request.headers, body, event: JSON.parse(body) });
      const answer = next.shift() ?? ((to) => void to.writeHead(204).end());
      answer(response);
      for (const look of [...waiting]) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    requests,
    next,
    until: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (requests.length < count) return;
          waiting.delete(look);
          resolve(requests);
        };
        waiting.add(look);
        look();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers with this status. */
export const status = (code: number) => (response: ServerResponse) => void response.writeHead(code).end();

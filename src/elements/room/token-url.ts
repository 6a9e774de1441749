import { RoomError } from '../../engine/errors.js';
import { askPage } from '../internal/ask-page.js';

/** Longest answer that can be a token. */
const MAX_ANSWER_LENGTH = 100_000;

/**
 * Fetches `{"token": "…"}`.
 * @param name added as query parameter `name` where there is one and the URL has none.
 * @throws {RoomError} `server-unreachable` when nothing answers, `token-malformed` for an answer without a token.
 */
export async function fetchToken(url: string, name: string | undefined, baseUri: string): Promise<string> {
  let answer: Awaited<ReturnType<typeof askPage>>;
  try {
    const target = new URL(url, baseUri);
    if (name && !target.searchParams.has('name')) target.searchParams.set('name', name);
    answer = await askPage(target);
  } catch (cause) {
    throw new RoomError('server-unreachable', 'The page could not get an invitation to the room.', { cause });
  }
  const { ok, status, text } = answer;
  if (!ok) {
    throw new RoomError('connect-refused', `The page was refused an invitation to the room (${status}).`);
  }
  try {
    if (text.length > MAX_ANSWER_LENGTH) throw new Error('too long');
    const { token } = JSON.parse(text) as { token?: unknown };
    if (typeof token === 'string' && token !== '') return token;
  } catch {
    // Told below.
  }
  throw new RoomError('token-malformed', 'The answer of the token URL holds no token.');
}

import { randomUUID } from 'node:crypto';
import { codeOf, type TokenMessage } from '../../../../src/protocol/index.js';
import { Participant } from '../../rooms/participant.js';
import { RequestError } from '../../rooms/request-error.js';
import type { Ack, Caller } from '../handler.js';

/**
 * Joins in two steps (protocol §3.2): the acknowledgement accepts the token, `room-connected` admits.
 * @param raw the message as it came, to judge its size.
 * @returns the acknowledgement, and what to do once it is on its way.
 */
export function joinWithToken(
  caller: Caller,
  message: TokenMessage,
  raw: unknown,
): { ack: Ack; then?: () => void } {
  const { context, link } = caller;
  if (caller.joined) return hard('token-used', 'This connection has joined already.');
  const clientId = randomUUID();
  const redeemed = context.tokens.check(raw, message);
  if (!redeemed.ok) {
    context.logger.info({ error: redeemed.error, address: link.remoteAddress }, 'token refused');
    return hard(redeemed.error, redeemed.message);
  }
  const { record, room } = redeemed;
  const session = context.rooms.open(room);
  if (session.entry.isBarred(record.tokenId)) return hard('token-used', 'The token was used already.');
  // Client ids are no secret: what may be taken over is what this very token began.
  const replaced = [...session.participants.values(), ...session.entry.awaited.values()].find(
    ({ identity }) => identity.tokenId === record.tokenId,
  );
  try {
    if (!replaced) session.entry.checkAdmissible(record.role);
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    return { ack: ['success', error.answer] };
  }
  const participant = new Participant(
    {
      clientId,
      tokenId: record.tokenId,
      name: record.name,
      role: record.role,
      userRef: record.userRef,
      ...(record.data ? { data: record.data } : {}),
    },
    link,
  );
  context.tokens.use(record, clientId);
  participant.wantsData = message.dataChannel;
  caller.joined = { session, participant };
  return {
    ack: ['success', { result: 0, clientId, connectedIP: link.remoteAddress || '0.0.0.0' }],
    then: () => {
      if (!replaced) session.entry.arrive(participant);
      else if (session.participants.has(replaced.clientId)) session.admit(participant, replaced);
      else session.replaceAwaited(replaced, participant);
    },
  };
}

function hard(error: Parameters<typeof codeOf>[0], message: string): { ack: Ack } {
  return { ack: ['error', { result: codeOf(error), error, msg: message }] };
}

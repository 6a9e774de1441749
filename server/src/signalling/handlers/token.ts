import { randomUUID } from 'node:crypto';
import { codeOf, type TokenMessage } from '../../../../src/protocol/index.js';
import type { TokenRecord } from '../../store/store.js';
import { type ClientLink, Participant } from '../../rooms/participant.js';
import { RequestError } from '../../rooms/request-error.js';
import type { RoomSession } from '../../rooms/room-session.js';
import { checkOpen } from '../../rooms/schedule.js';
import type { Ack, Caller, SignallingContext } from '../handler.js';

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
  const redeemed = context.tokens.check(raw, message);
  if (!redeemed.ok) {
    context.logger.info({ error: redeemed.error, address: link.remoteAddress }, 'token refused');
    return hard(redeemed.error, redeemed.message);
  }
  const { record, room } = redeemed;
  try {
    if (!context.rooms.get(room.roomId)) checkOpen(room.settings, context.now());
  } catch (error) {
    return soft(error);
  }
  const session = context.rooms.open(room);
  const previous = message.previousToken && context.tokens.previous(record, message.previousToken);
  const back = comesBack(context, session, record, previous);
  if (back) {
    caller.joined = { session, participant: back };
    return {
      ack: accepted(back, link),
      then: () =>
        session.comeBack(back, link, {
          resume: message.resume,
          wantsData: message.dataChannel,
          received: message.received,
        }),
    };
  }
  try {
    session.entry.checkAdmissible(record.role);
  } catch (error) {
    return soft(error);
  }
  const participant = new Participant(
    {
      clientId: randomUUID(),
      tokenId: record.tokenId,
      name: record.name,
      role: record.role,
      userRef: record.userRef,
      ...(record.data ? { data: record.data } : {}),
    },
    link,
  );
  context.tokens.use(record, participant.clientId);
  session.remind(participant, (previous ?? record).tokenId);
  participant.wantsData = message.dataChannel;
  participant.heardUntil = Math.max(message.received?.socket ?? 0, message.received?.data ?? 0);
  for (const option of message.advancedOptions) {
    if (typeof option.id === 'string') participant.advancedOptions.set(option.id, option);
  }
  caller.joined = { session, participant };
  return { ack: accepted(participant, link), then: () => session.entry.arrive(participant) };
}

/**
 * Whoever of this room the client is already: found by what its token began, as client ids are no secret. With a new
 * token it must prove to have held the one before.
 */
function comesBack(
  { tokens }: SignallingContext,
  session: RoomSession,
  record: TokenRecord,
  previous: TokenRecord | undefined,
): Participant | undefined {
  const began = (tokenId: string): Participant | undefined =>
    [...session.participants.values(), ...session.entry.awaited.values()].find(
      ({ identity }) => identity.tokenId === tokenId,
    );
  const back = began(record.tokenId);
  const held = previous && began(previous.tokenId);
  if (back || !held) return back;
  tokens.use(record, held.clientId);
  tokens.revoke([previous.tokenId]);
  held.identity.tokenId = record.tokenId;
  return held;
}

const accepted = ({ clientId }: Participant, { remoteAddress }: ClientLink): Ack => [
  'success',
  { result: 0, clientId, connectedIP: remoteAddress || '0.0.0.0' },
];

function soft(error: unknown): { ack: Ack } {
  if (!(error instanceof RequestError)) throw error;
  return { ack: ['success', error.answer] };
}

function hard(error: Parameters<typeof codeOf>[0], message: string): { ack: Ack } {
  return { ack: ['error', { result: codeOf(error), error, msg: message }] };
}

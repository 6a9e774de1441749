import { DATA_STREAM } from '../../../../src/protocol/index.js';
import { type Handler, ok } from '../handler.js';
import { RequestError } from '../../rooms/request-error.js';
import { slotIds } from '../../rooms/reception.js';

export const addDataChannel: Handler<'addDataChannel'> = (_caller, { streamId }) => {
  if (streamId !== DATA_STREAM)
    throw new RequestError('stream-not-found', 'There is no data stream of this id.');
  return ok();
};

export const publish: Handler<'publish'> = ({ joined: { session, participant } }, request) =>
  ok({ id: session.media.publish(participant, request).streamId });

/** Unpublishing what is gone already is fine: clients do so when they repair. */
export const unpublish: Handler<'unpublish'> = ({ joined: { session, participant } }, streamId) => {
  session.media.unpublish(participant, streamId);
  return ok();
};

export const subscribe: Handler<'subscribe'> = ({ joined: { session } }, { streamId }) =>
  slotIds(session.record.settings.max_active_talkers).includes(Number(streamId))
    ? ok({ id: streamId })
    : [null, `There is no stream ${streamId} to subscribe to.`];

/** The client closes its whole receiving connection after this, whatever slot it names (protocol §4.3). */
export const unsubscribe: Handler<'unsubscribe'> = () => ok();

export const signalingMessage: Handler<'signaling_message'> = async (caller, { streamId, msg }) => {
  const { session, participant } = caller.joined;
  if (msg.type === 'updatestream') {
    // Of one's own streams there is nothing to change here; all others share one connection (protocol §4.7).
    const isOwn = participant.publications.has(streamId) || streamId === DATA_STREAM;
    if (msg.config && !isOwn) session.media.setQuality(participant, msg.config);
    return ok();
  }
  // Candidates are not needed: the browser's checks tell where it is.
  if (msg.type !== 'offer') return ok();
  const { key, answer } = await session.media.answer(participant, streamId, DATA_STREAM, msg.sdp);
  // The participant may have left while the answer was made.
  if (session.participants.has(participant.clientId)) {
    caller.link.send('media_engine_connecting', { [key]: streamId, msg: { type: 'answer', ...answer } });
  }
  return ok();
};

import { RequestError } from '../../rooms/request-error.js';
import { type Handler, ok } from '../handler.js';

/** Announces a screen share before it is published, or takes that back (protocol §5.5). */
export const auxilaryPublishRequests: Handler<'auxilaryPublishRequests'> = (
  { joined: { session, participant } },
  { req, pubType, override },
) => {
  if (pubType !== 'screen') throw new RequestError('not-enabled', 'The canvas is not offered by this room.');
  if (req === 'start') session.sharing.start(participant, override);
  else if (req === 'stop') session.sharing.cancel(participant);
  else throw new RequestError('not-enabled', 'Share permissions are not offered by this room.');
  return ok();
};

export const stopAllSharing: Handler<'stopAllSharing'> = ({ joined: { session, participant } }) => {
  session.sharing.stopAll(participant);
  return ok();
};

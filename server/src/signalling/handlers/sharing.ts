import { check, oneOf } from '../../../../src/protocol/index.js';
import { RequestError } from '../../rooms/request-error.js';
import { permissionRequests } from '../../rooms/share-permission.js';
import { type Handler, ok } from '../handler.js';

/** Announces a share before it is published, takes that back, or is about the permission for it (protocol §5.5–5.7). */
export const auxilaryPublishRequests: Handler<'auxilaryPublishRequests'> = (
  { joined: { session, participant } },
  { req, pubType, override, clientId, mode },
) => {
  const sharing = pubType === 'screen' ? session.sharing : session.canvas;
  if (req === 'start') sharing.start(participant, override);
  else if (req === 'stop') sharing.cancel(participant);
  else {
    const asked = check(oneOf(...permissionRequests), req);
    if (!asked.ok) throw new RequestError('parameter-invalid', `req: ${asked.error.message}`);
    sharing.requireAllowed();
    sharing.permission.process(participant, asked.value, clientId, mode);
  }
  return ok();
};

export const stopAllSharing: Handler<'stopAllSharing'> = ({ joined: { session, participant } }) => {
  session.sharing.stopAll(participant);
  session.canvas.stopAll(participant);
  return ok();
};

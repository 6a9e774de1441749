import { type Handler, ok } from '../handler.js';

export const setCustomData: Handler<'setCustomData'> = (
  { joined: { session, participant } },
  { scope, data },
) => {
  session.customData.set(participant, scope, data);
  return ok();
};

export const saveCustomData: Handler<'saveCustomData'> = (
  { joined: { session, participant } },
  { scope, data },
) => {
  session.customData.save(participant, scope, data);
  return ok();
};

/** `query` is not looked at: a scope is given whole. */
export const getCustomData: Handler<'getCustomData'> = ({ joined: { session } }, { scope }) =>
  ok({ scope, data: session.customData.get(scope) });

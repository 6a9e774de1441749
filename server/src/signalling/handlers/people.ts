import { type Handler, ok, type PayloadHandler } from '../handler.js';
import { RequestError } from '../../rooms/room-media.js';

const mute =
  (kind: 'audio' | 'video', muted: boolean): PayloadHandler<unknown> =>
  ({ joined: { session, participant } }) => {
    session.setMuted(participant, kind, muted);
    return ok();
  };

export const userAudioMuted = mute('audio', true);
export const userAudioUnmuted = mute('audio', false);
export const userVideoMuted = mute('video', true);
export const userVideoUnmuted = mute('video', false);

export const sendDataStreamToRoom: Handler<'sendDataStreamToRoom'> = (
  { joined: { session, participant } },
  data,
) => {
  session.sendDataFromSocket(participant, data);
  return ok();
};

/** Leaving (`self`), and for moderators removing others or everybody (protocol §9). */
export const drop: Handler<'drop'> = (caller, request) => {
  const { session, participant } = caller.joined;
  if (request.self) {
    session.remove(participant);
    return ok();
  }
  if (participant.identity.role !== 'moderator') {
    throw new RequestError('moderators-only', 'Only a moderator may remove people.');
  }
  if (request.all) {
    session.close('room-dismissed');
    return ok();
  }
  const ids = request.clientIds ?? request.clients ?? [];
  const everybodyElse = [...session.participants.values()].filter((other) => other !== participant);
  for (const target of ids.length === 0
    ? everybodyElse
    : everybodyElse.filter((o) => ids.includes(o.clientId))) {
    session.remove(target, 'disconnected-by-moderator');
  }
  return ok();
};

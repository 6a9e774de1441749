import { check, oneOf } from '../../../../src/protocol/index.js';
import { floorActions } from '../../rooms/floor.js';
import { roleRequestActions } from '../../rooms/role-requests.js';
import { type Handler, ok, type PayloadHandler } from '../handler.js';
import { RequestError } from '../../rooms/request-error.js';
import { requireModerator } from '../../rooms/people.js';

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

/** Some clients without a data connection call whatever they send "transcription" (protocol §6): text is chat. */
const dataType = (type: string, message: unknown): string => {
  if (type !== 'transcription') return type;
  return typeof message === 'string' ? 'chat' : 'user_data';
};

export const sendDataStreamToRoom: Handler<'sendDataStreamToRoom'> = (
  { joined: { session, participant } },
  data,
) => {
  session.sendDataFromSocket(participant, { ...data, type: dataType(data.type, data.msg) });
  return ok();
};

/** Leaving (`self`), and for moderators removing others or everybody (protocol §9). */
export const drop: Handler<'drop'> = (caller, request) => {
  const { session, participant } = caller.joined;
  if (request.self) {
    session.leave(participant, caller.link);
    return ok();
  }
  requireModerator(participant);
  if (request.all) {
    session.close('room-dismissed');
    return ok();
  }
  const ids = request.clientIds ?? request.clients;
  // Only a list that is there and empty means everybody else.
  if (!ids) throw new RequestError('message-malformed', 'drop: clientIds: expected an array, got nothing');
  const everybodyElse = [...session.participants.values()].filter((other) => other !== participant);
  for (const target of ids.length === 0
    ? everybodyElse
    : everybodyElse.filter((o) => ids.includes(o.clientId))) {
    session.remove(target, 'removed');
  }
  return ok();
};

export const lockRoom: Handler<'lockRoom'> = ({ joined: { session, participant } }, locked) => {
  session.entry.setLocked(participant, locked);
  return ok();
};

export const enableKnock: Handler<'enableKnock'> = ({ joined: { session, participant } }, enabled) => {
  session.entry.setKnock(participant, enabled);
  return ok();
};

export const userAllowed: Handler<'user-allowed'> = ({ joined: { session, participant } }, clientId) => {
  session.entry.answer(participant, clientId, true);
  return ok();
};

export const userDenied: Handler<'user-denied'> = ({ joined: { session, participant } }, clientId) => {
  session.entry.answer(participant, clientId, false);
  return ok();
};

export const getAwaitedUser: Handler<'getAwaitedUser'> = ({ joined: { session, participant } }) => {
  requireModerator(participant);
  return ok({ awaitedParticipants: session.entry.awaitedParticipants });
};

const hardMute =
  (kind: 'audio' | 'video', muted: boolean): PayloadHandler<{ clientId: string }> =>
  ({ joined: { session, participant } }, { clientId }) => {
    session.moderation.hardMuteUser(participant, clientId, kind, muted);
    return ok({ clientId });
  };

export const hardMuteAudio = hardMute('audio', true);
export const hardUnmuteAudio = hardMute('audio', false);
export const hardMuteVideo = hardMute('video', true);
export const hardUnmuteVideo = hardMute('video', false);

const hardMuteRoom =
  (muted: boolean): PayloadHandler<unknown> =>
  ({ joined: { session, participant } }) => {
    session.moderation.hardMuteRoom(participant, muted);
    return ok();
  };

export const roomMuted = hardMuteRoom(true);
export const roomUnmuted = hardMuteRoom(false);

export const switchUserRole: Handler<'switchUserRole'> = ({ joined: { session, participant } }, request) => {
  session.moderation.switchRoles(participant, request);
  return ok();
};

export const switchRoomMode: Handler<'switchRoomMode'> = ({ joined: { session, participant } }, mode) => {
  session.switchMode(participant, mode);
  return ok({ mode });
};

/** Two arguments: whom it is about, and what to do (protocol §6). */
export const processFloorRequest: Handler<'processFloorRequest'> = (
  { joined: { session, participant } },
  clientId,
  second,
) => {
  const action = check(oneOf(...floorActions), second);
  if (!action.ok) throw new RequestError('parameter-invalid', `action: ${action.error.message}`);
  session.floor.process(participant, clientId, action.value);
  return ok();
};

export const inviteToFloor: Handler<'inviteToFloor'> = (
  { joined: { session, participant } },
  { clientId },
) => {
  session.floor.invite(participant, clientId);
  return ok();
};

export const openFloor: Handler<'openFloor'> = ({ joined: { session, participant } }, open) => {
  session.floor.setOpen(participant, open);
  return ok();
};

/** Two arguments: which role or whose request, and what to do (protocol §6). */
export const changeUserRoleOption: Handler<'changeUserRoleOption'> = (
  { joined: { session, participant } },
  request,
  second,
) => {
  const action = check(oneOf(...roleRequestActions), second);
  if (!action.ok) throw new RequestError('parameter-invalid', `action: ${action.error.message}`);
  session.roleRequests.process(participant, request, action.value);
  return ok();
};

/** "Mute one" is a hard mute of the microphone under an older name. */
const muteUser =
  (muted: boolean): PayloadHandler<string> =>
  ({ joined: { session, participant } }, clientId) => {
    session.moderation.hardMuteUser(participant, clientId, 'audio', muted);
    return ok({ clientId });
  };

export const muteOne = muteUser(true);
export const unmuteOne = muteUser(false);

const pauseRoom =
  (paused: boolean): PayloadHandler<{ audio: boolean; video: boolean }> =>
  ({ joined: { session, participant } }, kinds) => {
    session.pause(participant, kinds, paused);
    return ok();
  };

export const muteRoom = pauseRoom(true);
export const unMuteRoom = pauseRoom(false);

export const extendConferenceDuration: Handler<'extendConferenceDuration'> = ({
  joined: { session, participant },
}) => {
  requireModerator(participant);
  return ok({ extendedTime: session.clock.extend() });
};

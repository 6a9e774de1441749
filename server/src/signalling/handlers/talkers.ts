import { array, check, integer, object, oneOf, PAUSE_VIDEO, text } from '../../../../src/protocol/index.js';
import { CHAT_HISTORY } from '../../rooms/chat-history.js';
import { requireModerator } from '../../rooms/people.js';
import { RequestError } from '../../rooms/request-error.js';
import { type Handler, ok } from '../handler.js';

/** Ours: slots whose pictures are not looked at; the whole list each time. */
const pauseVideo = object({ sIds: array(integer(0), 100) });
const highlight = object({ request: oneOf('add', 'remove'), clientIds: array(text(128, 1), 100) });

export const getMaxNumberOfTalker: Handler<'getMaxNumberOfTalker'> = ({ joined: { session } }) =>
  ok({ maxTalkers: session.record.settings.max_active_talkers });

export const getNumberOfTalker: Handler<'getNumberOfTalker'> = ({ joined: { session, participant } }) =>
  ok({ numTalkers: participant.talkerLimits?.talkers ?? session.record.settings.max_active_talkers });

/** The acknowledgement echoes the three numbers as they are in force (protocol §5.4). */
export const setNumberOfTalker: Handler<'setNumberOfTalker'> = (
  { joined: { session, participant } },
  wanted,
) => {
  const maximum = session.record.settings.max_active_talkers;
  const talkers = Math.min(wanted.numTalkers, maximum);
  participant.talkerLimits = {
    talkers,
    audio: wanted.numAudioTalkers ?? Math.max(3, talkers),
    video: wanted.numVideoTalkers ?? talkers,
  };
  session.media.changed();
  return ok({
    numTalkers: talkers,
    numAudioTalkers: participant.talkerLimits.audio,
    numVideoTalkers: participant.talkerLimits.video,
  });
};

export const setAdvancedOptions: Handler<'setAdvancedOptions'> = (
  { joined: { session, participant } },
  options,
) => {
  // First all that can be refused, so that a refusal leaves everything as it was.
  const highlights = new Map<object, ReturnType<typeof highlight>>();
  let paused: number[] | undefined;
  for (const option of options) {
    if (option.id === PAUSE_VIDEO) {
      const checked = check(pauseVideo, option);
      if (!checked.ok) throw new RequestError('message-malformed', `${option.id}: ${checked.error.message}`);
      paused = checked.value.sIds;
      continue;
    }
    if (option.id === 'spotlight-users') requireModerator(participant);
    else if (option.id !== 'update-pin-users') continue;
    const checked = check(highlight, option);
    if (!checked.ok) throw new RequestError('message-malformed', `${option.id}: ${checked.error.message}`);
    highlights.set(option, checked.value);
  }
  for (const option of options) {
    const highlighted = highlights.get(option);
    if (option.id === PAUSE_VIDEO) continue;
    // Not a setting but a call for help: slots that stay dark (protocol §5.3).
    if (option.id === 'reset-streams') session.media.refresh(participant);
    else if (highlighted) {
      const { request, clientIds } = highlighted;
      if (option.id === 'update-pin-users') session.highlights.pin(participant, clientIds, request === 'add');
      else session.highlights.spotlight(participant, clientIds, request === 'add');
    } else if (typeof option.id === 'string' && participant.advancedOptions.size < 50) {
      participant.advancedOptions.set(option.id, option);
      if (option.id === CHAT_HISTORY && participant.wants(CHAT_HISTORY)) session.tellHistory(participant);
    }
  }
  if (paused) session.media.pausePictures(participant, paused);
  return ok();
};

export const getAdvancedOptions: Handler<'getAdvancedOptions'> = ({ joined: { participant } }) =>
  ok({ options: [...participant.advancedOptions.values()] });

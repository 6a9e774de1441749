import type { ParticipantState, RoomState } from '../../engine/room-state.js';
import { isHeld } from '../internal/person.js';
import { type ModeratorAction, request } from '../internal/requests.js';
import type { StringKey } from '../internal/strings.js';

export interface PersonAction {
  label: StringKey;
  danger?: boolean;
  /** Wants a yes before it is done. */
  asks?: 'remove' | 'make-moderator';
  /** Fires the request. */
  run: (from: EventTarget) => void;
}

/** What one can do about somebody, most wanted first. Nothing about oneself. */
export function actionsFor(person: ParticipantState, room: RoomState): PersonAction[] {
  if (person.isSelf) return [];
  const { clientId, role, videoHardMuted } = person;
  const held = isHeld(room, person);
  const includes = (list: readonly { clientId: string }[]): boolean =>
    list.some((entry) => entry.clientId === clientId);
  const publishes = role !== 'viewer' && role !== 'audience';
  const act = (action: ModeratorAction) => (from: EventTarget) =>
    void request(from, 'enx-moderate-request', { clientId, action });
  const pinned = room.pinned.includes(clientId);
  const spotlighted = room.spotlighted.includes(clientId);
  const actions: (PersonAction | false)[] = [
    {
      label: pinned ? 'unpin' : 'pin',
      run: (from) => request(from, 'enx-pin-request', { clientId, pinned: !pinned }),
    },
  ];
  if (room.role !== 'moderator') return actions.filter((action) => action !== false);
  if (room.mode === 'lecture' && role !== 'moderator') {
    const { requests, granted, invited } = room.floor;
    if (includes(requests)) actions.unshift({ label: 'letSpeak', run: act('let-speak') });
    if (includes(requests)) actions.push({ label: 'lowerHand', run: act('refuse-hand') });
    if (includes(granted)) actions.unshift({ label: 'endSpeaking', run: act('end-speaking') });
    else if (!includes(requests) && !includes(invited))
      actions.push({ label: 'inviteToSpeak', run: act('invite-to-speak') });
  }
  if (publishes && role !== 'moderator') {
    actions.push(
      {
        label: held ? 'unmutePerson' : 'muteMicrophone',
        run: act(held ? 'unmute' : 'mute'),
      },
      {
        label: videoHardMuted ? 'allowPersonVideo' : 'stopCamera',
        run: act(videoHardMuted ? 'allow-video' : 'stop-video'),
      },
    );
  }
  actions.push(
    publishes && {
      label: spotlighted ? 'endSpotlight' : 'spotlight',
      run: act(spotlighted ? 'end-spotlight' : 'spotlight'),
    },
    role === 'participant' && { label: 'makeModerator', asks: 'make-moderator', run: act('make-moderator') },
    { label: 'removePerson', danger: true, asks: 'remove', run: act('remove') },
  );
  return actions.filter((action) => action !== false);
}

import type { Room } from '../../engine/room.js';
import type { ModeratorAction } from '../internal/requests.js';

/** What a moderator does with one person. @throws {RoomError} */
export function moderate(room: Room, clientId: string, action: ModeratorAction): Promise<unknown> {
  const { moderation, floor } = room;
  switch (action) {
    case 'mute':
    case 'unmute':
      return moderation.setUserMuted(clientId, 'audio', action === 'mute');
    case 'stop-video':
    case 'allow-video':
      return moderation.setUserMuted(clientId, 'video', action === 'stop-video');
    case 'spotlight':
      return moderation.spotlight([clientId]);
    case 'end-spotlight':
      return moderation.unspotlight([clientId]);
    case 'make-moderator':
      return moderation.handOver(clientId);
    case 'remove':
      return moderation.drop([clientId]);
    case 'let-speak':
      return floor.grant(clientId);
    case 'end-speaking':
      return floor.release(clientId);
    case 'invite-to-speak':
      return floor.invite(clientId);
    case 'refuse-hand':
      return floor.deny(clientId);
  }
}

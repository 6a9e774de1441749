import type { Role } from '../protocol/index.js';

type Call = (name: string, ...args: unknown[]) => Promise<Record<string, unknown>>;

/** What the server does not tell the moderator who did it. */
export interface ModerationResults {
  guestAnswered(clientId: string): void;
  userHardMuted(clientId: string, kind: 'audio' | 'video', muted: boolean): void;
  roomHardMuted(muted: boolean): void;
}

/**
 * What moderators can do (protocol §9.3, §11). Each verb resolves when the server has done it and rejects with the
 * number it gave: 4101 without the right, 1159 for somebody who is not there, `not-connected` outside a room.
 */
export class Moderation {
  constructor(
    private readonly call: Call,
    private readonly results: ModerationResults,
  ) {}

  /** @throws {RoomError} 4121 if it is so already. */
  async setLocked(locked: boolean): Promise<void> {
    await this.call('lockRoom', locked);
  }

  /** Whether newcomers have to knock. */
  async setKnock(enabled: boolean): Promise<void> {
    await this.call('enableKnock', enabled);
  }

  async admit(clientId: string): Promise<void> {
    await this.call('user-allowed', clientId);
    this.results.guestAnswered(clientId);
  }

  async deny(clientId: string): Promise<void> {
    await this.call('user-denied', clientId);
    this.results.guestAnswered(clientId);
  }

  /** Removes people; an empty list removes everybody else. */
  async drop(clientIds: string[]): Promise<void> {
    await this.call('drop', { all: false, clientIds });
  }

  /** Ends the session for everybody, oneself included. */
  async dismiss(): Promise<void> {
    await this.call('drop', { all: true, clients: null, deleteRoom: false });
  }

  async setUserMuted(clientId: string, kind: 'audio' | 'video', muted: boolean): Promise<void> {
    await this.call(`${muted ? 'hardmute' : 'hardunmute'}-user-${kind}`, { clientId });
    this.results.userHardMuted(clientId, kind, muted);
  }

  /** Mutes everybody but moderators, newcomers included, or releases them. */
  async setRoomMuted(muted: boolean): Promise<void> {
    await this.call(muted ? 'room-muted' : 'room-unmuted', {});
    this.results.roomHardMuted(muted);
  }

  /** Hands one's own moderator role over. */
  async handOver(clientId: string): Promise<void> {
    await this.call('switchUserRole', clientId);
  }

  async setRoles(roles: { clientId: string; role: Role }[]): Promise<void> {
    await this.call('switchUserRole', roles);
  }

  async setMode(mode: 'group' | 'lecture'): Promise<void> {
    await this.call('switchRoomMode', mode);
  }

  async stopAllSharing(clientId: string): Promise<void> {
    await this.call('stopAllSharing', clientId);
  }

  /** Puts people into everybody's view. */
  async spotlight(clientIds: string[]): Promise<void> {
    await this.call('setAdvancedOptions', [{ id: 'spotlight-users', request: 'add', clientIds }]);
  }

  async unspotlight(clientIds: string[]): Promise<void> {
    await this.call('setAdvancedOptions', [{ id: 'spotlight-users', request: 'remove', clientIds }]);
  }

  /** Pauses everybody's sound or picture, the softer way that breakout rooms use (protocol §11.3). */
  async setRoomPaused(paused: boolean, kinds: { audio: boolean; video: boolean }): Promise<void> {
    await this.call(paused ? 'muteRoom' : 'unMuteRoom', kinds);
  }

  /** @returns minutes added. */
  async extendDuration(): Promise<number> {
    const { extendedTime } = await this.call('extendConferenceDuration', {});
    return typeof extendedTime === 'number' ? extendedTime : 0;
  }
}

import { LitElement } from 'lit';
import { RoomError } from '../../engine/errors.js';
import { loadPart } from '../internal/parts.js';
import type { CapturedView } from '../player/capture.js';
import type { AudioRoute, DeviceListing } from '../../engine/device-list.js';
import type { Floor } from '../../engine/floor.js';
import type { Moderation } from '../../engine/moderation.js';
import type { ReceiveQuality } from '../../engine/room-state.js';
import type { Room } from '../../engine/room.js';
import type { SharePermissions } from '../../engine/share-permissions.js';
import type { RoomStatistics } from '../../engine/statistics.js';

/**
 * What a page can do with a room element: the engine's verbs under the names of the SDKs. Each settles when the thing has
 * happened and rejects with a `RoomError`; `not-connected` (5086) outside a room.
 */
export abstract class RoomVerbs extends LitElement {
  /** The engine's room: its state, its events, its verbs. */
  abstract readonly room: Room;

  /** Leaves. Resolves when devices and sockets are released. @throws {RoomError} 5031 while leaving, 5032 when left. */
  disconnect(): Promise<void> {
    return this.room.disconnect();
  }

  // ── own media ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** @throws {RoomError} 1143 without a microphone */
  muteAudio(): Promise<void> {
    return this.room.setMicrophoneMuted(true);
  }

  /** @throws {RoomError} 1201 while a moderator has muted us */
  unmuteAudio(): Promise<void> {
    return this.room.setMicrophoneMuted(false);
  }

  /** @throws {RoomError} 1143 without a camera */
  muteVideo(): Promise<void> {
    return this.room.setCameraMuted(true);
  }

  /** @throws {RoomError} 1201 while a moderator has muted us */
  unmuteVideo(): Promise<void> {
    return this.room.setCameraMuted(false);
  }

  /** @throws {RoomError} */
  publish(): Promise<void> {
    return this.room.publish();
  }

  /** @throws {RoomError} */
  unpublish(): Promise<void> {
    return this.room.unpublish();
  }

  /** Shares a screen, after the browser asked which. @throws {RoomError} */
  startScreenShare(): Promise<void> {
    return this.room.startScreenShare();
  }

  stopScreenShare(): Promise<void> {
    return this.room.stopScreenShare();
  }

  // ── devices ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Everything the browser lets us see, and `routes`: output routes in the words of the native SDKs. Never rejects. */
  getDevices(): Promise<DeviceListing> {
    return this.room.getDevices();
  }

  /** `SPEAKER_PHONE`, `WIRED_HEADSET`, `EARPIECE`, `BLUETOOTH` or `NONE`. Never rejects. */
  getSelectedDevice(): Promise<AudioRoute> {
    return this.room.getSelectedDevice();
  }

  /** @param id `deviceId`; empty = the browser's choice. @throws {RoomError} 1142, 1143, 1144, 1145 */
  setMicrophone(id: string): Promise<void> {
    return this.room.setMicrophone(id);
  }

  /** @param id `deviceId`; empty = the browser's choice. @throws {RoomError} 1142, 1143, 1144, 1145 */
  setCamera(id: string): Promise<void> {
    return this.room.setCamera(id);
  }

  /** @param id `deviceId`; empty = the browser's choice. @throws {RoomError} 1170 where the browser decides, 1143 */
  setSpeaker(id: string): Promise<void> {
    return this.room.setSpeaker(id);
  }

  /** Microphone and camera in one go; `undefined` leaves one as it is. @throws {RoomError} */
  async switchMediaDevice(microphone?: string, camera?: string): Promise<void> {
    if (microphone !== undefined) await this.room.setMicrophone(microphone);
    if (camera !== undefined) await this.room.setCamera(camera);
  }

  // ── what one receives ─────────────────────────────────────────────────────────────────────────────────────────

  /** @throws {RoomError} */
  getTalkerCount(): Promise<number> {
    return this.room.getTalkerCount();
  }

  /** @throws {RoomError} */
  getMaxTalkers(): Promise<number> {
    return this.room.getMaxTalkers();
  }

  /** @param count 0 up to the room's maximum @throws {RoomError} 1155 */
  setTalkerCount(count: number): Promise<void> {
    return this.room.setTalkerCount(count);
  }

  /** @throws {RoomError} 1155 */
  setReceiveVideoQuality(quality: ReceiveQuality): Promise<void> {
    return this.room.setReceiveQuality(quality);
  }

  getReceiveVideoQuality(): ReceiveQuality {
    return this.room.state.receiveQuality;
  }

  /** Neither sends nor receives pictures, or does so again. @throws {RoomError} */
  setAudioOnlyMode(on: boolean): Promise<void> {
    return this.room.setAudioOnly(on);
  }

  /** @throws {RoomError} */
  subscribeForTalkerNotification(on: boolean): Promise<void> {
    return this.room.subscribeTalkerNotification(on);
  }

  /** @throws {RoomError} */
  pinUsers(clientIds: string[]): Promise<void> {
    return this.room.pin(clientIds);
  }

  /** @throws {RoomError} */
  unpinUsers(clientIds: string[]): Promise<void> {
    return this.room.unpin(clientIds);
  }

  /** Everything the server keeps of what was asked for with advanced options. @throws {RoomError} */
  getAdvancedOptions(): Promise<unknown[]> {
    return this.room.getAdvancedOptions();
  }

  /** What travels, and how well; rates count from the call before. */
  getStatistics(): Promise<RoomStatistics> {
    return this.room.statistics();
  }

  /**
   * The picture of somebody, oneself included, as a PNG; fires `captured-view` as well.
   * @throws {RoomError} 1159 for somebody whose picture is not here at the moment
   */
  async captureScreenShot(clientId: string): Promise<CapturedView> {
    const { talkers, clientId: self, name, localStream } = this.room.state;
    const talker = talkers.find((candidate) => candidate.clientId === clientId && candidate.video);
    const stream = clientId === self ? localStream : talker?.stream;
    const frame = stream && (await (await loadPart('extras')).captureStream(stream));
    if (!frame) throw new RoomError('stream-not-found', 'There is no picture of this person at the moment.');
    const detail = { clientId, name: talker?.name ?? name, ...frame };
    this.dispatchEvent(new CustomEvent('captured-view', { detail, bubbles: true, composed: true }));
    return detail;
  }

  // ── talking to each other ─────────────────────────────────────────────────────────────────────────────────────

  /** Says something to everybody, or to the given client ids. @throws {RoomError} */
  async sendMessage(text: string, recipients: string[] = []): Promise<void> {
    await this.room.sendMessage(text, recipients);
  }

  /** Sends JSON to other programs in the room. @throws {RoomError} 1195 beyond 100 kB */
  sendUserData(data: unknown, recipients: string[] = []): Promise<void> {
    return this.room.sendUserData(data, recipients);
  }

  /** @throws {RoomError} */
  raiseHand(raised = true): Promise<void> {
    return this.room.raiseHand(raised);
  }

  /** @throws {RoomError} */
  react(emoji: string): Promise<void> {
    return this.room.react(emoji);
  }

  // ── groups of verbs ───────────────────────────────────────────────────────────────────────────────────────────

  /** Verbs of moderators: lock, admit, drop, mute, roles, modes, spotlight, time. */
  get moderation(): Moderation {
    return this.room.moderation;
  }

  /** Who may speak in a lecture. */
  get floor(): Floor {
    return this.room.floor;
  }

  /** Who may share, where that has to be asked for. */
  get sharePermissions(): SharePermissions {
    return this.room.sharePermissions;
  }
}

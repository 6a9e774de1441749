import type { RoomConnected, StreamId } from '../protocol/index.js';
import { RoomError } from './errors.js';
import type { Emit } from './events.js';
import type { LocalDevices } from './local-devices.js';
import type { RoomOptions } from './options.js';
import type { RoomStateStore } from './room-state.js';
import type { SessionMedia } from './session-media.js';

export interface OwnStreamParts {
  store: RoomStateStore;
  devices: LocalDevices;
  options: () => RoomOptions;
  media: () => SessionMedia | undefined;
  admission: () => RoomConnected | undefined;
  emit: Emit;
}

/** One's own microphone and camera as a stream in the room: when it is there, and who decided that. */
export class OwnStream {
  /** Id of the stream while it is in the room. */
  #streamId: StreamId | undefined;
  /** Taken out by the page: stays out until it says otherwise, also over a reconnect. */
  #withdrawn = false;

  constructor(private readonly parts: OwnStreamParts) {}

  /** @throws {RoomError} `no-media-requested`, `floor-not-granted`, `not-enabled` … */
  async publish(): Promise<void> {
    const { devices, store, options, media, admission } = this.parts;
    const audio = devices.has('audio');
    const video = devices.has('video');
    if (!audio && !video) {
      throw new RoomError('no-media-requested', 'There is no microphone or camera to publish.');
    }
    this.#withdrawn = false;
    const { defaultVideoBW, maxVideoBW, maxVideoLayers } = admission()!;
    await media()!.publish(
      'camera',
      {
        audio,
        video,
        muted: { audio: devices.isMuted('audio'), video: devices.isMuted('video') },
        attributes: { ...options().localInfo.attributes, name: store.current.name },
        minVideoKbps: 0,
        maxVideoKbps: maxVideoBW || defaultVideoBW,
        maxLayers: Math.min(maxVideoLayers ?? 1, options().localInfo.maxVideoLayers),
      },
      { audio: devices.live('audio'), video: devices.live('video') },
    );
  }

  /** @throws {RoomError} */
  async unpublish(): Promise<void> {
    this.#withdrawn = true;
    const taken = this.parts.media()?.unpublish('camera');
    // It is out at once; another one may be in before the server has answered.
    this.gone();
    await taken;
  }

  /** Publishes what there is, unless the page, the role or the lecture says otherwise. Never rejects. */
  async publishIfWanted(): Promise<void> {
    const { store, devices, media, emit } = this.parts;
    const { connection, role, mode, floor } = store.current;
    if (connection !== 'connected' || this.#withdrawn) return;
    if (!devices.has('audio') && !devices.has('video')) return;
    if (role === 'viewer' || role === 'audience') return;
    if (mode === 'lecture' && role !== 'moderator' && floor.own !== 'granted') return;
    const carrier = media();
    await this.publish().catch((error: unknown) => {
      if (carrier === media() && store.current.connection === 'connected')
        emit('operationFailed', RoomError.from(error, 'media-connection-failed'));
    });
  }

  /** The right to send is gone: the stream goes, without the page having wished so. Never rejects. */
  async withdraw(): Promise<void> {
    const taken = this.parts.media()?.unpublish('camera');
    this.gone();
    await taken?.catch(() => {});
  }

  /** The stream has arrived in the room. */
  arrived(streamId: StreamId): void {
    this.#streamId = streamId;
    this.parts.store.update({ published: true });
    this.parts.emit('streamPublished', { streamId });
  }

  /** The stream is out of the room; told if it ever was in. */
  gone(): void {
    const streamId = this.#streamId;
    this.#streamId = undefined;
    this.parts.store.update({ published: false });
    if (streamId !== undefined) this.parts.emit('streamUnpublished', { streamId });
  }

  /** A new join begins. */
  reset(): void {
    this.#withdrawn = false;
  }
}

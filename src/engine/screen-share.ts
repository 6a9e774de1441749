import type { EngineEnvironment } from './environment.js';
import { RoomError } from './errors.js';
import type { SessionMedia } from './session-media.js';

/** Text stays sharp: few pictures, all their pixels. */
const MAX_FRAME_RATE = 15;
const MAX_KBPS = 2500;

/** One's own shared screen, from the browser's picker to the end of the stream. */
export class ScreenShare {
  #stream: MediaStream | undefined;
  /** The browser's picker is open. */
  #choosing = false;

  constructor(
    private readonly environment: EngineEnvironment,
    /** Sharing ended without {@link stop}: by the browser's own bar, or because the server said so. */
    private readonly ended: () => void,
  ) {}

  get stream(): MediaStream | undefined {
    return this.#stream;
  }

  /**
   * Asks the person what to share and publishes it.
   * @throws {RoomError} `share-running`, `device-permission-denied` when the person thinks better of it, `not-enabled`.
   */
  async start(media: SessionMedia, attributes: Record<string, unknown>): Promise<void> {
    if (this.#stream || this.#choosing) throw new RoomError('share-running', 'You are sharing already.');
    const devices = this.environment.mediaDevices();
    if (!devices?.getDisplayMedia) throw new RoomError('not-enabled', 'This browser cannot share a screen.');
    let stream: MediaStream;
    this.#choosing = true;
    try {
      stream = await devices.getDisplayMedia({ video: { frameRate: { max: MAX_FRAME_RATE } }, audio: true });
    } catch (cause) {
      throw new RoomError('device-permission-denied', 'Nothing was chosen to share.', { cause });
    } finally {
      this.#choosing = false;
    }
    const [video] = stream.getVideoTracks();
    if (video) video.contentHint = 'detail';
    this.#stream = stream;
    video?.addEventListener('ended', () => {
      if (this.#stream === stream) this.ended();
    });
    try {
      await this.resume(media, attributes);
    } catch (error) {
      this.release();
      throw RoomError.from(error, 'media-connection-failed');
    }
  }

  /** Publishes the screen that is being shared; again after a reconnect. @throws {RoomError} */
  async resume(media: SessionMedia, attributes: Record<string, unknown>): Promise<void> {
    const [video] = this.#stream?.getVideoTracks() ?? [];
    const [audio] = this.#stream?.getAudioTracks() ?? [];
    if (!video) return;
    await media.publish(
      'screen',
      {
        screen: true,
        audio: Boolean(audio),
        video: true,
        muted: { audio: false, video: false },
        attributes,
        minVideoKbps: 100,
        maxVideoKbps: MAX_KBPS,
      },
      { audio, video },
    );
  }

  /** Takes the stream out of the room. @returns false if there was none. */
  async stop(media: SessionMedia | undefined): Promise<boolean> {
    if (!this.#stream) return false;
    this.release();
    await media?.unpublish('screen');
    return true;
  }

  /** Lets the screen go; the browser's bar disappears. */
  release(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    for (const track of stream?.getTracks() ?? []) track.stop();
  }
}

import type { AdvanceOption } from './options.js';
import type { EngineEnvironment } from './environment.js';
import type { RoomState } from './room-state.js';
import type { SessionMedia } from './session-media.js';

/** How often received pictures are measured. */
const LOOK_EVERY_MS = 2000;

/** What `advanced-options-update` tells (api-facts §1.5). */
export type AdvancedOptionUpdate =
  | { id: 'battery_updates'; data: { /** 0…1 */ level: number; charging: boolean } }
  | {
      id: 'notify-video-resolution-change';
      /** `width` and `height` in pixels, of what arrives. */
      data: { streamId: number; clientId: string; name: string; width: number; height: number };
    };

/** A received picture, as it arrives. */
export interface ReceivedPicture {
  streamId: number;
  clientId: string;
  name: string;
  width: number;
  height: number;
}

/** Notices that the page asked for with `advanceOptions`, from this browser's own sources. */
export class AdvancedOptions {
  #stopBattery: (() => void) | undefined;
  #timer: number | undefined;
  #run = 0;
  readonly #sizes = new Map<number, string>();

  constructor(
    private readonly environment: EngineEnvironment,
    private readonly pictures: () => Promise<ReceivedPicture[]>,
    private readonly update: (update: AdvancedOptionUpdate) => void,
  ) {}

  start(options: readonly AdvanceOption[]): void {
    this.stop();
    const wanted = (id: string): boolean => options.some((option) => option.id === id && option.enable);
    if (wanted('battery_updates')) {
      this.#stopBattery = this.environment.watchBattery?.((data) =>
        this.update({ id: 'battery_updates', data }),
      );
    }
    if (wanted('notify-video-resolution-change')) this.#look(this.#run);
  }

  stop(): void {
    this.#run += 1;
    this.#stopBattery?.();
    this.#stopBattery = undefined;
    if (this.#timer !== undefined) this.environment.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sizes.clear();
  }

  #look(run: number): void {
    this.#timer = this.environment.setTimeout(() => {
      void this.pictures()
        .catch(() => [])
        .then((pictures) => {
          if (run !== this.#run) return;
          this.#compare(pictures);
          this.#look(run);
        });
    }, LOOK_EVERY_MS);
  }

  #compare(pictures: ReceivedPicture[]): void {
    for (const picture of pictures) {
      const { streamId, clientId, width, height } = picture;
      if (!width || !height) continue;
      const size = `${clientId} ${width}×${height}`;
      if (this.#sizes.get(streamId) === size) continue;
      this.#sizes.set(streamId, size);
      this.update({ id: 'notify-video-resolution-change', data: picture });
    }
    for (const slot of [...this.#sizes.keys()]) {
      if (!pictures.some(({ streamId }) => streamId === slot)) this.#sizes.delete(slot);
    }
  }
}

/** The pictures that arrive at the moment. */
export async function receivedPictures(
  media: SessionMedia | undefined,
  state: RoomState,
): Promise<ReceivedPicture[]> {
  const sizes = (await media?.subscriber?.pictureSizes()) ?? new Map();
  return state.talkers.flatMap(({ slot, clientId, name, video }) => {
    const size = sizes.get(slot) as { width: number; height: number } | undefined;
    return video && size ? [{ streamId: slot, clientId, name, ...size }] : [];
  });
}

import type { Talkers as TalkersMessage } from '../protocol/index.js';
import type { EngineEnvironment } from './environment.js';
import type { TalkerState } from './room-state.js';

/** Where levels come from. */
export interface LevelSource {
  /** 0…1 of a slot. */
  slot(slot: number): number;
  /** 0…1 of oneself. */
  self(): Promise<number>;
  stream(slot: number): MediaStream | undefined;
}

const POLL_MS = 200;
/** Louder than this is talking; quieter than half of it for {@link HOLD_MS} is not. */
const TALKING_LEVEL = 0.02;
const HOLD_MS = 600;

/** The talker list with its live facts: who of them can be heard at this moment, and how loud. */
export class TalkerList {
  #message: TalkersMessage = { active: false, activeList: [] };
  #timer: number | undefined;
  readonly #heardAt = new Map<number | 'self', number>();
  readonly #levels = new Map<number | 'self', number>();
  readonly #talking = new Set<number | 'self'>();

  constructor(
    private readonly environment: EngineEnvironment,
    private readonly source: LevelSource,
    /** Somebody began or ceased to talk. */
    private readonly changed: () => void,
  ) {}

  get selfTalking(): boolean {
    return this.#talking.has('self');
  }

  set(message: TalkersMessage): void {
    const before = new Map(this.#message.activeList.map(({ streamId, clientId }) => [streamId, clientId]));
    this.#message = message;
    for (const { streamId, clientId } of message.activeList) {
      if (before.get(streamId) !== clientId) this.#talking.delete(streamId);
    }
  }

  /** Last known loudness, 0…1, five times a second. @param slot or `self`. */
  level(slot: number | 'self'): number {
    return this.#levels.get(slot) ?? 0;
  }

  get list(): readonly TalkerState[] {
    return Object.freeze(
      this.#message.activeList.map((talker) =>
        Object.freeze({
          slot: talker.streamId,
          clientId: talker.clientId,
          name: talker.name,
          audio: ['audiovideo', 'audio', 'audioOnly'].includes(talker.mediatype),
          video: ['audiovideo', 'video'].includes(talker.mediatype) && !talker.videomuted,
          talking: this.#talking.has(talker.streamId),
          pinned: talker.pinned ?? false,
          stream: this.source.stream(talker.streamId),
        }),
      ),
    );
  }

  start(): void {
    this.stop();
    const poll = (): void => {
      this.#timer = this.environment.setTimeout(() => void this.#poll().finally(poll), POLL_MS);
    };
    poll();
  }

  stop(): void {
    if (this.#timer !== undefined) this.environment.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#talking.clear();
    this.#levels.clear();
  }

  async #poll(): Promise<void> {
    let changed = false;
    for (const { streamId } of this.#message.activeList) {
      changed = this.#observe(streamId, this.source.slot(streamId)) || changed;
    }
    changed = this.#observe('self', await this.source.self()) || changed;
    if (changed && this.#timer !== undefined) this.changed();
  }

  #observe(key: number | 'self', level: number): boolean {
    const nowMs = this.environment.now();
    this.#levels.set(key, level);
    const was = this.#talking.has(key);
    if (level > (was ? TALKING_LEVEL / 2 : TALKING_LEVEL)) this.#heardAt.set(key, nowMs);
    const is = nowMs - (this.#heardAt.get(key) ?? -Infinity) < HOLD_MS;
    if (is) this.#talking.add(key);
    else this.#talking.delete(key);
    return is !== was;
  }
}

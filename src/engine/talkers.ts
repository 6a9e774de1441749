import type { Talkers as TalkersMessage } from '../protocol/index.js';
import type { EngineEnvironment } from './environment.js';
import type { TalkerState } from './room-state.js';

/** Where levels come from. */
export interface LevelSource {
  /** 0…1 of a slot. */
  slot(slot: number): number;
  /** 0…1 of oneself. */
  self(): Promise<number>;
  /** Sound and picture of a slot, or sound alone. */
  stream(slot: number, picture: boolean): MediaStream | undefined;
}

const POLL_MS = 200;
/** Louder than this is talking; quieter than half of it for {@link HOLD_MS} is not. */
const TALKING_LEVEL = 0.02;
const HOLD_MS = 600;

/** The talker list with its live facts: who of them can be heard at this moment, and how loud. */
export class TalkerList {
  #message: TalkersMessage = { active: false, activeList: [] };
  #timer: number | undefined;
  /** Changes with every start and stop; a poll of an older one ends without a trace. */
  #run = 0;
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
    const after = new Map(message.activeList.map(({ streamId, clientId }) => [streamId, clientId]));
    for (const { streamId, clientId } of this.#message.activeList) {
      if (after.get(streamId) !== clientId) this.#forget(streamId);
    }
    this.#message = message;
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
          video: sendsPicture(talker),
          talking: this.#talking.has(talker.streamId),
          pinned: talker.pinned ?? false,
          spotlighted: talker.spotlighted ?? false,
          lowBandwidth: (talker.muteDueToBw ?? false) || talker.reason === 'bw',
          stream: this.source.stream(talker.streamId, sendsPicture(talker)),
        }),
      ),
    );
  }

  start(): void {
    this.stop();
    this.#schedule(this.#run);
  }

  stop(): void {
    this.#run += 1;
    if (this.#timer !== undefined) this.environment.clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const key of [...this.#levels.keys()]) this.#forget(key);
  }

  #schedule(run: number): void {
    this.#timer = this.environment.setTimeout(() => void this.#poll(run), POLL_MS);
  }

  async #poll(run: number): Promise<void> {
    const self = await this.source.self().catch(() => 0);
    if (run !== this.#run) return;
    let changed = this.#observe('self', self);
    for (const { streamId } of this.#message.activeList) {
      changed = this.#observe(streamId, this.source.slot(streamId)) || changed;
    }
    this.#schedule(run);
    if (changed) this.changed();
  }

  #forget(key: number | 'self'): void {
    this.#talking.delete(key);
    this.#heardAt.delete(key);
    this.#levels.delete(key);
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

const sendsPicture = ({ mediatype, videomuted }: TalkersMessage['activeList'][number]): boolean =>
  ['audiovideo', 'video'].includes(mediatype) && !videomuted;

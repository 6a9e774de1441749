/** Tracks, streams and devices that exist only as far as the engine looks at them. */

let lastTrackId = 0;

export class FakeTrack {
  readonly id = `track-${++lastTrackId}`;
  enabled = true;
  readyState: 'live' | 'ended' = 'live';
  contentHint = '';
  /** What `getSettings` tells. */
  settings: { width?: number; height?: number } = {};
  readonly #ended = new Set<() => void>();

  constructor(readonly kind: 'audio' | 'video') {}

  getSettings(): { width?: number; height?: number } {
    return this.settings;
  }

  stop(): void {
    this.readyState = 'ended';
  }

  get stopped(): boolean {
    return this.readyState === 'ended';
  }

  addEventListener(_name: 'ended', listener: () => void): void {
    this.#ended.add(listener);
  }

  /** Ends from outside, as by the browser's own bar; `stop` tells nobody. */
  end(): void {
    this.readyState = 'ended';
    for (const listener of this.#ended) listener();
  }
}

export class FakeMediaStream {
  readonly #tracks: FakeTrack[];

  constructor(tracks: FakeTrack[] = []) {
    this.#tracks = [...tracks];
  }

  addTrack(track: FakeTrack): void {
    if (!this.#tracks.includes(track)) this.#tracks.push(track);
  }

  getTracks(): FakeTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): FakeTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): FakeTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }
}

// What the engine takes from the browser's global scope, and Node does not have.
// A browser has its own.
if (!('MediaStream' in globalThis))
  Object.assign(globalThis, {
    MediaStream: FakeMediaStream,
    RTCRtpReceiver: {
      getCapabilities: () => ({ codecs: [{ mimeType: 'video/VP8' }, { mimeType: 'video/H264' }] }),
    },
  });

/** As browsers throw it: the name says what went wrong. */
export const deviceError = (name: string): Error =>
  Object.assign(new Error(`${name}, said the browser`), { name });

/** Microphone and camera, as somebody answers the browser's prompt. */
export class FakeMediaDevices {
  /** What was asked for, in order. */
  readonly asked: MediaStreamConstraints[] = [];
  /** Everything that was handed out. */
  readonly tracks: FakeTrack[] = [];
  /** Why a kind is not to be had; a prompt for both fails when one of them does. */
  refusals: { audio?: Error; video?: Error } = {};
  #held: (() => void)[] | undefined;

  /** Leaves prompts open until {@link answer}. */
  hold(): void {
    this.#held ??= [];
  }

  /** Answers all open prompts; later ones are answered at once. */
  answer(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const resolve of held) resolve();
  }

  get open(): FakeTrack[] {
    return this.tracks.filter(({ stopped }) => !stopped);
  }

  readonly getUserMedia = async (constraints: MediaStreamConstraints): Promise<FakeMediaStream> => {
    this.asked.push(constraints);
    if (this.#held) await new Promise<void>((resolve) => this.#held!.push(resolve));
    const kinds = (['audio', 'video'] as const).filter((kind) => constraints[kind]);
    for (const kind of kinds) {
      const refusal = this.refusals[kind];
      if (refusal) throw refusal;
    }
    const tracks = kinds.map((kind) => new FakeTrack(kind));
    this.tracks.push(...tracks);
    return new FakeMediaStream(tracks);
  };

  /** What was picked to be shared. */
  readonly screens: FakeTrack[] = [];
  /** Why nothing is. */
  screenRefusal: Error | undefined;
  screenPrompts = 0;

  readonly getDisplayMedia = async (): Promise<FakeMediaStream> => {
    this.screenPrompts++;
    if (this.#held) await new Promise<void>((resolve) => this.#held!.push(resolve));
    if (this.screenRefusal) throw this.screenRefusal;
    const track = new FakeTrack('video');
    this.screens.push(track);
    return new FakeMediaStream([track]);
  };

  /** The kinds of each prompt, such as `audio+video`. */
  get prompts(): string[] {
    return this.asked.map(({ audio, video }) =>
      [audio ? 'audio' : '', video ? 'video' : ''].filter(Boolean).join('+'),
    );
  }
}

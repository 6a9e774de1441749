/** Puts a stream into the video of a player and watches whether anything arrives. */
export class PlayerPicture {
  #track: MediaStreamTrack | undefined;

  constructor(
    private readonly host: HTMLElement,
    /** Called with true when a picture should come and does not, with false when it comes again. */
    private readonly stalled: (stalled: boolean) => void,
  ) {}

  /**
   * A picture appears with its first frame, so that nobody's last frame stands under another name.
   * @param again the video may have been moved in the document and has to be started once more.
   */
  show(video: HTMLVideoElement, stream: MediaStream | undefined, again: boolean): void {
    const { host } = this;
    const playing = video.srcObject;
    this.watch(stream?.getVideoTracks()[0]);
    if (!stream) {
      if (playing) video.srcObject = null;
      delete host.dataset.playing;
      return;
    }
    if (playing === stream && !again) return;
    if (playing !== stream) {
      delete host.dataset.playing;
      video.srcObject = stream;
    }
    // Muted video may always play; it fails only while the element is being moved, and is tried again then.
    void video.play().catch(() => {});
    const reveal = (): void => {
      if (video.srcObject === stream) host.dataset.playing = '';
    };
    if ('requestVideoFrameCallback' in video) video.requestVideoFrameCallback(reveal);
    else (video as HTMLVideoElement).addEventListener('playing', reveal, { once: true });
  }

  /** The browser calls a track muted while nothing arrives for it. */
  watch(track: MediaStreamTrack | undefined): void {
    if (track === this.#track) return;
    for (const name of ['mute', 'unmute'] as const) {
      this.#track?.removeEventListener(name, this.#arrives);
      track?.addEventListener(name, this.#arrives);
    }
    this.#track = track;
    this.stalled(false);
  }

  readonly #arrives = (): void => this.stalled(Boolean(this.#track?.muted));
}

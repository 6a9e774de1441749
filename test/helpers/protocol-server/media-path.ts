/** One peer connection, seen from the server: the browser offers, this answers at once. */
import { EventEmitter } from 'node:events';
import nodeDataChannel, { type DataChannel, type PeerConnection, type Track } from 'node-datachannel';
import { type Offer, pipeOffer, readOffer, writeAnswer } from './sdp.js';

let counter = 0;

/**
 * node-datachannel lets a process end when each connection, track and channel is closed, and notices of tracks and
 * channels that they are only if somebody listens.
 */
const letGo = (): void => {};

export interface Answer {
  sdp: string;
  /** To be trickled: those that are not in the description. Without `a=`. */
  candidates: string[];
}

/**
 * Fires `up` when ICE and DTLS are done, `packet` for RTP and RTCP, `text` for what comes over the data channel.
 * Nothing is done about RTP by itself.
 */
export class MediaPath extends EventEmitter<{ up: []; packet: [Buffer]; text: [string] }> {
  readonly #pc: PeerConnection;
  #track: Track | undefined;
  #channel: DataChannel | undefined;
  #closed = false;
  readonly offer: Offer;

  private constructor(private readonly sdp: string) {
    super();
    this.offer = readOffer(sdp);
    this.#pc = new nodeDataChannel.PeerConnection(`protocol-server-${++counter}`, { iceServers: [] });
    this.#pc.onStateChange((state) => {
      if (state === 'connected' && !this.#closed) this.emit('up');
    });
  }

  /**
   * @param ssrcs what we send on each line, by `mid`; none = we receive
   * @param trickle candidates are not put into the description
   */
  static async answer(
    sdp: string,
    { ssrcs, trickle = false }: { ssrcs?: Map<string, number>; trickle?: boolean } = {},
  ): Promise<{ path: MediaPath; answer: Answer }> {
    const path = new MediaPath(sdp);
    return { path, answer: await path.#answer(ssrcs, trickle) };
  }

  async #answer(ssrcs: Map<string, number> | undefined, trickle: boolean): Promise<Answer> {
    const pc = this.#pc;
    const candidates: string[] = [];
    pc.onLocalCandidate((candidate) => candidates.push(candidate.replace(/^a=/, '')));
    const gathered = new Promise<void>((resolve) => {
      pc.onGatheringStateChange((state) => state === 'complete' && resolve());
    });
    const forData = this.offer.media.every(({ kind }) => kind === 'application');
    if (forData) {
      this.#channel = pc.createDataChannel('data', { negotiated: true, id: 0 });
      this.#channel.onClosed(letGo);
      this.#channel.onMessage((message) => {
        if (!this.#closed) this.emit('text', typeof message === 'string' ? message : String(message));
      });
    } else {
      pc.onTrack((track) => {
        this.#track = track;
        track.onClosed(letGo);
        track.onMessage((packet) => !this.#closed && this.emit('packet', packet));
      });
    }
    pc.setRemoteDescription(forData ? this.sdp : pipeOffer(this.offer), 'offer' as never);
    await gathered;
    const own = pc.localDescription()!.sdp;
    const inside = trickle ? [] : candidates;
    const outside = trickle ? candidates : [];
    if (!forData)
      return { sdp: writeAnswer(this.offer, own, { ssrcs, candidates: inside }), candidates: outside };
    return {
      sdp: trickle ? own.replace(/^a=(candidate|end-of-candidates).*\r\n/gm, '') : own,
      candidates: outside,
    };
  }

  /** @param line as the client sends it, `a=` in front */
  addCandidate(line: string): void {
    if (!this.#closed) this.#pc.addRemoteCandidate(line.replace(/^a=/, ''), '0');
  }

  send(packet: Buffer): void {
    if (!this.#closed && this.#track?.isOpen()) this.#track.sendMessageBinary(packet);
  }

  /** @returns whether the channel is open */
  sendText(text: string): boolean {
    return !this.#closed && this.#channel?.isOpen() === true && this.#channel.sendMessage(text);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.removeAllListeners();
    this.#channel?.close();
    this.#track?.close();
    this.#pc.close();
  }
}

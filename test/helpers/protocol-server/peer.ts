/**
 * One peer connection, seen from the server: the browser offers, this answers at once. To be used in a process of its
 * own (media-process.ts), for node-datachannel does not let one end by itself.
 */
import { EventEmitter } from 'node:events';
import nodeDataChannel, { type DataChannel, type PeerConnection, type Track } from 'node-datachannel';
import { type Offer, pipeOffer, readOffer, writeAnswer } from './sdp.js';

let counter = 0;

export interface Answer {
  sdp: string;
  /** To be trickled: those that are not in the description. Without `a=`. */
  candidates: string[];
}

/**
 * Fires `up` when ICE and DTLS are done, `packet` for RTP and RTCP, `text` for what comes over the data channel.
 * Nothing is done about RTP by itself.
 */
export class Peer extends EventEmitter<{ up: []; packet: [Buffer]; text: [string]; open: [] }> {
  readonly #pc: PeerConnection;
  #track: Track | undefined;
  #channel: DataChannel | undefined;
  #closed = false;
  private readonly offer: Offer;

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
  ): Promise<{ peer: Peer; answer: Answer }> {
    const peer = new Peer(sdp);
    return { peer, answer: await peer.#answer(ssrcs, trickle) };
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
      this.#channel.onOpen(() => !this.#closed && this.emit('open'));
      this.#channel.onMessage((message) => {
        if (!this.#closed) this.emit('text', typeof message === 'string' ? message : String(message));
      });
    } else {
      pc.onTrack((track) => {
        this.#track = track;
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

  sendText(text: string): void {
    if (!this.#closed && this.#channel?.isOpen()) this.#channel.sendMessage(text);
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

/** A peer connection of the server, held by a process beside it. */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import type { FromMedia, ToMedia } from './media-process.js';
import type { Answer } from './peer.js';
import { type Offer, readOffer } from './sdp.js';

export type { Answer };

let media: ChildProcess | undefined;
let counter = 0;
const paths = new Map<number, (message: FromMedia) => void>();

/** Started with the first connection; neither it nor what it says keeps a test from ending. */
function mediaProcess(): ChildProcess {
  if (media) return media;
  media = fork(new URL('./media-process.ts', import.meta.url), {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
  });
  media.on('message', (message: FromMedia) => paths.get(message.id)?.(message));
  media.unref();
  media.channel?.unref();
  return media;
}

function tell(message: ToMedia): void {
  const to = mediaProcess();
  if (to.connected) to.send(message);
}

/**
 * Fires `up` when ICE and DTLS are done, `packet` for RTP and RTCP, `text` for what comes over the data channel.
 * Nothing is done about RTP by itself.
 */
export class MediaPath extends EventEmitter<{
  up: [];
  packet: [Buffer];
  text: [string];
  answered: [Answer];
  error: [Error];
}> {
  readonly offer: Offer;
  readonly #id = ++counter;
  #open = false;
  #closed = false;

  private constructor(sdp: string) {
    super();
    this.offer = readOffer(sdp);
    paths.set(this.#id, (message) => this.#heard(message));
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
    tell({ id: path.#id, do: 'answer', sdp, ssrcs, trickle });
    const [answer] = (await once(path, 'answered')) as [Answer];
    return { path, answer };
  }

  /** @param line as the client sends it, `a=` in front */
  addCandidate(line: string): void {
    if (!this.#closed) tell({ id: this.#id, do: 'candidate', line });
  }

  send(packet: Buffer): void {
    if (!this.#closed) tell({ id: this.#id, do: 'packet', packet });
  }

  /** @returns whether the channel is open */
  sendText(text: string): boolean {
    if (this.#closed || !this.#open) return false;
    tell({ id: this.#id, do: 'text', text });
    return true;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.removeAllListeners();
    paths.delete(this.#id);
    tell({ id: this.#id, do: 'close' });
  }

  #heard(message: FromMedia): void {
    if (message.tells === 'answer')
      this.emit('answered', { sdp: message.sdp, candidates: message.candidates });
    else if (message.tells === 'refusal') this.emit('error', new Error(message.why));
    else if (message.tells === 'packet') this.emit('packet', Buffer.from(message.packet));
    else if (message.tells === 'text') this.emit('text', message.text);
    else if (message.tells === 'up') this.emit('up');
    else this.#open = true;
  }
}

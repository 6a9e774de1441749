import { DATA_CHANNEL } from '../protocol/constants.js';
import type { StreamId } from '../protocol/index.js';
import { PeerTransport, type TransportContext } from './peer-transport.js';

/** Chat and custom data over one negotiated channel (protocol §4.4). */
export class DataTransport extends PeerTransport {
  /** A text arrived. */
  onmessage: ((text: string) => void) | undefined;
  /** Resolves when the channel is open. Never rejects: who waits should bound the wait. */
  readonly opened: Promise<void>;
  readonly #channel: RTCDataChannel;

  constructor(
    context: TransportContext,
    private readonly id: StreamId,
  ) {
    super(context);
    this.#channel = this.pc.createDataChannel(DATA_CHANNEL.label, { negotiated: true, id: DATA_CHANNEL.id });
    this.#channel.onmessage = ({ data }) => {
      if (typeof data === 'string') this.onmessage?.(data);
    };
    this.opened = new Promise((resolve) => (this.#channel.onopen = () => resolve()));
  }

  get open(): boolean {
    return this.#channel.readyState === 'open';
  }

  /** @throws {RoomError} */
  async connect(): Promise<void> {
    const offered = this.createOffer();
    offered.catch(() => {});
    await this.context.signalling.request('addDataChannel', { streamId: this.id, singlePC: 'subs' }, null);
    this.sendOffer(this.id, await offered);
  }

  /** @throws DOMException when the channel is not open or the text too large for it. */
  send(text: string): void {
    this.#channel.send(text);
  }
}

/**
 * ICE + DTLS + SRTP (or SCTP) towards one browser connection, and nothing else: the native library decrypts and
 * encrypts, every RTP and RTCP decision is made by whoever owns the pipe.
 *
 * The library's callbacks run on the event loop of the worker. Peculiarities handled here are listed in
 * docs/media.md: one synthetic section, automatic answer, guarded sends, references kept.
 */
import nodeDataChannel, { type DataChannel, type PeerConnection, type Track } from 'node-datachannel';
import { DATA_CHANNEL } from '../../../../src/protocol/constants.js';
import {
  type Candidate,
  type Offer,
  OfferError,
  parseLocalTransport,
  syntheticOffer,
  type TransportDescription,
} from './sdp.js';

export interface PipeConfig {
  /** One UDP port for all connections of the worker. */
  port: number;
  /** Address to bind; all interfaces if absent. */
  bindAddress?: string;
  /** Addresses written into answers, best first. */
  announcedAddresses: string[];
}

export interface PipeListener {
  /** ICE and DTLS are up (and the channel is open, for data). */
  open(): void;
  /** The other end is gone for good; called at most once, and not after {@link NativePipe.close}. */
  closed(): void;
  /** A decrypted RTP or RTCP packet. The buffer is the receiver's to keep. */
  packet?(buffer: Buffer): void;
  /** A text message of the data channel. */
  text?(message: string): void;
}

abstract class NativePipe {
  readonly local: TransportDescription;
  protected readonly connection: PeerConnection;
  /** Nobody knows this pipe before; what is lost while it is made is told by an error. */
  #made = false;
  #open = false;
  #closed = false;

  protected constructor(
    name: string,
    remoteOffer: string,
    config: PipeConfig,
    readonly listener: PipeListener,
  ) {
    this.connection = new nodeDataChannel.PeerConnection(name, {
      iceServers: [],
      enableIceUdpMux: true,
      portRangeBegin: config.port,
      portRangeEnd: config.port,
      ...(config.bindAddress ? { bindAddress: config.bindAddress } : {}),
    });
    this.connection.onStateChange((state) =>
      guarded(() => {
        if (state === 'failed' || state === 'closed') this.#lost();
      }),
    );
    this.prepare();
    try {
      this.connection.setRemoteDescription(remoteOffer, 'offer');
      this.local = parseLocalTransport(this.connection.localDescription()?.sdp ?? '');
      if (this.#closed) throw new OfferError('the offer cannot be connected to');
    } catch (error) {
      this.connection.close();
      throw error instanceof OfferError ? error : new OfferError(`the offer was refused: ${String(error)}`);
    }
    this.#made = true;
  }

  get open(): boolean {
    return this.#open && !this.#closed;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.connection.close();
  }

  /** Runs before the remote description is applied. */
  protected abstract prepare(): void;

  protected opened(): void {
    if (this.#open || this.#closed) return;
    this.#open = true;
    this.listener.open();
  }

  #lost(): void {
    if (this.#closed) return;
    if (!this.#made) {
      this.#closed = true;
      return;
    }
    this.close();
    this.listener.closed();
  }
}

export class MediaPipe extends NativePipe {
  // No initialisers: the fields are filled while the base constructor runs.
  declare private track: Track | undefined;

  constructor(name: string, offer: Offer, config: PipeConfig, listener: PipeListener) {
    super(name, syntheticOffer(offer.transport), config, listener);
  }

  protected override prepare(): void {
    this.connection.onTrack((track) => {
      this.track = track;
      track.onOpen(() => guarded(() => this.opened()));
      track.onMessage((packet) => guarded(() => this.listener.packet?.(packet)));
    });
  }

  /** Encrypts and sends a copy; the buffer may be reused at once. Packets before the pipe is open are dropped. */
  send(packet: Buffer): void {
    if (!this.open || !this.track?.isOpen()) return;
    try {
      this.track.sendMessageBinary(packet);
    } catch {
      // The connection went away between the check and the call; its closing is reported by itself.
    }
  }
}

export class DataPipe extends NativePipe {
  #channel: DataChannel | undefined;

  /** @param sdp the browser's own offer: data needs no rewriting. */
  constructor(name: string, sdp: string, config: PipeConfig, listener: PipeListener) {
    super(name, sdp, config, listener);
    const channel = this.connection.createDataChannel(DATA_CHANNEL.label, {
      negotiated: true,
      id: DATA_CHANNEL.id,
    });
    this.#channel = channel;
    channel.onOpen(() => guarded(() => this.opened()));
    channel.onMessage((message) =>
      guarded(() => {
        if (typeof message === 'string') listener.text?.(message);
        else listener.text?.(Buffer.from(message as ArrayBuffer).toString('utf8'));
      }),
    );
  }

  protected override prepare(): void {}

  send(message: string): void {
    if (!this.open || !this.#channel?.isOpen()) return;
    try {
      this.#channel.sendMessage(message);
    } catch {
      // As above: closing is reported by itself.
    }
  }
}

/** An error that reached the native library would end the process, and with it every call of this worker. */
function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    console.error(error);
  }
}

export const candidatesOf = (config: PipeConfig): Candidate[] =>
  config.announcedAddresses.map((address) => ({ address, port: config.port }));

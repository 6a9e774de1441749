/**
 * What the rooms need of a media engine. The embedded engine (embedded-engine.ts) is the first implementation;
 * nothing outside `media/` knows how it works.
 */

/** Names one connection of one participant; unique within the server. */
export type TransportId = string;

export interface MediaAnswer {
  sdp: string;
  media: { media: 'audio' | 'video'; codecs: { name: string; payload: number }[] }[];
}

/** What a publisher is told about its video bitrate, kbit/s. */
export interface PublisherBitrates {
  /** Where to begin, before anything is known of the uplink. */
  startKbps: number;
  /** Cap for senders that only understand REMB. */
  maximumKbps: number;
}

/** Whose audio and video a receiver gets in one slot; `undefined` leaves that track silent. */
export interface SlotFeed {
  audio?: TransportId;
  video?: TransportId;
}

/** Largest picture wanted; what is absent is not limited. Its area counts, not its shape. */
export interface PictureLimit {
  width?: number;
  height?: number;
  /** Index of the best layer, 0 = the smallest. */
  layer?: number;
}

/** How a receiver wants what its slots get. */
export interface ReceiverView {
  /** Slots (0-based), the one that matters most first; the others follow in their own order. */
  order: number[];
  /** For all slots but the favoured one. */
  limit?: PictureLimit;
  /** Gets its best picture before all others. */
  favoured?: number;
}

/** News of what a receiver's downlink carries. Slots are 0-based. */
export interface DownlinkNotice {
  /** All slots whose picture is left out for lack of bandwidth, with the publisher it would come from. */
  starved: { slot: number; publisher: TransportId }[];
  /** Slots that now show less than wanted for lack of bandwidth, or do so no more. */
  slots: { slot: number; isLow: boolean }[];
  /** Bandwidth fell below what the pictures need, or is above it again. */
  alert?: { isLow: boolean; bandwidthKbps: number; neededKbps: number; videos: number };
}

export interface MediaRoomListener {
  /** ICE and DTLS of this connection are up. */
  transportReady(transport: TransportId): void;
  /** This connection is gone without having been closed by us. */
  transportClosed(transport: TransportId): void;
  /** Text came in on a data connection. */
  dataReceived(transport: TransportId, text: string): void;
  /** A few times a second: loudness in dBov (0 loudest, −127 silence) of publishers that can be heard at all. */
  levels(levels: ReadonlyMap<TransportId, number>): void;
  /** What this receiver can be sent has changed. */
  downlinkChanged(subscriber: TransportId, notice: DownlinkNotice): void;
  /** The process that carried this room's media died; every connection is gone. The room can be used again at once. */
  mediaLost(): void;
}

/** Media of one room. All its connections live in one worker. */
export interface MediaRoom {
  /**
   * Answers an offer to send. A second offer for the same id replaces the first connection.
   * @throws {MediaError} for an offer that cannot be answered, or when no worker is available.
   */
  openPublisher(transport: TransportId, sdp: string, bitrates: PublisherBitrates): Promise<MediaAnswer>;
  /** Answers an offer to receive: the n-th audio and n-th video section form slot n (0-based). */
  openSubscriber(transport: TransportId, sdp: string): Promise<MediaAnswer>;
  /** Answers an offer for the data connection. */
  openData(transport: TransportId, sdp: string): Promise<MediaAnswer>;
  /** Sets all slots of a receiver at once; unchanged ones go on undisturbed. May be called before the offer came. */
  setSlots(subscriber: TransportId, slots: SlotFeed[], view: ReceiverView): void;
  /** Asks the sources of all this receiver's slots for a key frame. */
  refresh(subscriber: TransportId): void;
  /** Sends text on data connections; those not open are skipped. */
  sendData(transports: TransportId[], text: string): void;
  closeTransport(transport: TransportId): void;
  /** Closes every connection of the room. */
  close(): void;
}

export interface MediaEngine {
  openRoom(listener: MediaRoomListener): MediaRoom;
  /** Ends all connections and frees ports and processes. */
  close(): Promise<void>;
  readonly workers: number;
}

export class MediaError extends Error {
  override readonly name = 'MediaError';
  constructor(
    /** `offer` = the offer is at fault; `unavailable` = try again. */
    readonly kind: 'offer' | 'unavailable',
    message: string,
  ) {
    super(message);
  }
}

/** What the signalling process and a media worker say to each other over the fork's channel. */
import type {
  DownlinkNotice,
  MediaAnswer,
  PublisherBitrates,
  ReceiverView,
  SlotFeed,
  TransportId,
} from '../engine.js';
import type { PipeConfig } from './pipe.js';

export type RoomKey = number;

export type ToWorker =
  | { op: 'configure'; config: PipeConfig }
  | {
      op: 'open';
      request: number;
      room: RoomKey;
      transport: TransportId;
      role: 'publisher' | 'subscriber' | 'data';
      sdp: string;
      bitrates: PublisherBitrates;
    }
  | { op: 'slots'; room: RoomKey; transport: TransportId; slots: SlotFeed[]; view: ReceiverView }
  | { op: 'refresh'; room: RoomKey; transport: TransportId }
  | { op: 'data'; room: RoomKey; transports: TransportId[]; text: string }
  | { op: 'close'; room: RoomKey; transport: TransportId }
  | { op: 'close-room'; room: RoomKey };

export type FromWorker =
  | { op: 'started' }
  | { op: 'answer'; request: number; answer: MediaAnswer }
  | { op: 'refused'; request: number; reason: string }
  | { op: 'ready'; room: RoomKey; transport: TransportId }
  | { op: 'closed'; room: RoomKey; transport: TransportId }
  | { op: 'text'; room: RoomKey; transport: TransportId; text: string }
  | { op: 'downlink'; room: RoomKey; transport: TransportId; notice: DownlinkNotice }
  | { op: 'levels'; room: RoomKey; levels: [TransportId, number][] };

/**
 * A media worker: a forked process with one UDP port that carries the media of some rooms.
 * It knows nothing of people; the signalling process tells it which transport feeds which slot.
 * When the channel to its parent closes, it ends itself.
 */
import nodeDataChannel from 'node-datachannel';
import { steadyNowMs } from './worker/clock.js';
import type { FromWorker, RoomKey, ToWorker } from './worker/messages.js';
import { WorkerRoom } from './worker/media-room.js';
import type { PipeConfig } from './worker/pipe.js';
import { OfferError } from './worker/sdp.js';

const TICK_MS = 20;
const ARRIVALS_EVERY = 3;
const LEVELS_EVERY = 10;
const ADAPT_EVERY = 12;
const REPORTS_EVERY = 50;

const rooms = new Map<RoomKey, WorkerRoom>();
let config: PipeConfig | undefined;

function tell(message: FromWorker): void {
  // The parent may close the channel at any moment; what it no longer wants to hear is no error.
  if (process.connected) process.send!(message, undefined, undefined, () => {});
}

function roomOf(key: RoomKey): WorkerRoom {
  let room = rooms.get(key);
  if (!room) {
    room = new WorkerRoom(config!, {
      ready: (transport) => tell({ op: 'ready', room: key, transport }),
      closed: (transport) => tell({ op: 'closed', room: key, transport }),
      downlink: (transport, notice) => tell({ op: 'downlink', room: key, transport, notice }),
      text: (transport, text) => tell({ op: 'text', room: key, transport, text }),
    });
    rooms.set(key, room);
  }
  return room;
}

function open(message: Extract<ToWorker, { op: 'open' }>): void {
  const { request, transport, sdp, role } = message;
  const room = roomOf(message.room);
  try {
    const answer =
      role === 'publisher'
        ? room.openPublisher(transport, sdp, message.bitrates)
        : role === 'subscriber'
          ? room.openSubscriber(transport, sdp)
          : room.openData(transport, sdp);
    tell({ op: 'answer', request, answer });
  } catch (error) {
    // Anything else than a bad offer is a fault of ours; the client gets an answer either way.
    const reason = error instanceof OfferError ? error.message : 'the offer could not be answered';
    if (!(error instanceof OfferError)) console.error(error);
    tell({ op: 'refused', request, reason });
  }
}

process.on('message', (message: ToWorker) => {
  switch (message.op) {
    case 'configure':
      config = message.config;
      nodeDataChannel.preload();
      return tell({ op: 'started' });
    case 'open':
      return open(message);
    case 'slots':
      return roomOf(message.room).setSlots(message.transport, message.slots, message.view);
    case 'refresh':
      return rooms.get(message.room)?.refresh(message.transport);
    case 'data':
      return roomOf(message.room).sendData(message.transports, message.text);
    case 'close':
      return rooms.get(message.room)?.closeTransport(message.transport);
    case 'close-room':
      rooms.get(message.room)?.close();
      rooms.delete(message.room);
  }
});

let tick = 0;
setInterval(() => {
  const nowMs = steadyNowMs();
  tick += 1;
  for (const [key, room] of rooms) {
    room.repair(nowMs);
    if (tick % ARRIVALS_EVERY === 0) room.sendArrivals();
    if (tick % ADAPT_EVERY === 0) room.adapt(nowMs);
    if (tick % REPORTS_EVERY === 0) room.report(nowMs);
    if (tick % LEVELS_EVERY === 0) {
      const levels = room.levels(nowMs);
      if (levels.length > 0) tell({ op: 'levels', room: key, levels });
    }
  }
}, TICK_MS);

// The parent decides when to stop; a terminal's Ctrl-C reaches the whole process group.
process.on('SIGINT', () => {});
process.on('disconnect', () => process.exit(0));

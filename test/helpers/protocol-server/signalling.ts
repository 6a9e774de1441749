/** Offers are answered, candidates taken, and media that is up is said to be up: one function a kind of connection. */
import { CANVAS_SLOT, type Dialect, SHARE_SLOT } from './dialect.js';
import type { Answer, MediaPath } from './media-path.js';
import type { Person } from './person.js';
import type { ProtocolRoom } from './protocol-room.js';
import { readOffer } from './sdp.js';

interface Envelope {
  streamId: number | string;
  msg: {
    type: string;
    sdp?: string;
    candidate?: { candidate: string; sdpMid: string; sdpMLineIndex: number };
    config?: unknown;
  };
}

/** How the client names the connection in question, and how the server does. */
type Address = { streamId: number | string } | { peerId: number | string };

export async function onSignallingMessage(
  person: Person,
  room: ProtocolRoom,
  { streamId, msg }: Envelope,
): Promise<void> {
  const publication = person.publications.get(String(streamId));
  const path = publication ? publication.path : isData(person, streamId) ? person.data : person.subscriber;
  if (msg.type === 'candidate' && msg.candidate!.sdpMid !== 'end')
    path?.addCandidate(msg.candidate!.candidate);
  if (msg.type !== 'offer') return;
  const trickle = room.dialect.candidates !== 'answer';
  if (publication) {
    publication.path?.close();
    const answered = await person.answer(msg.sdp!, { trickle });
    publication.path = answered.path;
    for (const { kind, payload } of answered.path.offer.media)
      if (kind !== 'application') publication.payloads[kind] = payload;
    publication.videoSsrc = undefined;
    person.listenToSender(publication, () => room.people.values());
    respond(person, { streamId }, answered, room.dialect, ['h264', 'VP8']);
    if (publication.screen) {
      room.sharer = person;
      room.tell('shareStarted', {
        clientId: person.clientId,
        name: person.name,
        streamId: SHARE_SLOT,
        layout: 'grid',
      });
      for (const receiver of room.people.values()) room.connectSlots(receiver);
    } else room.updateTalkers();
  } else if (isData(person, streamId)) {
    person.data?.close();
    const answered = await person.answer(msg.sdp!, { trickle });
    person.data = answered.path;
    person.data.on('text', (text) => relay(person, room, text));
    respond(person, { streamId }, answered, room.dialect, []);
  } else {
    person.subscriber?.close();
    person.subscriberId = streamId;
    const ids = [
      ...Array.from({ length: room.dialect.talkers }, (_, index) => index + 1),
      SHARE_SLOT,
      CANVAS_SLOT,
    ];
    const ssrcs = person.prepareSlots(ids, readOffer(msg.sdp!));
    const answered = await person.answer(msg.sdp!, { ssrcs, trickle });
    person.subscriber = answered.path;
    person.listenToReceiver(answered.path);
    respond(person, { peerId: streamId }, answered, room.dialect, ['VP8']);
    answered.path.once('up', () => room.updateTalkers());
  }
}

const isData = (person: Person, streamId: number | string): boolean =>
  person.dataStreamId !== undefined && String(person.dataStreamId) === String(streamId);

/** Answer, candidates, `started`, `ready`. */
function respond(
  { socket }: Person,
  address: Address,
  { path, answer }: { path: MediaPath; answer: Answer },
  dialect: Dialect,
  codecs: string[],
): void {
  const tell = (msg: object): boolean => socket.emit('media_engine_connecting', { ...address, msg });
  const media = codecs.length
    ? [{ media: 'video', codecs: codecs.map((name) => ({ name, payload: 96 })) }]
    : [];
  const early = dialect.candidates === 'early';
  const sendAnswer = (): boolean =>
    tell({ type: 'answer', sdp: answer.sdp, ...(dialect.silent ? {} : { media }) });
  // Before the answer: ICE may be quicker than this function.
  path.once('up', () => {
    if (dialect.silent) return;
    tell({ type: 'started' });
    tell({ type: 'ready' });
  });
  if (!early) sendAnswer();
  const { mid, kind } = path.offer.media[0]!;
  for (const line of answer.candidates) {
    const candidate = { candidate: `a=${line}`, sdpMid: early ? kind : mid, sdpMLineIndex: 0 };
    tell({
      type: 'candidate',
      candidate: dialect.candidates === 'text' ? JSON.stringify(candidate) : candidate,
    });
  }
  if (early) sendAnswer();
  if (answer.candidates.length) tell({ type: 'candidate', candidate: { candidate: 'end' } });
}

/** Hands a message of the data channel on: to all others, or to those it names; never back. */
function relay(sender: Person, room: ProtocolRoom, text: string): void {
  let message: { broadcast?: boolean; clients?: string[] };
  try {
    message = JSON.parse(text) as typeof message;
  } catch {
    return; // an SDK is known to send what is no JSON
  }
  for (const person of room.people.values()) {
    if (person === sender || !(message.broadcast || message.clients?.includes(person.clientId))) continue;
    if (!person.data?.sendText(text)) person.socket.emit('onDataStreamToRoom', message);
  }
}

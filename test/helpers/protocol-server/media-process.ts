/** The process that holds the peer connections of a server; what to do comes over IPC, from media-path.ts. */
import { Peer } from './peer.js';

export type ToMedia =
  | { id: number; do: 'answer'; sdp: string; ssrcs: Map<string, number> | undefined; trickle: boolean }
  | { id: number; do: 'candidate'; line: string }
  | { id: number; do: 'packet'; packet: Buffer }
  | { id: number; do: 'text'; text: string }
  | { id: number; do: 'close' };

export type FromMedia =
  | { id: number; tells: 'answer'; sdp: string; candidates: string[] }
  | { id: number; tells: 'refusal'; why: string }
  | { id: number; tells: 'packet'; packet: Buffer }
  | { id: number; tells: 'text'; text: string }
  | { id: number; tells: 'up' | 'open' };

const peers = new Map<number, Peer>();

function tell(message: FromMedia): void {
  if (process.connected) process.send!(message);
}

process.on('message', (message: ToMedia) => {
  const { id } = message;
  const peer = peers.get(id);
  if (message.do === 'answer') {
    const { sdp, ssrcs, trickle } = message;
    Peer.answer(sdp, { ...(ssrcs ? { ssrcs } : {}), trickle }).then(
      ({ peer: made, answer }) => {
        peers.set(id, made);
        made.on('up', () => tell({ id, tells: 'up' }));
        made.on('open', () => tell({ id, tells: 'open' }));
        made.on('packet', (packet) => tell({ id, tells: 'packet', packet }));
        made.on('text', (text) => tell({ id, tells: 'text', text }));
        tell({ id, tells: 'answer', ...answer });
      },
      (error: unknown) => tell({ id, tells: 'refusal', why: String(error) }),
    );
  } else if (message.do === 'candidate') peer?.addCandidate(message.line);
  else if (message.do === 'packet') peer?.send(Buffer.from(message.packet));
  else if (message.do === 'text') peer?.sendText(message.text);
  else {
    peer?.close();
    peers.delete(id);
  }
});

// With whoever started it.
process.on('disconnect', () => process.exit());

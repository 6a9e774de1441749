import { SHARE_SLOT } from '../protocol/constants.js';
import type { RoomState } from './room-state.js';
import type { SessionMedia } from './session-media.js';
import type { Measured } from './statistics.js';

/** The connections there are, and whose media they carry at the moment. */
export function measuredConnections(media: SessionMedia | undefined, state: RoomState): Measured[] {
  const { clientId } = state;
  const measured: Measured[] = [];
  for (const source of ['camera', 'screen'] as const) {
    const transport = media?.publisher(source);
    if (transport) {
      measured.push({ transport, direction: 'send', describe: () => ({ source, clientId }) });
    }
  }
  const subscriber = media?.subscriber;
  if (subscriber) {
    measured.push({
      transport: subscriber,
      direction: 'receive',
      describe: (mid) => {
        const slot = subscriber.slotOf(mid);
        const { talkers, share } = state;
        const talker = talkers.find((candidate) => candidate.slot === slot);
        if (talker) return { source: 'camera', clientId: talker.clientId };
        return share && !share.isSelf && slot === SHARE_SLOT
          ? { source: 'screen', clientId: share.clientId }
          : undefined;
      },
    });
  }
  return measured;
}

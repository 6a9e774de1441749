/** What is made of the figures of a call. */
import { expect } from '@open-wc/testing';
import type { RoomStatistics, StreamStatistics } from '../../src/engine/statistics.js';
import { qualitiesOf, steady } from '../../src/elements/room/quality-watch.js';

const stream = (clientId: string | undefined, packetsLost: number): StreamStatistics => ({
  ...{ id: `${clientId}-${packetsLost}`, direction: 'receive', kind: 'video', source: 'camera' },
  ...{ clientId, packetsLost, bitrate: 0, width: undefined, height: undefined, fps: undefined, codec: 'VP8' },
});
const figures = (roundTripMs: number | undefined, streams: StreamStatistics[]): RoomStatistics => ({
  ...{ at: 0, roundTripMs, streams },
});

describe('the quality of a connection', () => {
  it('is what the worst stream of a person loses', () => {
    const streams = [stream('ann', 0), stream('ann', 0.05), stream('bob', 0.2), stream('cid', 0.01)];
    expect([...qualitiesOf(figures(40, streams))]).to.deep.equal([
      ['ann', 2],
      ['bob', 1],
      ['cid', 3],
    ]);
  });

  it('falls for everybody with a long way to the server', () => {
    const streams = [stream('ann', 0), stream(undefined, 0.9)];
    expect([...qualitiesOf(figures(350, streams))]).to.deep.equal([['ann', 2]]);
    expect([...qualitiesOf(figures(900, streams))]).to.deep.equal([['ann', 1]]);
    expect([...qualitiesOf(figures(undefined, streams))]).to.deep.equal([['ann', 3]]);
  });

  it('does not fall for a single bad moment', () => {
    expect([...steady(new Map([['ann', 3]]), new Map([['ann', 1]]))]).to.deep.equal([['ann', 3]]);
    expect([...steady(new Map([['ann', 1]]), new Map([['ann', 1]]))]).to.deep.equal([['ann', 1]]);
    expect([...steady(new Map(), new Map([['bob', 2]]))]).to.deep.equal([['bob', 2]]);
  });
});

import { expect, html } from '@open-wc/testing';
import '../../src/elements/sound/enx-sound.js';
import { person, roomFixture, roomState, talker } from '../helpers/elements.js';

/** A stream with one silent track. */
function silence(): MediaStream {
  const context = new AudioContext();
  return context.createMediaStreamDestination().stream;
}

describe('the sound', () => {
  it('is kept from those one does not want to hear, whatever slot they move to', async () => {
    const slotStreams = [silence(), silence()];
    const participants = [person('ann'), person('bob')];
    const seated = (first: string, second: string) =>
      roomState({
        connection: 'connected',
        participants,
        slotStreams,
        // A talker's stream is another object with the same track.
        talkers: [
          talker(1, first, { stream: new MediaStream(slotStreams[0]!.getTracks()) }),
          talker(2, second, { stream: new MediaStream(slotStreams[1]!.getTracks()) }),
        ],
      });
    const { wrapper, setState, setLocalMutes } = await roomFixture(
      seated('ann', 'bob'),
      html`<enx-sound></enx-sound>`,
    );
    const muted = () =>
      [...wrapper.querySelector('enx-sound')!.shadowRoot!.querySelectorAll('audio')].map(
        (audio) => audio.muted,
      );
    expect(muted()).to.deep.equal([false, false]);
    await setLocalMutes({ audio: ['ann'], video: [] });
    expect(muted()).to.deep.equal([true, false]);
    await setState(seated('bob', 'ann'));
    expect(muted()).to.deep.equal([false, true]);
    await setLocalMutes({ audio: [], video: [] });
    expect(muted()).to.deep.equal([false, false]);
  });

  it('comes out of the speaker one has chosen', async () => {
    const { setSinkId } = HTMLMediaElement.prototype;
    const chosen: string[] = [];
    HTMLMediaElement.prototype.setSinkId = (id) => {
      chosen.push(id);
      return Promise.resolve();
    };
    try {
      const state = { connection: 'connected', slotStreams: [silence(), silence()] } as const;
      const { setState } = await roomFixture(roomState(state), html`<enx-sound></enx-sound>`);
      expect(chosen).to.deep.equal([]);
      const { devices } = roomState();
      await setState(roomState({ ...state, devices: { ...devices, speakerId: 'headset' } }));
      expect(chosen).to.deep.equal(['headset', 'headset']);
    } finally {
      HTMLMediaElement.prototype.setSinkId = setSinkId;
    }
  });
});

import { expect, fixture, html } from '@open-wc/testing';
import { EnxRoom, registerStrings } from '../../src/index.js';
import { deep } from '../helpers/elements.js';

/** Resolves once `read` gives `expected`; the test's own time limit ends the wait. */
async function until<T>(read: () => T, expected: T): Promise<void> {
  while (read() !== expected) await new Promise((resolve) => requestAnimationFrame(resolve));
}

const heading = (room: EnxRoom) =>
  room.shadowRoot!.querySelector('enx-screen')?.shadowRoot?.querySelector('h2')?.textContent;
const frame = (room: EnxRoom) => deep(room.shadowRoot!, '.room');

describe('the language of a room', () => {
  const pageLanguage = document.documentElement.lang;
  afterEach(() => {
    document.documentElement.lang = pageLanguage;
  });

  it('is its own attribute before all others, from the first picture on', async () => {
    const said: (string | undefined)[] = [];
    const wrapper = await fixture(html`<div lang="en"></div>`);
    const room = document.createElement('enx-room');
    room.lang = 'de-AT';
    wrapper.append(room);
    await room.updateComplete;
    said.push(heading(room) ?? undefined);
    expect(said).to.deep.equal(['Nicht im Gespräch']);
    expect(room.getAttribute('aria-label')).to.equal('Videoraum');
    expect([frame(room).lang, frame(room).dir]).to.deep.equal(['de-AT', 'ltr']);
  });

  it('is that of whatever is around it, through shadow roots, and follows changes at once', async () => {
    document.documentElement.lang = 'de';
    const host = await fixture<HTMLElement>(html`<div></div>`);
    const root = host.attachShadow({ mode: 'open' });
    const room = document.createElement('enx-room');
    root.append(room);
    await until(() => heading(room), 'Nicht im Gespräch');
    host.lang = 'en';
    await until(() => heading(room), 'Not in a call');
    host.removeAttribute('lang');
    await until(() => heading(room), 'Nicht im Gespräch');
  });

  it('is English where the room does not have the language', async () => {
    const room = await fixture<EnxRoom>(html`<enx-room lang="tlh"></enx-room>`);
    expect(heading(room)).to.equal('Not in a call');
    expect(frame(room).dir).to.equal('ltr');
  });

  it('can be taught by the page, in part or whole, while the room speaks', async () => {
    const room = await fixture<EnxRoom>(html`<enx-room lang="tlh-piqaD"></enx-room>`);
    registerStrings('tlh', { idle: 'ritlhHa’' });
    await until(() => heading(room), 'ritlhHa’');
    expect(room.getAttribute('aria-label')).to.equal('Video room');
    const other = await fixture<EnxRoom>(html`<enx-room lang="en-GB"></enx-room>`);
    EnxRoom.registerStrings('en-GB', { idle: 'Not in a call, sorry' });
    await until(() => heading(other), 'Not in a call, sorry');
  });

  it('leaves a name alone that the page has given', async () => {
    const room = await fixture<EnxRoom>(html`<enx-room lang="de" aria-label="Weekly"></enx-room>`);
    expect(room.getAttribute('aria-label')).to.equal('Weekly');
  });

  it('does not mind a tag that is none', async () => {
    const room = await fixture<EnxRoom>(html`<enx-room lang="not a tag!"></enx-room>`);
    expect(heading(room)).to.equal('Not in a call');
  });
});

/** Texts fit where they stand, in every language. */
import { expect, html } from '@open-wc/testing';
import { ContextProvider } from '@lit/context';
import '../../src/elements/toolbar/enx-toolbar.js';
import '../../src/elements/people/enx-people.js';
import { languages, loadLanguage, localeOf } from '../../src/elements/i18n/languages.js';
import { localeContext } from '../../src/elements/internal/contexts.js';
import type { EnxToolbar } from '../../src/elements/toolbar/enx-toolbar.js';
import { deep, person, roomFixture, roomState } from '../helpers/elements.js';

const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

describe('the buttons of the room', function () {
  this.timeout(60_000);

  for (const language of languages) {
    it(`have room for ${language}`, async () => {
      await loadLanguage(language);
      const locale = localeOf(language);
      const { wrapper } = await roomFixture(
        roomState({
          ...{ connection: 'connected', microphone: 'on', camera: 'on', canShare: true, role: 'moderator' },
          participants: [person('me', { isSelf: true })],
          guests: [
            { clientId: 'g', name: 'Greta' },
            { clientId: 'h', name: 'Hugo' },
          ],
        }),
        html`<div class="locale"></div>`,
        { size: '1180px' },
      );
      const place = wrapper.querySelector<HTMLElement>('.locale')!;
      new ContextProvider(place, { context: localeContext, initialValue: locale });
      place.dir = locale.dir;
      const people = document.createElement('enx-people');
      people.style.cssText = 'width:280px;height:400px';
      place.append(document.createElement('enx-toolbar'), people);
      const toolbar = place.querySelector<EnxToolbar>('enx-toolbar')!;
      while (!toolbar.dataset.size || toolbar.isUpdatePending) await frame();

      // Words stand below all pictures, and none is cut.
      expect(toolbar.dataset.size).to.equal('labels');
      for (const label of toolbar.shadowRoot!.querySelectorAll<HTMLElement>('.label')) {
        expect(label.scrollWidth, `"${label.textContent}"`).to.be.at.most(label.clientWidth || 9999);
      }
      // Answers to guests stay inside the narrowest panel.
      const panel = people.getBoundingClientRect();
      for (const button of people.shadowRoot!.querySelectorAll('.guests button')) {
        const box = button.getBoundingClientRect();
        expect(box.left >= panel.left && box.right <= panel.right, `"${button.textContent.trim()}"`).to.equal(
          true,
        );
      }
      expect(deep(people.shadowRoot!, '.guests').scrollWidth).to.be.at.most(280);
    });
  }
});

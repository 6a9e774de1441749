import type { PropertyValues } from 'lit';
import { LocalizedElement } from './localized.js';

/**
 * A localized element that renders only when one of its properties has changed. Contexts ask for an update with every
 * new value; together with `changedIn` this leaves those alone that change nothing here.
 */
export class QuietElement extends LocalizedElement {
  protected override shouldUpdate(changed: PropertyValues): boolean {
    return changed.size > 0 || !this.hasUpdated;
  }
}

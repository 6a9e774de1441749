import { consume } from '@lit/context';
import { LitElement } from 'lit';
import { property } from 'lit/decorators.js';
import { localeContext } from '../internal/contexts.js';
import { english, type Locale, type Translate } from './locale.js';

/** An element that speaks the language of the room it stands in, and renders again when that changes. */
export class LocalizedElement extends LitElement {
  @consume({ context: localeContext, subscribe: true })
  @property({ attribute: false })
  locale: Locale = english;

  readonly t: Translate = (key, values) => this.locale.t(key, values);
}

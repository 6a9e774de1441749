/**
 * Class decorator that registers a tag unless the page has it already: the script may be loaded twice, or in two
 * versions, and the first one stays. Does nothing where there are no custom elements (server-side import).
 */
export const define =
  (tag: string) =>
  (element: CustomElementConstructor): void => {
    if (typeof customElements !== 'undefined' && !customElements.get(tag))
      customElements.define(tag, element);
  };

/**
 * Arrow keys within a group of controls that is one stop of the Tab key (WAI-ARIA practices, roving tabindex).
 * @param axis arrows that move; along the line of text they follow its direction.
 * @returns the item to focus, or `undefined` for keys that mean nothing here.
 */
export function roveTo(
  event: KeyboardEvent,
  items: readonly HTMLElement[],
  axis: 'horizontal' | 'vertical' | 'both',
  dir: 'ltr' | 'rtl',
): HTMLElement | undefined {
  if (event.altKey || event.ctrlKey || event.metaKey || items.length === 0) return undefined;
  const current = items.indexOf(event.composedPath()[0] as HTMLElement);
  const at = (index: number): HTMLElement => items[(index + items.length) % items.length]!;
  const forward = dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const backward = dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
  const { key } = event;
  if (key === 'Home') return at(0);
  if (key === 'End') return at(-1);
  if ((axis !== 'vertical' && key === forward) || (axis !== 'horizontal' && key === 'ArrowDown'))
    return at(current + 1);
  if ((axis !== 'vertical' && key === backward) || (axis !== 'horizontal' && key === 'ArrowUp'))
    return at(current < 0 ? -1 : current - 1);
  return undefined;
}

/** The element that has the focus, through shadow roots. */
export function focusedElement(): HTMLElement | undefined {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement ? active : undefined;
}

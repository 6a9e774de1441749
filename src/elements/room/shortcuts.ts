import { focusedElement } from '../internal/roving.js';

export type Shortcut = 'microphone' | 'camera' | 'hand' | 'chat' | 'people' | 'layout' | 'shortcuts';

/** Key → what it does; the list that the help shows. Letters of a Latin keyboard, or where they would be. */
export const shortcutKeys: Readonly<Record<string, Shortcut>> = {
  m: 'microphone',
  v: 'camera',
  h: 'hand',
  c: 'chat',
  p: 'people',
  l: 'layout',
  '?': 'shortcuts',
};

export interface ShortcutHost {
  readonly element: HTMLElement;
  /** In a call, and neither the page nor the person switched them off. */
  enabled(): boolean;
  run(shortcut: Shortcut): void;
  /** Space is held, or let go. */
  talk(on: boolean): void;
}

/** Things that want the key for themselves: fields, and for the space bar whatever it presses. */
const typing = 'input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]';
const pressable =
  'button, a[href], summary, input, video, audio, [role=button], [role=menuitem], [role=menuitemradio]';

/**
 * Keyboard shortcuts of a room. They mean the room only while the focus is inside it, or nowhere; a key that somebody
 * types with, or that the page has taken, is none of ours.
 */
export class Shortcuts {
  #talking = false;
  /** The focus is where a pointer, not a key, has put it. */
  #pointed = false;

  constructor(private readonly host: ShortcutHost) {}

  start(): void {
    document.addEventListener('keydown', this.#down);
    document.addEventListener('keyup', this.#up);
    document.addEventListener('pointerdown', this.#point, true);
    window.addEventListener('blur', this.#letGo);
  }

  stop(): void {
    document.removeEventListener('keydown', this.#down);
    document.removeEventListener('keyup', this.#up);
    document.removeEventListener('pointerdown', this.#point, true);
    window.removeEventListener('blur', this.#letGo);
    this.#letGo();
  }

  readonly #point = (): void => {
    this.#pointed = true;
  };

  readonly #down = (event: KeyboardEvent): void => {
    if (event.key === 'Tab' || event.key.startsWith('Arrow')) this.#pointed = false;
    if (!this.#isOurs(event)) return;
    if (event.key === ' ') {
      // Whoever has clicked a button of the toolbar and then holds the space bar wants to talk, not to click again.
      const pressed = focusedElement()?.closest(pressable);
      if (pressed && !(this.#pointed && overTheCall(pressed))) return;
      event.preventDefault();
      if (!event.repeat && !this.#talking) this.host.talk((this.#talking = true));
      return;
    }
    const shortcut = shortcutKeys[letterOf(event)];
    if (!shortcut || event.repeat) return;
    event.preventDefault();
    this.host.run(shortcut);
  };

  readonly #up = (event: KeyboardEvent): void => {
    if (event.key !== ' ') return;
    // Buttons are pressed when the key comes up.
    if (this.#talking) event.preventDefault();
    this.#letGo();
  };

  readonly #letGo = (): void => {
    if (!this.#talking) return;
    this.#talking = false;
    this.host.talk(false);
  };

  #isOurs(event: KeyboardEvent): boolean {
    // A second room on the page sees that the first has taken it.
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing)
      return false;
    if (!this.host.enabled()) return false;
    const target = event.composedPath()[0];
    if (target instanceof HTMLElement && (target.isContentEditable || target.closest(typing))) return false;
    // In a menu, letters go to lines.
    if (event.composedPath().some((node) => node instanceof Element && node.role === 'menu')) return false;
    const focused = document.activeElement;
    const nowhere = !focused || focused === document.body || focused === document.documentElement;
    return nowhere || event.composedPath().includes(this.host.element);
  }
}

/** A button of the toolbar or of a player, which nobody expects to answer to the space bar after a click. */
function overTheCall(button: Element): boolean {
  const root = button.getRootNode();
  return root instanceof ShadowRoot && /^enx-(toolbar|player)$/.test(root.host.localName);
}

/** On a keyboard of another script, the letter that a Latin one has in this place. */
function letterOf({ key, code }: KeyboardEvent): string {
  if (/^[a-z?]$/i.test(key)) return key.toLowerCase();
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? key;
}

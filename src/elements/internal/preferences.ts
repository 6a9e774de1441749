/** Where the faces go: `auto` chooses by content and size. */
export type Layout = 'auto' | 'grid' | 'speaker' | 'sidebar';
export type SelfView = 'auto' | 'floating' | 'grid' | 'hidden';
export type Theme = 'auto' | 'light' | 'dark';

/** What a person chose for themselves in this room; lives as long as the element. */
export interface Preferences {
  readonly layout: Layout;
  readonly selfView: SelfView;
  /** Oneself as in a mirror; others always see the picture as it is. */
  readonly mirror: boolean;
  readonly theme: Theme;
  /** BCP 47 tag; empty = the page's language. */
  readonly language: string;
  /** Largest picture that the own camera sends. */
  readonly quality: 'HD' | 'SD' | 'LD';
  readonly noiseSuppression: boolean;
  readonly echoCancellation: boolean;
  readonly shortcuts: boolean;
}

export const defaultPreferences: Preferences = Object.freeze({
  layout: 'auto',
  selfView: 'auto',
  mirror: true,
  theme: 'auto',
  language: '',
  quality: 'HD',
  noiseSuppression: true,
  echoCancellation: true,
  shortcuts: true,
});

/** Up to two letters; works for scripts without spaces and for emoji. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letter = (word: string | undefined): string => (word ? [...word][0]!.toLocaleUpperCase() : '');
  return words.length > 1 ? letter(words[0]) + letter(words.at(-1)) : letter(words[0]);
}

/** The same name always has the same colour, 0…359; no name a quiet one. */
export function hueOf(name: string): number {
  if (!name) return 220;
  let hash = 7;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)!) % 360;
  return hash;
}

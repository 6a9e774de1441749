export function untestedRows(page: string, titles: readonly string[]): string[];

export const browserFlags: string[];
export const firefoxPreferences: Record<string, unknown>;
export function findBrowser(): string | undefined;
export function findFirefox(): string | undefined;
export function ensureBrowser(): Promise<string>;
export function ensureFirefox(): Promise<string | undefined>;

export function findTurnServer(): string | undefined;
export function ensureTurnServer(): Promise<string | undefined>;

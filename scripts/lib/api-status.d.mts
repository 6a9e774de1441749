export const fromOtherServers: ReadonlySet<string>;
export const elsewhere: Readonly<Record<string, string>>;
export const toldAs: Readonly<Record<string, string>>;
export const refused: { code: number; methods: Readonly<Record<string, string>>; events: readonly string[] };
export const missing: Readonly<Record<string, readonly string[]>>;
export const unknownOptions: readonly string[];

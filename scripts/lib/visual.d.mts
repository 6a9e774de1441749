export declare const sheets: Record<string, { states: string[] }>;
export declare function takeSheets(names?: string[]): Promise<Map<string, unknown>>;
export declare function acceptSheets(taken: Map<string, unknown>): Promise<void>;
export declare function differences(name: string, sheet: unknown): string[];
export declare function whyNot(): Promise<string | undefined>;

/** Writes a file so that it is either there wholly or as it was before. */
export declare function writeAtomically(file: string, content: Uint8Array | string): Promise<void>;

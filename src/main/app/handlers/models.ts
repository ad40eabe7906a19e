import { error } from '../../../core/base/errors.ts';
import type { Model } from '../../../core/contract/models.ts';
import { removeModel } from '../../models/import.ts';
import type { Context } from '../context.ts';
import { forgetStaleVectors } from '../model-vectors.ts';
import type { Part } from './part.ts';

export function modelHandlers(context: Context): Part<'models'> {
  const { shelf, library, recogniser, events } = context;
  const shown = (id: string): Model => {
    const found = shelf.list().find(({ card }) => card.id === id);
    if (found === undefined) throw error('model/not-found', { id, task: 'model', known: '' });
    return found;
  };
  /** The recogniser holds models open: it starts anew with those that are there now. */
  const renew = async (): Promise<void> => {
    recogniser.renew();
    await shelf.reload();
    await forgetStaleVectors(context);
    events.changed('models', 'datasets');
  };
  return {
    'models.list': () => shelf.list(),
    // Files of others are opened in the recogniser's process: what crashes there ends no more than a request.
    'models.inspect': ({ path }) => recogniser.use((methods) => methods.inspect({ path })),
    'models.import': async ({ path, card }) => {
      const taken = shelf.list().map((model) => model.card.id);
      const importedDir = shelf.importedDir;
      const id = await recogniser.use((methods) => methods.importModel({ path, card, importedDir, taken }));
      await renew();
      return shown(id);
    },
    'models.remove': async ({ model }) => {
      await removeModel(shelf.get(model));
      await renew();
      await library.forgetVectors(model);
    },
    'models.setDefault': async ({ model }) => {
      shelf.setDefault(model);
      await renew();
    },
  };
}

import { listDatasets } from '../../store/datasets.ts';
import { settleQuality } from '../../store/photos.ts';
import { changeSettings, getSettings } from '../../store/settings.ts';
import type { Context } from '../context.ts';
import { examine } from '../doctor.ts';
import type { Devices } from '../training-devices.ts';
import type { Part } from './part.ts';

export function appHandlers(context: Context, devices: Pick<Devices, 'all'>): Part<'app' | 'settings'> {
  const { store, events } = context;
  return {
    'app.info': () => ({
      version: context.version,
      dataDir: context.dataDir,
      platform: `${process.platform} ${process.arch}`,
      host: context.host,
      empty: listDatasets(store, '', false).length === 0,
    }),
    'app.doctor': async (input) => examine(context, input.devices ? await devices.all() : null),
    'settings.get': () => getSettings(store),
    'settings.set': (change) => {
      const settings = store.write((writer) => {
        const next = changeSettings(writer, change);
        if (change.tinyFace !== undefined || change.blurredBelow !== undefined) settleQuality(writer, next);
        return next;
      });
      if (change.threads !== undefined || change.provider !== undefined) context.recogniser.renew();
      events.changed('settings', 'photos');
      return settings;
    },
  };
}

import { defined } from '../../../core/base/assert.ts';
import { error } from '../../../core/base/errors.ts';
import {
  getVersionDetail,
  listVersions,
  removeVersion,
  renameVersion,
  runsVerifyingOn,
  versionByName,
} from '../../store/versions.ts';
import type { Context } from '../context.ts';
import { createVersion, requireVersion } from '../versions.ts';
import { requireDataset } from './datasets.ts';
import type { Part } from './part.ts';

export function versionHandlers(context: Context): Part<'versions'> {
  const { store, events } = context;
  return {
    'versions.list': () => listVersions(store),
    'versions.get': ({ version }) => {
      requireVersion(store, version);
      return defined(getVersionDetail(store, version), 'the version');
    },
    'versions.create': ({ datasets, name, minQuality }) => {
      const used = [...new Set(datasets)].map((id) => requireDataset(context, id));
      const removed = used.find((dataset) => dataset.removed);
      if (removed !== undefined) throw error('dataset/unknown', { dataset: removed.name });
      const made = createVersion(store, used, { name, minQuality, at: context.now() });
      events.changed('versions');
      return made;
    },
    'versions.rename': ({ version, name }) => {
      requireVersion(store, version);
      const taken = versionByName(store, name);
      if (taken !== null && taken.id !== version) throw error('version/exists', { name });
      store.write((writer) => renameVersion(writer, version, name));
      events.changed('versions', 'runs');
    },
    'versions.remove': ({ version }) => {
      const { name, hash, runs: training } = requireVersion(store, version);
      const runs = training + runsVerifyingOn(store, hash);
      if (runs > 0) throw error('version/in-use', { name, runs: runs === 1 ? '1 run' : `${runs} runs` });
      store.write((writer) => removeVersion(writer, version));
      events.changed('versions');
    },
  };
}

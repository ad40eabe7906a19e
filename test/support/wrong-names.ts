import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { NameChange } from '../../src/core/contract/cleaning.ts';
import { photographsFolder, planSample } from '../../src/core/sample/plan.ts';
import type { SampleSettings } from '../../src/core/sample/types.ts';
import { peopleHost, peopleJob } from '../../src/main/jobs/people.ts';
import type { TestApp } from './app.ts';

/** How well wrong names are found among generated people, whose right ones are known. */
export interface FoundNames {
  /** Portraits in the version, and how many of them bear a wrong name. */
  readonly images: number;
  readonly wrong: number;
  /** Changes that were proposed, and how many of them are of portraits with a wrong name. */
  readonly changed: number;
  readonly hits: number;
  /** Relabelled portraits, and how many of them got their right name (one of two, of people with two). */
  readonly relabelled: number;
  readonly righted: number;
  /** People with two names, pairs of names that were proposed to be one, and how many of these are. */
  readonly twins: number;
  readonly pairs: number;
  readonly pairHits: number;
  readonly changes: readonly NameChange[];
  readonly cleaning: number;
  readonly version: number;
}

/** Makes portraits with known defects in `folder`, imports and aligns them, and looks at the names of their version. */
export async function findWrongNames(
  { client, done }: TestApp,
  folder: string,
  settings: SampleSettings,
): Promise<FoundNames> {
  const plan = planSample(settings);
  await mkdir(folder, { recursive: true });
  const signal = new AbortController().signal;
  const context = { signal, progress: () => {}, log: () => {} };
  await peopleJob(
    { folder, settings },
    peopleHost(plan, () => {}),
    context,
  );

  const paths = [join(folder, photographsFolder)];
  const { dataset, job } = await client.call('datasets.import', { paths, name: 'Cast', kind: 'auto' });
  await done(job);
  await done(client.call('align.start', { dataset }));
  const version = await client.call('versions.create', { datasets: [dataset] });
  await done(client.call('cleaning.start', { version: version.id }));
  const [cleaning] = await client.call('cleaning.list', { version: version.id });
  if (cleaning === undefined) throw new Error('nothing was found out');
  const { items: changes } = await client.call('cleaning.suspects', { cleaning: cleaning.id, limit: 2000 });
  const { pairs } = await client.call('cleaning.preview', { cleaning: cleaning.id });

  // Whose face each crop shows, by the photograph's path.
  const owners = new Map(plan.people.map(({ identity, names }) => [identity, names]));
  const shown = new Map(
    plan.parts.flat().map(({ path, faces }) => [path, owners.get(faces[0]?.identity ?? -1) ?? []]),
  );
  const faces = await client.call('faces.page', { datasets: [dataset], state: 'kept', limit: 2000 });
  const truth = new Map(
    faces.items.map(({ crop, file, person }) => [
      `${crop} ${person}`,
      shown.get(`${photographsFolder}/${file}`) ?? [],
    ]),
  );
  const isWrong = (names: readonly string[], name: string): boolean => !names.includes(name);
  const named = faces.items.flatMap(({ crop, person }) => (person === null ? [] : [{ crop, person }]));
  const unlike = named.filter(({ crop, person }) => isWrong(truth.get(`${crop} ${person}`) ?? [], person));
  const of = (change: NameChange): readonly string[] => truth.get(`${change.crop} ${change.from}`) ?? [];
  const relabelled = changes.filter(({ action }) => action === 'relabel');
  const twins = plan.people.filter(({ names }) => names.length > 1);
  return {
    images: version.images,
    wrong: new Set(unlike.map(({ crop, person }) => `${crop} ${person}`)).size,
    changed: changes.length,
    hits: changes.filter((change) => isWrong(of(change), change.from)).length,
    relabelled: relabelled.length,
    righted: relabelled.filter((change) => of(change).includes(change.to ?? '')).length,
    twins: twins.length,
    pairs: pairs.length,
    pairHits: pairs.filter(({ names: [a, b] }) =>
      twins.some(({ names }) => names.includes(a) && names.includes(b)),
    ).length,
    ...{ changes, cleaning: cleaning.id, version: version.id },
  };
}

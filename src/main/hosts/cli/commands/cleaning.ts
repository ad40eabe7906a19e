import { error } from '../../../../core/base/errors.ts';
import type { Input } from '../../../../core/contract/api.ts';
import type { Cleaning, CleaningPreview, NameChange } from '../../../../core/contract/cleaning.ts';
import { pageLimit } from '../../../../core/contract/common.ts';
import type { CleaningLimits } from '../../../../core/training/label-noise.ts';
import { type Call, type Command, count, type Options, table, text, texts, UsageError } from '../command.ts';
import { follow } from '../follow.ts';
import { line, versionOf } from './training-versions.ts';

/** Changes that people are shown; programs are told of all. */
const shown = 20;

const limitOptions = {
  'drop-below': 'dropBelow',
  'relabel-above': 'relabelAbove',
  margin: 'margin',
  'merge-above': 'mergeAbove',
} as const satisfies Record<string, keyof CleaningLimits>;

function limitsOf(options: Options): Partial<CleaningLimits> {
  const limits: Partial<Record<keyof CleaningLimits, number>> = {};
  for (const [option, name] of Object.entries(limitOptions)) {
    const given = text(options, option);
    if (given === null) continue;
    const value = Number(given);
    const [least, most] = name === 'margin' ? [0, 2] : [-1, 1];
    if (given.trim() === '' || !(value >= least && value <= most))
      throw new UsageError(`--${option} takes a number from ${least} to ${most}, not “${given}”`);
    limits[name] = value;
  }
  return limits;
}

/** Pairs that are proposed and whose names were given as `A=B`, in either order. */
function mergeOf(options: Options, { pairs }: CleaningPreview): [number, number][] {
  return texts(options, 'merge').map((given) => {
    const found = pairs.find(({ names: [a, b] }) => given === `${a}=${b}` || given === `${b}=${a}`);
    if (found !== undefined) return [...found.pair];
    const known = pairs.map(({ names }) => names.join('=')).join(', ');
    const there = known === '' ? 'none are proposed' : `proposed are ${known}`;
    throw new UsageError(`--merge takes two names that are proposed to be one, not “${given}”: ${there}`);
  });
}

const figure = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

function changeTable(changes: readonly NameChange[]): string {
  const heads = ['', 'crop', 'change', 'from', 'to', 'own', 'next', 'certainty'];
  const rows = changes.map((change) => [
    ...[change.position + 1, change.crop.slice(0, 12), change.action, change.from, change.to ?? '–'],
    ...[figure(change.own), figure(change.next), change.certainty.toFixed(3)],
  ]);
  return table(heads, rows);
}

function previewLines(
  { images, alone, wrong, model }: Cleaning,
  preview: CleaningPreview,
  changes: readonly NameChange[],
): string[] {
  const { limits, relabelled, dropped, merged, emptied, pairs } = preview;
  const more = changes.length > shown ? [`and ${changes.length - shown} more`] : [];
  return [
    `${images} pictures compared by ${model}, ${alone} of them alone under their name; about ${(100 * wrong).toFixed(1)} % of the names are wrong`,
    `limits: drop below ${limits.dropBelow}, relabel above ${limits.relabelAbove} by ${limits.margin}, merge above ${limits.mergeAbove}`,
    `${relabelled} relabelled, ${dropped} dropped, ${merged} merged: ${preview.images} pictures of ${preview.identities} identities`,
    ...(emptied.length > 0 ? [`left without a picture: ${emptied.join(', ')}`] : []),
    ...(changes.length > 0 ? [changeTable(changes.slice(0, shown)), ...more] : []),
    ...pairs.map(
      ({ names, images: sizes, similarity }) =>
        `may be one: ${names.join(' = ')} (${sizes.join(' and ')} pictures, ${figure(similarity)})`,
    ),
  ];
}

async function suspectsOf({ client }: Call, cleaning: number, limits: Input<'cleaning.suspects'>['limits']) {
  const all: NameChange[] = [];
  for (;;) {
    const page = { offset: all.length, limit: pageLimit };
    const { items, total } = await client.call('cleaning.suspects', {
      cleaning,
      ...(limits && { limits }),
      ...page,
    });
    all.push(...items);
    if (items.length === 0 || all.length >= total) return all;
  }
}

async function clean(call: Call) {
  const { client, words, options, signal } = call;
  const { id, name } = await versionOf(client, words[0]);
  const limits = limitsOf(options);
  const [model, run] = [text(options, 'model'), text(options, 'run')];
  if (model !== null && run !== null) throw new UsageError('--model or --run, not both');
  const refused = texts(options, 'keep').map((start) => {
    if (/^[0-9a-f]{6,64}$/.test(start)) return start;
    throw new UsageError(`--keep takes the first characters of a crop's hash, 6 at least, not “${start}”`);
  });
  const by = run === null ? null : (await client.call('runs.find', { name: run })).id;
  const job = await client.call('cleaning.start', { version: id, model, run: by }, { signal });
  const { summary } = await follow(call, job);
  // The newest is the one that was just made.
  const [cleaning] = await client.call('cleaning.list', { version: id });
  if (summary['pictures'] === 0 || cleaning === undefined) throw error('cleaning/unchanged', { name });
  const found = await suspectsOf(call, cleaning.id, limits);
  const changes = found.filter(({ crop }) => !refused.some((start) => crop.startsWith(start)));
  const kept = found.filter((change) => !changes.includes(change)).map(({ position }) => position);
  const wish = { cleaning: cleaning.id, limits, refused: kept };
  const proposed = await client.call('cleaning.preview', wish);
  const merge = mergeOf(options, proposed);
  const preview = await client.call('cleaning.preview', { ...wish, merge });
  const lines = previewLines(cleaning, preview, changes);
  if (options['preview'] === true) return { json: { cleaning, preview, changes }, text: lines.join('\n') };
  const made = await client.call('cleaning.apply', { ...wish, merge, name: text(options, 'name') });
  const json = { cleaning, preview, changes, version: made };
  return { json, text: [...lines, '', line(made)].join('\n') };
}

export const cleaningCommands: readonly Command[] = [
  {
    name: 'version clean',
    usage: 'VERSION [--preview]',
    about: 'make a version without wrong names, by what a model sees; the old one stays',
    words: [1, 1],
    options: {
      preview: { type: 'boolean', about: 'tell what would be changed, and make nothing' },
      model: { type: 'string', about: 'an embedding from `models list`' },
      run: { type: 'string', about: 'the best checkpoint of a run instead' },
      'drop-below': { type: 'string', about: 'leave pictures out that are less like their own class' },
      'relabel-above': { type: 'string', about: 'give pictures to a class that they are at least so like' },
      margin: { type: 'string', about: 'and at least so much more than their own' },
      'merge-above': { type: 'string', about: 'propose names to be one that are so like each other' },
      merge: { type: 'string', multiple: true, about: 'A=B: make these proposed names one' },
      keep: { type: 'string', multiple: true, about: 'the hash of a crop that stays as it is' },
      name: { type: 'string', about: 'what to call the new version' },
    },
    run: clean,
  },
  {
    name: 'version changes',
    usage: 'VERSION',
    about: 'list what was changed to make a version by cleaning',
    words: [1, 1],
    options: { top: { type: 'string', about: `how many are shown (${shown}); --json tells all` } },
    run: async ({ client, words, options }) => {
      const { id, name } = await versionOf(client, words[0]);
      const report = await client.call('cleaning.report', { version: id });
      if (report === null) throw error('cleaning/no-report', { name });
      const changes: NameChange[] = [];
      for (;;) {
        const page = { version: id, offset: changes.length, limit: pageLimit };
        const { items, total } = await client.call('cleaning.changes', page);
        changes.push(...items);
        if (items.length === 0 || changes.length >= total) break;
      }
      const { parent, model, limits, relabelled, dropped, merged } = report;
      const most = count(options, 'top') ?? shown;
      const lines = [
        `${name}: made of ${parent.name} (${parent.hash.slice(0, 12)}) by ${model.name}`,
        `drop below ${limits.dropBelow}, relabel above ${limits.relabelAbove} by ${limits.margin}`,
        `${relabelled} relabelled, ${dropped} dropped, ${merged} merged`,
        changeTable(changes.slice(0, most)),
        ...(changes.length > most ? [`and ${changes.length - most} more`] : []),
      ];
      return { json: { ...report, changes }, text: lines.join('\n') };
    },
  },
  {
    name: 'version take-back',
    usage: 'VERSION NUMBER…',
    about: 'make a version without some of the changes that `version changes` numbers',
    words: [2, 1000],
    options: { name: { type: 'string', about: 'what to call the new version' } },
    run: async ({ client, words, options }) => {
      const { id } = await versionOf(client, words[0]);
      const changes = words.slice(1).map((word) => {
        if (/^[1-9]\d*$/.test(word)) return Number(word) - 1;
        throw new UsageError(`“${word}” is no number of a change`);
      });
      const name = text(options, 'name');
      const made = await client.call('cleaning.takeBack', { version: id, changes, name });
      return { json: made, text: line(made) };
    },
  },
];

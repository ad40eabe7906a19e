import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Benchmark } from '../../../src/core/contract/benchmarks.ts';
import type { EvaluationResult } from '../../../src/core/contract/evaluations.ts';
import type { EmbeddingCard } from '../../../src/core/contract/model-card.ts';
import { modelsDir } from '../../../src/main/hosts/places.ts';
import { openEmbedder } from '../../../src/main/models/embedder.ts';
import { haveModels } from '../../support/app.ts';
import {
  detectorScore,
  galleryTemplates,
  ijbFiles,
  type LaidPair,
  megafaceFiles,
  megafaceProbes,
  noisyProbe,
  noisyStrangers,
  probeTemplates,
  range,
  rfwFiles,
  rfwGroups,
  rfwPairs,
  strangers,
  templateCouples,
  viewOne,
  viewOneFiles,
} from '../../support/benchmark-layouts.ts';
import { likenesses } from '../../support/likenesses.ts';
import { oracleProtocol, oracleTar } from '../../support/metrics-oracle.ts';
import { oracleDir, oracleMegaFace, oracleRanks } from '../../support/metrics-oracle-identification.ts';
import { toPng } from '../../support/pictures.ts';
import { openBench } from './support.ts';

const model = 'mobilefacenet-192';
const rates = [0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6];

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
const unit = (row: readonly number[]): number[] => row.map((value) => value / Math.sqrt(dot(row, row)));
const added = (rows: readonly (readonly number[])[]): number[] =>
  range(rows[0]?.length ?? 0).map((i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0));
const mean = (values: readonly (number | null)[]): number =>
  values.reduce<number>((sum, value) => sum + (value ?? 9), 0) / values.length;

/** Lists of every kind, read from folders and measured at once through the whole application. */
describe.skipIf(!haveModels)('benchmarks of every kind', () => {
  const bench = openBench();
  const { call } = bench;
  /** Embeddings of pictures, by who they show and which it is. */
  const rows = new Map<string, number[]>();
  const row = (who: number, n: number): number[] => rows.get(`${who} ${n}`) ?? [];
  let summary: Readonly<Record<string, number>>;

  beforeAll(async () => {
    await call('settings.set', { threads: 1 });
    const [drawn, crowd] = [likenesses(12, 900), likenesses(5, 950)];
    const files = new Map<string, Uint8Array>();
    for (const who of range(12))
      for (const n of range(4)) files.set(`${who} ${n}`, await toPng(drawn(who, n)));
    for (const n of range(strangers)) files.set(`-1 ${n}`, await toPng(crowd(n, n >> 2)));
    const card: EmbeddingCard = JSON.parse(await readFile(join(modelsDir, `${model}.json`), 'utf8'));
    const embedder = await openEmbedder(card, modelsDir, { threads: 1 });
    for (const [key, bytes] of files) {
      const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      const [vector] = await embedder.embed([{ width: info.width, height: info.height, data }], {
        flip: false,
      });
      rows.set(key, unit(Array.from(vector ?? [])));
    }
    await embedder.close();

    const file = (who: number, n: number): Uint8Array => files.get(`${who} ${n}`) ?? new Uint8Array();
    const megaface = await bench.folderOf('megaface', megafaceFiles(file));
    const benchmarks: number[] = [];
    for (const [name, path, wish] of [
      ['Plain', megaface, { format: 'megaface' }],
      ['Masked', megaface, { format: 'megaface-mask' }],
      ['IJB-C', await bench.folderOf('ijb', ijbFiles(file)), {}],
      ['RFW', await bench.folderOf('rfw', rfwFiles(file)), { format: 'rfw' }],
      ['View 1', await bench.folderOf('view1', viewOneFiles(file)), { format: 'lfw-view1' }],
    ] as const) {
      const { benchmark, job } = await call('benchmarks.import', { path, name, ...wish });
      await bench.test.done(job);
      benchmarks.push(benchmark);
    }
    const wish = { models: [model], benchmarks, protocols: ['standard' as const], resamples: 100 };
    ({ summary } = await bench.test.done(call('evaluations.start', wish)));
  }, 120_000);

  const measured = async (name: string): Promise<{ made: Benchmark; result: EvaluationResult }> => {
    const made = await call('benchmarks.find', { name });
    const [result] = await call('evaluations.list', { benchmark: made.id });
    if (result === undefined) throw new Error(`nothing measured on ${name}`);
    expect(made).toMatchObject({ alignment: 'aligned', problems: 0 });
    return { made, result };
  };
  const scored = (pairs: readonly LaidPair[]) => ({
    scores: pairs.map(([a, b]) => dot(row(...a), row(...b))),
    same: pairs.map(([[a], [b]]) => (a === b ? 1 : 0)),
  });

  it('are all measured; a picture is embedded once, whatever lists it is in', () => {
    expect(summary).toMatchObject({ measured: 5, known: 0, failed: 0, embedded: rows.size });
  });

  it.each([
    ['Plain', 44, 0],
    ['Masked', 68, 2],
  ] as const)('MegaFace is searched as its definition says: %s', async (name, images, first) => {
    const { made, result } = await measured(name);
    expect(made).toMatchObject({ kind: 'megaface', images, people: 12 });
    // A noisy probe is its person's other, a noisy stranger nobody.
    const clean = (from: number): number[][] =>
      megafaceProbes.map(([who, n]) =>
        row(who, from + (who === noisyProbe[0] && n === noisyProbe[1] ? 0 : n)),
      );
    const crowd = range(strangers).map((n) =>
      row(-1, n).map((value) => (noisyStrangers.includes(n) ? 0 : value)),
    );
    const [gallery, searches] = [clean(0), clean(first)];
    const { cmc, tar } = oracleMegaFace(
      megafaceProbes.map(([who]) => who),
      gallery.map((entry) => searches.map((search) => dot(entry, search))),
      searches.map((search) => crowd.map((one) => dot(search, one))),
      rates,
      20,
    );
    const { identification } = result;
    expect(identification).toMatchObject({ probes: 24, gallery: 21, dir: [] });
    expect(identification?.cmc.slice(0, 10)).toEqual(range(10).map((k) => [k + 1, cmc[k]]));
    expect(identification?.tar).toEqual(rates.map((rate, i) => [rate, tar[i]]));
    expect(new Set([...cmc.slice(0, 10), 0]).size).toBeGreaterThan(2);
  });

  it('IJB’s templates are compared and searched for as their definitions say', async () => {
    const { made, result } = await measured('IJB-C');
    expect(made).toMatchObject({ kind: 'templates', images: 48, pairs: 288, people: 12 });
    const pooled = new Map(
      [...galleryTemplates, ...probeTemplates].map(({ id, who, of, media }) => {
        const medium = (which: number): number[] => {
          const own = of.filter((_, i) => media[i] === which);
          const weighed = own.map((n) => row(who, n).map((value) => value * detectorScore(who, n)));
          return added(weighed).map((value) => value / own.length);
        };
        return [id, unit(added([...new Set(media)].map(medium)))] as const;
      }),
    );
    const alike = (a: number, b: number): number => dot(pooled.get(a) ?? [], pooled.get(b) ?? []);
    const pairs = {
      scores: templateCouples.map(([a, b]) => alike(a.id, b.id)),
      same: templateCouples.map(([a, b]) => (a.who === b.who ? 1 : 0)),
    };
    const { identification } = result;
    expect(result.pairs).toBe(288);
    expect(identification?.tar).toEqual(rates.map((rate) => [rate, oracleTar(pairs, rate)]));
    const search = (entries: typeof galleryTemplates) => ({
      scores: probeTemplates.map((probe) => entries.map((entry) => alike(probe.id, entry.id))),
      probes: probeTemplates.map(({ who }) => who),
      gallery: entries.map(({ who }) => who),
    });
    const ranks = oracleRanks(search(galleryTemplates));
    const found = (k: number): number => ranks.filter((rank) => (rank ?? 99) <= k).length / ranks.length;
    expect(identification?.cmc.slice(0, 10)).toEqual(range(10).map((k) => [k + 1, found(k + 1)]));
    expect(identification).toMatchObject({ probes: 24, gallery: 12 });
    const halves = [galleryTemplates.slice(0, 6), galleryTemplates.slice(6)];
    const open = mean(halves.map((some) => oracleDir(search(some), 0.1, 1)));
    expect(identification?.dir[0]?.[1]).toBeCloseTo(open, 12);
    expect(identification?.dir.slice(1)).toEqual(rates.slice(1).map((rate) => [rate, null]));
  });

  it('RFW has each group at the threshold of all, and by its own folds', async () => {
    const { made, result } = await measured('RFW');
    expect(made).toMatchObject({ kind: 'verification', pairs: 80, folds: 10, groups: rfwGroups });
    const folds = rfwPairs.flatMap((some) => some.map((_, i) => Math.floor(i / 2)));
    const figures = oracleProtocol('standard', scored(rfwPairs.flat()), folds);
    const threshold = mean(figures.map((fold) => fold.threshold));
    expect(result.verification?.threshold).toBeCloseTo(threshold, 6);
    expect(result.verification?.accuracy.value).toBeCloseTo(mean(figures.map((fold) => fold.accuracy)), 12);
    expect(result.groups).toHaveLength(4);
    for (const [i, some] of rfwPairs.entries()) {
      const { scores, same } = scored(some);
      const wrong = (kind: number): number =>
        scores.filter((one, k) => same[k] === kind && (one > threshold ? 1 : 0) !== kind).length;
      const own = oracleProtocol('standard', { scores, same }, folds.slice(0, 20));
      const group = result.groups[i];
      expect(group).toMatchObject({
        group: rfwGroups[i],
        pairs: 20,
        fmr: wrong(0) / 10,
        fnmr: wrong(1) / 10,
      });
      expect(group?.accuracy).toBeCloseTo(1 - (wrong(0) + wrong(1)) / 20, 12);
      expect(group?.ownAccuracy).toBeCloseTo(mean(own.map((fold) => fold.accuracy)), 12);
      expect(group?.ownThreshold).toBeCloseTo(mean(own.map((fold) => fold.threshold)), 6);
    }
  });

  it('LFW’s View 1 is tried by a threshold that is chosen on its other list', async () => {
    const { made, result } = await measured('View 1');
    expect(made).toMatchObject({ pairs: 18, samePairs: 9, folds: null, images: 38 });
    const joined = [...viewOne.testing, ...viewOne.training];
    const [wanted] = oracleProtocol(
      'standard',
      scored(joined),
      joined.map((_, i) => (i < viewOne.testing.length ? 0 : 1)),
    );
    const { verification } = result;
    expect(verification?.accuracy.value).toBe(wanted?.accuracy);
    expect(verification?.threshold).toBeCloseTo(wanted?.threshold ?? 9, 6);
    expect(verification).toMatchObject({ deviation: null, standardError: null, resampled: 'identities' });
    expect(verification?.folds).toHaveLength(1);
    expect(result.pairs).toBe(18);
    const { text } = await call('evaluations.report', { format: 'markdown', evaluations: [result.id] });
    expect(text).toContain(`${((wanted?.accuracy ?? 9) * 100).toFixed(2)}% accuracy`);
  });
});

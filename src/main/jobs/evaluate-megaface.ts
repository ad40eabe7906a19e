import { error } from '../../core/base/errors.ts';
import { falseAcceptRates, type IdentificationFigures } from '../../core/contract/evaluations.ts';
import { megaFace } from '../../core/metrics/megaface.ts';
import { centreNoisyProbes } from '../../core/metrics/noise.ts';
import type { ScoreBlock } from '../../core/metrics/top-scores.ts';
import type { Measured, MegafaceTask } from './evaluate-protocol.ts';
import type { JobContext } from './job.ts';
import { loadVectors, type VectorRows } from './load-vectors.ts';
import { type BlockOptions, scoreBlocks, type UnitRows } from './score-blocks.ts';

/** Ranks that are told of a curve of ranks. */
export const toldRanks = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 40, 50, 60, 80, 100] as const;

/** False accept rates of the curve that is drawn: twelve in a power of ten. */
const drawnRates = Array.from({ length: 6 * 12 + 1 }, (_, i) => 10 ** (-6 + i / 12));

/** The shares of a CMC curve at the ranks that are told. */
export function toldCmc(cmc: ArrayLike<number> | null): IdentificationFigures['cmc'] {
  return cmc === null
    ? []
    : toldRanks.flatMap((rank) => (rank > cmc.length ? [] : [[rank, cmc[rank - 1] ?? 0]]));
}

/** The pictures that every model has an embedding of. */
function embedded(parts: readonly VectorRows[], images: Int32Array): (place: number) => boolean {
  return (place) => parts.every(({ rows }) => (rows[images[place] ?? -1] ?? -1) >= 0);
}

const load = async (part: VectorRows, images: Int32Array): Promise<UnitRows> => ({
  width: part.width,
  values: await loadVectors({ ...part, rows: images.map((image) => part.rows[image] ?? 0) }),
});

/**
 * Cosines of every probe and every picture of the probes' people, by the same products as those of distractors: a distractor
 * that is the same picture ties with it to the last bit. [probes, gallery]
 */
async function mates(
  probes: readonly UnitRows[],
  gallery: readonly UnitRows[],
  count: number,
  options: Pick<BlockOptions, 'threads' | 'signal'>,
): Promise<Float32Array> {
  const all = new Float32Array(count * count);
  const block = async (from: number, columns: number): Promise<UnitRows[]> =>
    gallery.map(({ width, values }) => ({
      width,
      values: values.subarray(from * width, (from + columns) * width),
    }));
  const keep = ({ entry, columns, scores }: ScoreBlock): void => {
    for (let at = 0; at < scores.length; at++)
      all[Math.floor(at / columns) * count + entry + (at % columns)] = scores[at] ?? 0;
  };
  await scoreBlocks(probes, count, block, keep, { ...options, progress: () => {} });
  return all;
}

/**
 * MegaFace's first challenge by cosines: identification and verification among distractors, which are read block by block.
 * Noisy probes count as the middle of their person, noisy distractors as nobody; pictures without an embedding are left
 * out. Errors: `evaluation/no-crops`.
 */
export async function measureMegaface(
  { parts, ...task }: MegafaceTask,
  threads: number,
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
): Promise<Measured> {
  const masked = task.maskedProbes;
  const [inGallery, inSearch] = [embedded(parts, task.probes), embedded(parts, masked ?? task.probes)];
  const kept = Int32Array.from(task.probes.keys()).filter((place) => inGallery(place) && inSearch(place));
  const present = embedded(parts, task.distractors);
  const distractors = task.distractors.filter((_, place) => present(place));
  if (kept.length === 0 || distractors.length === 0) throw error('evaluation/no-crops', { name: 'MegaFace' });
  const images = kept.map((place) => task.probes[place] ?? 0);
  const people = kept.map((place) => task.people[place] ?? 0);
  const noisy = new Set(task.noisyProbes);
  const places = new Set([...images.keys()].filter((i) => noisy.has(images[i] ?? -1)));
  const clean = async (part: VectorRows, of: Int32Array): Promise<UnitRows> =>
    centreNoisyProbes(await load(part, of), people, places).features;
  const gallery = await Promise.all(parts.map((part) => clean(part, images)));
  const probes =
    masked === null
      ? gallery
      : await Promise.all(
          parts.map((part) =>
            clean(
              part,
              kept.map((place) => masked[place] ?? 0),
            ),
          ),
        );

  const own = await mates(probes, gallery, kept.length, { threads, signal });
  const tally = megaFace({
    identities: people,
    positive: (entry, probe) => own[probe * kept.length + entry] ?? 0,
  });
  const nobody = new Set(task.noisyDistractors);
  const block = async (from: number, count: number): Promise<UnitRows[]> => {
    const some = distractors.subarray(from, from + count);
    return Promise.all(
      parts.map(async (part) => {
        const { width, values } = await load(part, some);
        for (const [i, image] of some.entries())
          if (nobody.has(image)) values.fill(0, i * width, (i + 1) * width);
        return { width, values };
      }),
    );
  };
  await scoreBlocks(probes, distractors.length, block, tally.add, { threads, signal, progress });
  const { pairs, cmc, tar, negatives } = tally.result(toldRanks.at(-1), [...falseAcceptRates, ...drawnRates]);
  const drawn = tar.slice(falseAcceptRates.length);
  return {
    ...{
      pairs: pairs.scores.length + negatives,
      verification: null,
      groups: [],
      withAll: null,
      scores: null,
    },
    identification: {
      ...{ cmc: toldCmc(cmc), probes: kept.length, gallery: distractors.length + 1, dir: [] },
      tar: falseAcceptRates.map((rate, i) => [rate, tar[i]?.tar ?? null]),
    },
    curves: {
      roc: drawn.flatMap((point) =>
        point.tar === null || point.far === null || point.threshold === null
          ? []
          : [[point.far, point.tar, point.threshold] as const],
      ),
      ...{ same: { from: -1, to: 1, counts: [] }, different: { from: -1, to: 1, counts: [] } },
    },
  };
}

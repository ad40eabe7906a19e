import type { BenchmarkList, BenchmarkPair, TemplateList } from '../../core/benchmarks/types.ts';
import { openBenchmark } from '../benchmarks/open.ts';
import type { ListedImage } from '../store/benchmark-images.ts';
import type { ListArrays } from '../store/benchmark-lists.ts';
import type { BenchmarkSource } from './benchmark.ts';
import type { Job } from './job.ts';

export interface BenchmarkListSetup {
  readonly source: BenchmarkSource;
}

/** The list comes in pieces: pictures from the first, then its arrays, once. */
export interface BenchmarkListHost {
  images(piece: { readonly first: number; readonly images: readonly ListedImage[] }): Promise<void>;
  end(arrays: ListArrays): Promise<void>;
}

const piece = 5000;

/** Reads a benchmark's list. Summary: `images`. */
export const benchmarkListJob: Job<BenchmarkListSetup, BenchmarkListHost> = async (setup, host, context) => {
  const { source } = setup;
  const opened = await openBenchmark(source.path, source.format, {
    images: source.images,
    signal: context.signal,
  });
  const { list } = opened;
  await opened.close();
  await sendList(list, host);
  return { images: list.images.length };
};

export async function sendList(list: BenchmarkList, host: BenchmarkListHost): Promise<void> {
  for (let first = 0; first < list.images.length; first += piece) {
    await host.images({ first, images: imagesOf(list, first, first + piece) });
  }
  await host.end(arraysOf(list));
}

function imagesOf(list: BenchmarkList, from: number, to: number): ListedImage[] {
  if (list.kind === 'ijb') {
    return list.images.slice(from, to).map(({ key, person, group, box, points, detectorScore }) => ({
      ...{ key, person, group, box, points, weight: detectorScore },
    }));
  }
  return list.images
    .slice(from, to)
    .map(({ key, person, group }) => ({ key, person, group, box: null, points: null, weight: null }));
}

/** A list in columns, without its pictures. */
export function arraysOf(list: BenchmarkList): ListArrays {
  switch (list.kind) {
    case 'verification': {
      const { pairs, training } = list;
      const folded = list.folds !== null && pairs.every(({ fold }) => fold !== null);
      return {
        ...{ pairs: columns(pairs), same: labels(pairs) },
        ...(folded && { folds: Int16Array.from(pairs, ({ fold }) => fold ?? 0) }),
        ...(training.length > 0 && {
          'training-pairs': columns(training),
          'training-same': labels(training),
        }),
      };
    }
    case 'megaface': {
      const { probes, distractors, maskedProbes, noisyProbes, noisyDistractors } = list;
      return {
        ...{ probes, distractors },
        ...{ 'noisy-probes': noisyProbes, 'noisy-distractors': noisyDistractors },
        ...(maskedProbes !== null && { 'masked-probes': maskedProbes }),
      };
    }
    case 'ijb':
      return templateArrays(list);
  }
}

function templateArrays({ templates, members, pairs, galleries, probes }: TemplateList): ListArrays {
  const both = new Int32Array(2 * (pairs?.a.length ?? 0));
  for (let i = 0; i < both.length; i += 2) {
    both[i] = pairs?.a[i / 2] ?? 0;
    both[i + 1] = pairs?.b[i / 2] ?? 0;
  }
  const names = new TextEncoder().encode(JSON.stringify(galleries.map(({ name }) => name)));
  const all = new Int32Array(galleries.reduce((sum, gallery) => sum + gallery.templates.length, 0));
  let at = 0;
  for (const gallery of galleries) {
    all.set(gallery.templates, at);
    at += gallery.templates.length;
  }
  return {
    'template-id': Int32Array.from(templates, ({ id }) => id),
    'template-subject': Int32Array.from(templates, ({ subject }) => subject ?? -1),
    'member-image': members.image,
    'member-template': members.template,
    'member-media': members.media,
    ...(pairs !== null && { pairs: both, same: pairs.same }),
    ...(galleries.length > 0 && {
      'gallery-templates': all,
      'gallery-lengths': Int32Array.from(galleries, (gallery) => gallery.templates.length),
      'gallery-names': names,
    }),
    ...(probes !== null && { 'template-probes': probes }),
  };
}

function columns(pairs: readonly BenchmarkPair[]): Int32Array {
  const both = new Int32Array(2 * pairs.length);
  for (const [i, { a, b }] of pairs.entries()) {
    both[2 * i] = a;
    both[2 * i + 1] = b;
  }
  return both;
}

const labels = (pairs: readonly BenchmarkPair[]): Uint8Array =>
  Uint8Array.from(pairs, ({ same }) => (same ? 1 : 0));

import { describe, expect, it } from 'vitest';
import type { MegafaceList, TemplateList, VerificationList } from '../../../src/core/benchmarks/types.ts';
import { arraysOf, sendList } from '../../../src/main/jobs/benchmark-list.ts';
import type { ListedImage } from '../../../src/main/store/benchmark-images.ts';
import {
  benchmarkMegaface,
  benchmarkPairs,
  benchmarkTemplates,
  getArray,
  putArrays,
} from '../../../src/main/store/benchmark-lists.ts';
import { addBenchmark } from '../../../src/main/store/benchmarks.ts';
import type { Store } from '../../../src/main/store/database.ts';
import { inStore } from '../store/support.ts';

const images = Array.from({ length: 4 }, (_, i) => ({ key: `${i}.jpg`, person: `p${i}`, group: null }));
const pair = (a: number, b: number, same: boolean, fold: number | null) => ({ a, b, same, fold });

const pairs: VerificationList = {
  ...{ kind: 'verification', images, folds: 2, groups: [] },
  pairs: [pair(0, 1, true, 0), pair(2, 3, false, 0), pair(1, 2, false, 1)],
  training: [pair(0, 3, false, null)],
};
const mega: MegafaceList = {
  ...{ kind: 'megaface', images, probes: Int32Array.of(0, 1), maskedProbes: Int32Array.of(3, 3) },
  ...{ distractors: Int32Array.of(2), noisyProbes: Int32Array.of(1), noisyDistractors: new Int32Array() },
};
const box = { x: 1, y: 2, width: 3, height: 4 };
const ijb: TemplateList = {
  kind: 'ijb',
  images: images.map((image, i) => ({
    ...image,
    detectorScore: i / 10,
    box: i === 0 ? box : null,
    points: null,
  })),
  members: { image: Int32Array.of(0, 1, 1), template: Int32Array.of(0, 0, 1), media: Int32Array.of(5, 5, 6) },
  templates: [
    { id: 11, subject: 3 },
    { id: 12, subject: null },
  ],
  pairs: { a: Int32Array.of(0, 1), b: Int32Array.of(1, 1), same: Uint8Array.of(0, 1) },
  galleries: [
    { name: 'S1', templates: Int32Array.of(0) },
    { name: 'S2', templates: Int32Array.of(1, 0) },
  ],
  probes: Int32Array.of(1),
};

/** A benchmark with the list's arrays, as they come back. */
function stored(store: Store, list: Parameters<typeof arraysOf>[0]): number {
  return store.write((writer) => {
    const about = { format: 'f', title: 't', source: 's', imagesSource: null, createdAt: 1 } as const;
    const id = addBenchmark(writer, { ...about, name: list.kind, kind: 'verification', alignment: 'detect' });
    putArrays(writer, id, arraysOf(list));
    return id;
  });
}

describe('lists on their way into the store', () => {
  it('come back as they were', () => {
    inStore((store) => {
      const id = stored(store, pairs);
      expect(benchmarkPairs(store, id)).toEqual({
        ...{
          pairs: Int32Array.of(0, 1, 2, 3, 1, 2),
          same: Uint8Array.of(1, 0, 0),
          folds: Int16Array.of(0, 0, 1),
        },
      });
      expect(getArray(store, id, 'training-pairs')).toEqual(Int32Array.of(0, 3));
      const { kind: _, images: __, ...sets } = mega;
      expect(benchmarkMegaface(store, stored(store, mega))).toEqual(sets);
      const { kind: ___, images: ____, ...templates } = ijb;
      expect(benchmarkTemplates(store, stored(store, ijb))).toEqual(templates);
    });
  });

  it('without folds, galleries and probes, too', () => {
    inStore((store) => {
      const bare = {
        ...pairs,
        pairs: pairs.pairs.map((one) => ({ ...one, fold: null })),
        folds: null,
        training: [],
      };
      const id = stored(store, bare);
      expect(benchmarkPairs(store, id)?.folds).toBeNull();
      expect(getArray(store, id, 'training-pairs')).toBeNull();
      const few = { ...ijb, pairs: null, galleries: [], probes: null };
      expect(benchmarkTemplates(store, stored(store, few))).toMatchObject({
        pairs: null,
        galleries: [],
        probes: null,
      });
    });
  });

  it('send pictures in pieces, then the arrays once', async () => {
    const many = Array.from({ length: 12_001 }, (_, i) => ({ key: `${i}`, person: null, group: 'g' }));
    const sent: { first: number; images: readonly ListedImage[] }[] = [];
    let ends = 0;
    const host = {
      images: async (piece: { first: number; images: readonly ListedImage[] }) => void sent.push(piece),
      end: async () => void ends++,
    };
    await sendList({ ...pairs, images: many }, host);
    expect(ends).toBe(1);
    expect(sent.map(({ first }) => first)).toEqual([0, 5000, 10_000]);
    expect(sent.flatMap((piece) => piece.images.map(({ key }) => key))).toEqual(many.map(({ key }) => key));
    sent.length = 0;
    await sendList(ijb, host);
    expect(sent[0]?.images.slice(0, 2)).toEqual([
      { key: '0.jpg', person: 'p0', group: null, box, points: null, weight: 0 },
      { key: '1.jpg', person: 'p1', group: null, box: null, points: null, weight: 0.1 },
    ]);
  });
});

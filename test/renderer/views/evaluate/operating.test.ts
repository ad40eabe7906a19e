import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../../src/core/base/random.ts';
import type { EvaluationCurves } from '../../../../src/core/contract/evaluations.ts';
import { rocCurve } from '../../../../src/core/metrics/curves.ts';
import { scoreHistogram } from '../../../../src/core/metrics/histogram.ts';
import { rankPairs } from '../../../../src/core/metrics/ranked.ts';
import { leastRate, placeFor, readCurve } from '../../../../src/renderer/views/evaluate/operating.ts';

/** 300 pairs of one person and 300 of two, with all points of their curve. */
function drawn(kind: 'cosine' | 'squared-distance') {
  const random = seededRandom(5);
  const same = Uint8Array.from({ length: 600 }, (_, i) => i % 2);
  const cosines = Float64Array.from(same, (one) => (one === 1 ? 0.45 : 0.05) + 0.15 * random.normal());
  const scores = kind === 'cosine' ? cosines : cosines.map((cosine) => 2 - 2 * cosine);
  const curve = rocCurve(rankPairs({ scores, same }, kind));
  const { from, to, same: one, others } = scoreHistogram({ scores, same });
  const roc = Array.from(
    curve?.far ?? [],
    (far, i) => [far, curve?.tar[i] ?? 0, curve?.thresholds[i] ?? 0] as const,
  );
  const curves: EvaluationCurves = {
    ...{ id: 1, roc },
    same: { from, to, counts: [...one] },
    different: { from, to, counts: [...others] },
  };
  return { scores, same, curves };
}

/** Counted pair by pair, by the definition. */
function counted(scores: Float64Array, same: Uint8Array, accepts: (score: number) => boolean) {
  let [accepted, falseAccepts] = [0, 0];
  scores.forEach((score, i) => {
    if (!accepts(score)) return;
    if (same[i] === 1) accepted++;
    else falseAccepts++;
  });
  return { tar: accepted / 300, far: falseAccepts / 300, falseAccepts, falseRejects: 300 - accepted };
}

describe('an operating point read off a curve', () => {
  it.each(['cosine', 'squared-distance'] as const)(
    'is what counting gives, at every threshold of a %s',
    (kind) => {
      const { scores, same, curves } = drawn(kind);
      const protocol = kind === 'cosine' ? 'standard' : 'evolve';
      for (const [far, tar, threshold] of curves.roc.filter((_, i) => i % 7 === 0)) {
        const read = readCurve(curves, protocol, { by: 'threshold', threshold });
        const truth = counted(scores, same, (score) =>
          kind === 'cosine' ? score > threshold : score < threshold,
        );
        expect(truth).toMatchObject({ far, tar });
        expect(read).toMatchObject({ falseAccepts: truth.falseAccepts, falseRejects: truth.falseRejects });
        expect(read?.tar).toBeCloseTo(truth.tar, 12);
        expect(read?.accuracy).toBeCloseTo((300 * truth.tar + 300 * (1 - truth.far)) / 600, 12);
      }
    },
  );

  it('is not told where no pair of two people may be accepted', () => {
    const { curves } = drawn('cosine');
    expect(leastRate(curves)).toBe(1 / 300);
    expect(leastRate(null)).toBeNull();
    expect(readCurve(curves, 'facex', { by: 'far', far: 1 / 301 })).toBeNull();
    expect(readCurve(curves, 'facex', { by: 'far', far: 1 / 300 })).toMatchObject({ falseAccepts: 1 });
  });

  it('stays on the curve between its points, and at its ends beyond them', () => {
    const { curves } = drawn('cosine');
    const far = 0.0123;
    const read = readCurve(curves, 'facex', { by: 'far', far });
    const below = curves.roc.filter(([x]) => x <= far).at(-1)?.[1] ?? 0;
    const above = curves.roc.find(([x]) => x > far)?.[1] ?? 1;
    expect(read?.tar).toBeGreaterThanOrEqual(below);
    expect(read?.tar).toBeLessThanOrEqual(above);
    expect(readCurve(curves, 'facex', { by: 'threshold', threshold: 5 })).toMatchObject({ far: 0, tar: 0 });
    expect(readCurve(curves, 'facex', { by: 'threshold', threshold: -5 })).toMatchObject({ far: 1, tar: 1 });
    expect(readCurve({ ...curves, roc: [] }, 'facex', { by: 'far', far })).toBeNull();
  });
});

describe('the same place for another result', () => {
  it('is its threshold for scores of one kind, else as many false accepts', () => {
    const at = { by: 'threshold', threshold: 0.3 } as const;
    expect(placeFor(at, 'standard', { protocol: 'facex', far: 0.02 })).toEqual(at);
    expect(placeFor(at, 'evolve', { protocol: 'facex', far: 0.02 })).toEqual({ by: 'far', far: 0.02 });
    const far = { by: 'far', far: 0.1 } as const;
    expect(placeFor(far, 'evolve', { protocol: 'facex', far: 0.02 })).toEqual(far);
  });
});

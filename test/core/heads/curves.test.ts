import { describe, expect, it } from 'vitest';
import { input } from '../../../src/core/graph/builder.ts';
import { heads } from '../../../src/core/heads/index.ts';
import { openNet } from '../../../src/core/layers/net.ts';
import { oneHot } from '../../../src/core/ops/one-hot.ts';
import { constantOf } from '../../support/reference/constant.ts';
import { interpret } from '../../support/reference/interpret.ts';

const at = Array.from({ length: 81 }, (_, i) => (i - 40) / 40);
/** Class 0 lies on the first axis, class 1 on the third, to which no embedding is near. */
const weights = [1, 0, 0, 0, 0, 1];
/** What the curves are of: MagFace's in the middle of its lengths, SphereFace's late, AdaFace's of the usual length. */
const lengths: Readonly<Record<string, number>> = { magface: 60 };
const late: Readonly<Record<string, number>> = { 'classes.batches': 1e12, 'classes.lengths.mean': 1 };

/** Logits [cosines, 2] to class 0, by cosine, of pictures with that label. */
function logitsAt(name: string, label: number): readonly number[] {
  const head = heads.find((one) => one.name === name);
  if (!head) throw new Error(`no head ${name}`);
  const net = openNet(true);
  const labels = input('labels', [at.length], 'int32');
  const target = oneHot(labels, 2);
  const settings = Object.values(head.presets)[0] ?? {};
  const { logits } = head.build(net, input('x', [at.length, 3]), target, settings, labels);
  const length = lengths[name] ?? 1;
  const feeds: Record<string, ArrayLike<number>> = {
    x: at.flatMap((c) => [c * length, Math.sqrt(1 - c * c) * length, 0]),
    labels: at.map(() => label),
    'classes.margin': [0.35, 0.35],
  };
  for (const { name: weight, shape } of net.parameters)
    if (shape.length === 2) {
      const centres = (shape[0] ?? 0) / 2;
      feeds[weight] = [weights.slice(0, 3), weights.slice(3)].flatMap((w) =>
        Array.from({ length: centres }, () => w).flat(),
      );
    }
  for (const { name: state, initial } of net.running) feeds[state] = [late[state] ?? constantOf(initial)];
  const [got] = interpret([logits], feeds);
  return at.map((_, i) => got?.data[2 * i] ?? Number.NaN);
}

describe.each(heads.filter(({ target }) => target !== null))('the curve of $title', (head) => {
  const settings = Object.values(head.presets)[0] ?? {};

  it('is the logit of the own class by its cosine', () => {
    const got = logitsAt(head.name, 0);
    // at ±1 the root of a margin's angle counts as 1e-5
    for (const [i, c] of at.entries()) {
      const wanted = head.target?.(settings, c) ?? Number.NaN;
      expect(Math.abs((got[i] ?? Number.NaN) - wanted)).toBeLessThan(Math.abs(c) === 1 ? 1e-3 : 1e-9);
    }
  });

  it('never rewards a larger angle by more than its last step beyond π', () => {
    const curve = at.map((c) => head.target?.(settings, c) ?? Number.NaN);
    const falls = curve.filter((y, i) => i > 0 && y < (curve[i - 1] ?? 0) - 1e-9);
    expect(falls.length).toBeLessThanOrEqual(1);
  });
});

it.each(heads.filter(({ other }) => other !== undefined))(
  '$title draws its other classes as it builds them',
  (head) => {
    const settings = Object.values(head.presets)[0] ?? {};
    for (const [i, y] of logitsAt(head.name, 1).entries())
      expect(head.other?.(settings, at[i] ?? 0)).toBeCloseTo(y, 9);
  },
);

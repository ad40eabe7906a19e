import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/core/recipe/finding.ts';
import { preflight } from '../../../src/core/recipe/preflight.ts';
import type { Measured, PreflightFacts } from '../../../src/core/recipe/preflight-facts.ts';
import { type Recipe, type RecipeInput, recipeSchema } from '../../../src/core/recipe/recipe.ts';
import type { Sizes } from '../../../src/core/recipe/sizes.ts';

type Changes = Omit<Partial<PreflightFacts>, 'recipe' | 'outlook'> & {
  readonly recipe?: Omit<RecipeInput, 'data'> & { readonly data?: Partial<RecipeInput['data']> };
  readonly outlook?: Partial<PreflightFacts['outlook']>;
};

const train: Sizes = [[20, 1000]];
const heldOut: Sizes = [[20, 100]];

/** A run about which there is nothing to be said against, and what differs from it. */
function facts({ recipe: input, outlook, ...more }: Changes = {}): PreflightFacts {
  const recipe: Recipe = recipeSchema.parse({
    head: { kind: 'arcface', options: { scale: 30 } },
    schedule: { rate: 0.025, warmUp: { epochs: 1 } },
    ...input,
    data: { version: 'abcd', ...input?.data },
  });
  return {
    recipe,
    version: [[20, 1100]],
    train,
    heldOut,
    solvers: { umeyama: 22_000 },
    cropSides: [112, 112],
    overlaps: [],
    estimate: { parameters: 1.7e6, fixed: 200e6, perImage: 60e6 },
    available: 16e9,
    device: { provider: 'cpu', fellBack: '' },
    measured: null,
    outlook: {
      ...{ images: 20_000, identities: 1000, heldOutImages: 2000, heldOutIdentities: 100 },
      ...{ stepsPerEpoch: 156, steps: 3120, parameters: 1.7e6, memory: 8e9 },
      ...outlook,
    },
    ...more,
  };
}

const of = (code: string, changes: Changes): Finding | undefined =>
  preflight(facts(changes)).find((finding) => finding.code === code);
const measured = (more: Partial<Measured>): Changes => ({
  measured: { firstLoss: 20, expectedLoss: 20, msPerStep: 100, memory: 8e9, ...more },
});
const kind = (recipe: Changes['recipe']): Changes => ({ recipe: recipe ?? {} });
const scale = (value: number): Changes => kind({ head: { kind: 'arcface', options: { scale: value } } });
const rate = (value: number, more: RecipeInput | object = {}): Changes =>
  kind({ schedule: { rate: value, warmUp: { epochs: 1 } }, ...more });
const adamw = { optimizer: { kind: 'adamw' } } as const;

describe('the look before the start', () => {
  it('finds nothing against a plain run', () => {
    const findings = preflight(facts(measured({})));
    expect(findings.filter(({ level }) => level !== 'good')).toEqual([]);
    expect(findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining([
        'class-count',
        'rate',
        'hold-out',
        'memory',
        'first-loss',
        'time',
        'alignment',
      ]),
    );
  });

  it('tells warnings first, and what to do about each', () => {
    const findings = preflight(
      facts({
        ...scale(2),
        solvers: { umeyama: 5, evolve: 5 },
        device: { provider: 'cpu', fellBack: 'No.' },
      }),
    );
    const levels = findings.map(({ level }) => level);
    expect(levels.slice(0, 3)).toEqual(['warning', 'warning', 'note']);
    expect(levels.slice(3).every((level) => level === 'good')).toBe(true);
    for (const { level, message, advice } of findings) {
      expect(message).toMatch(/\.$/);
      expect(advice === '').toBe(level === 'good');
    }
  });

  // Each with what is just inside and just outside of its bounds. √2·ln 999 = 9.77.
  it.each<[string, Changes, Finding['level'] | undefined]>([
    ['class-count', scale(9.7), 'warning'],
    ['class-count', scale(9.8), 'good'],
    ['class-count', scale(48.8), 'good'],
    ['class-count', scale(48.9), 'note'],
    ['class-count', kind({ head: { kind: 'softmax' } }), undefined],
    ['class-count', { outlook: { identities: 1 } }, undefined],
    // 0.1 · 128/512 = 0.025, which is the default
    ['rate', kind({}), 'good'],
    ['warm-up', kind({}), undefined],
    ['rate', rate(0.1), 'good'],
    ['rate', rate(0.101), 'warning'],
    ['rate', rate(0.0026), 'good'],
    ['rate', rate(0.0024), 'note'],
    ['rate', rate(0.2, { accumulation: 2 }), 'good'],
    ['rate', rate(5e-4, adamw), 'good'],
    ['rate', rate(6e-4, adamw), 'warning'],
    ['warm-up', kind({ schedule: { rate: 0.05 } }), 'warning'],
    ['warm-up', kind({ schedule: { rate: 0.049 } }), undefined],
    ['warm-up', kind({ schedule: { rate: 0.05, warmUp: { epochs: 0.1 } } }), undefined],
    ['warm-up', kind({ schedule: { rate: 1e-3 }, ...adamw }), 'warning'],
    ['warm-up', kind({ schedule: { rate: 9e-4 }, ...adamw }), undefined],
    ['steps', { outlook: { steps: 99 } }, 'warning'],
    ['steps', { outlook: { steps: 100 } }, undefined],
    ['pairs', kind({ head: { kind: 'triplet' } }), 'warning'],
    ['pairs', { ...kind({ head: { kind: 'triplet' } }), train: [[5000, 4]] }, 'note'],
    ['pairs', kind({ head: { kind: 'triplet' }, data: { sampler: { kind: 'identities' } } }), 'good'],
    ['pairs', { ...kind({ data: { sampler: { kind: 'identities' } } }), train: [[20, 31]] }, 'warning'],
    ['pairs', kind({ data: { sampler: { kind: 'identities' } } }), undefined],
    ['batch-data', { outlook: { images: 127 } }, 'warning'],
    ['batch-data', { outlook: { images: 128 } }, undefined],
    ['batch-data', { ...kind({ batch: 64, accumulation: 2 }), outlook: { images: 127 } }, 'warning'],
    ['batch-statistics', kind({ batch: 15 }), 'note'],
    ['batch-statistics', kind({ batch: 16 }), undefined],
    ['batch-statistics', kind({ batch: 16, accumulation: 2 }), 'note'],
    ['first-loss', {}, undefined],
    ['first-loss', measured({ firstLoss: 22.9 }), 'good'],
    ['first-loss', measured({ firstLoss: 23.1 }), 'warning'],
    ['first-loss', measured({ firstLoss: 17.1 }), 'good'],
    ['first-loss', measured({ firstLoss: 16.9 }), 'warning'],
    ['first-loss', measured({ firstLoss: Number.NaN }), 'warning'],
    ['low-shot', kind({ data: { minImagesPerIdentity: 20 } }), undefined],
    [
      'low-shot',
      {
        ...kind({ data: { minImagesPerIdentity: 3 } }),
        version: [
          [2, 5],
          [20, 10],
        ],
      },
      'note',
    ],
    [
      'low-shot',
      {
        ...kind({ data: { minImagesPerIdentity: 3 } }),
        version: [
          [2, 100],
          [20, 10],
        ],
      },
      'note',
    ],
    [
      'low-shot',
      {
        ...kind({ data: { minImagesPerIdentity: 3 } }),
        version: [
          [2, 101],
          [20, 10],
        ],
      },
      'warning',
    ],
    [
      'images-per-identity',
      {
        train: [
          [4, 9],
          [30, 8],
        ],
      },
      'warning',
    ],
    [
      'images-per-identity',
      {
        train: [
          [5, 9],
          [30, 8],
        ],
      },
      'good',
    ],
    [
      'images-per-identity',
      {
        train: [
          [5, 9],
          [100, 1],
        ],
      },
      'good',
    ],
    [
      'images-per-identity',
      {
        train: [
          [5, 9],
          [101, 1],
        ],
      },
      'note',
    ],
    ['alignment', { solvers: { umeyama: 9, evolve: 0 } }, 'good'],
    ['alignment', { solvers: { umeyama: 9, evolve: 1 } }, 'warning'],
    ['crop-side', { cropSides: [112, 224] }, undefined],
    ['crop-side', { cropSides: [112, 225] }, 'note'],
    ['crop-side', { cropSides: [111, 112] }, 'warning'],
    ['crop-side', kind({ data: { augmentation: { cropFrom: 168 } } }), undefined],
    ['crop-side', kind({ data: { augmentation: { cropFrom: 169 } } }), 'warning'],
    // C(4, 2) = 6 pairs of each of 25 people make 150 of the same: 300 in all
    ['hold-out', { heldOut: [[4, 25]] }, 'note'],
    ['hold-out', { heldOut: [[4, 24]] }, 'warning'],
    ['hold-out', { ...kind({ validation: { pairs: 300 } }), heldOut: [[4, 25]] }, 'good'],
    ['hold-out', { ...kind({ validation: { pairs: 20 } }), heldOut: [[5, 2]] }, 'good'],
    ['hold-out', { heldOut: [[1, 40]] }, 'warning'],
    ['hold-out', { heldOut: [[40, 1]] }, 'warning'],
    ['hold-out', kind({ data: { holdOut: { by: 'none' } } }), 'warning'],
    ['hold-out', kind({ data: { holdOut: { by: 'none' } }, validation: { versions: ['abcd'] } }), undefined],
    ['same-people', kind({ data: { holdOut: { by: 'images' } } }), 'note'],
    ['same-people', {}, undefined],
    ['leak', {}, undefined],
    ['leak', { overlaps: [{ set: 'LFW', identities: 0, images: 0 }] }, 'good'],
    ['leak', { overlaps: [{ set: 'LFW', identities: 1, images: 3 }] }, 'warning'],
    ['memory', { outlook: { memory: 14.4e9 } }, 'good'],
    ['memory', { outlook: { memory: 14.5e9 } }, 'warning'],
    ['memory', { outlook: { memory: 14.5e9 }, available: null }, 'good'],
    ['memory', measured({ memory: 15e9 }), 'warning'],
    ['device', { device: { provider: 'cpu', fellBack: 'There is no graphics card.' } }, 'note'],
    ['device', {}, undefined],
    // 3,120 steps
    ['time', measured({ msPerStep: 193_000 }), 'good'],
    ['time', measured({ msPerStep: 194_000 }), 'warning'],
    ['time', {}, undefined],
  ])('%s of %j: %s', (code, changes, level) => {
    expect(of(code, changes)?.level).toBe(level);
  });

  it('says figures, and what to do with them', () => {
    expect(of('class-count', scale(64))).toEqual({
      code: 'class-count',
      level: 'note',
      message: 'The head’s scale is 64 for 1,000 identities; AdaCos’s yardstick √2·ln(C − 1) is 9.77.',
      advice:
        'Such a steep scale looks at the hardest pictures only and starts unsteadily; 20 to 39 is usual for so few identities.',
    });
    const memory = of('memory', { outlook: { memory: 14.5e9 }, available: 4e9 });
    expect(memory?.message).toBe('About 14.5 GB of memory will be needed; 4 GB are there.');
    expect(of('memory', { outlook: { memory: 349.6e6 } })?.message).toMatch(/^About 350 MB of/);
    expect(memory?.advice).toContain('Lower the batch to 56;'); // (3.6 − 0.2)/0.06
    expect(of('memory', { available: 0.3e9 })?.advice).toContain('smaller network');
    expect(of('leak', { overlaps: [{ set: 'LFW', identities: 12, images: 240 }] })?.message).toBe(
      '12 identities of “LFW” (240 pictures) are trained on too: the accuracy there will be too good.',
    );
    expect(of('time', measured({ msPerStep: 450 }))?.message).toBe(
      'At 450 ms a step the run takes 23.4 minutes.',
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { Backbone } from '../../../src/core/backbones/backbone.ts';
import { mobilefacenet } from '../../../src/core/backbones/mobilefacenet.ts';
import { tuningChecks } from '../../../src/core/recipe/check-tuning.ts';
import type { Finding } from '../../../src/core/recipe/finding.ts';
import { preflight } from '../../../src/core/recipe/preflight.ts';
import type { PreflightFacts } from '../../../src/core/recipe/preflight-facts.ts';
import { type RecipeInput, recipeSchema } from '../../../src/core/recipe/recipe.ts';

/** As `importedBackbone` makes them: what the file decides is fixed. */
const imported: Backbone = {
  ...mobilefacenet,
  name: 'onnx:mine',
  fixed: { size: 112, embedding: 512, pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' } },
};

function facts(freeze: string[], more: Partial<PreflightFacts> = {}, backbone = 'mobilefacenet') {
  const input: RecipeInput = { data: { version: 'abcd' }, network: { backbone }, fineTune: { freeze } };
  const all: PreflightFacts = {
    ...{ recipe: recipeSchema.parse(input), extras: { backbones: [imported], heads: [] } },
    ...{ version: [[20, 1100]], train: [[20, 1000]], heldOut: [[20, 100]], solvers: { umeyama: 22_000 } },
    ...{ cropSides: [112, 112], overlaps: [], available: 16e9, measured: null },
    ...{
      device: { provider: 'cpu', fellBack: '' },
      estimate: { parameters: 1.2e6, fixed: 2e8, perImage: 6e7 },
    },
    outlook: {
      ...{ images: 20_000, identities: 1000, heldOutImages: 2000, heldOutIdentities: 100 },
      ...{ stepsPerEpoch: 156, steps: 3120, parameters: 1.2e6, memory: 8e9 },
    },
    ...more,
  };
  return all;
}

const found = (...given: Parameters<typeof facts>): Finding | undefined =>
  tuningChecks.flatMap((check) => check(facts(...given)) ?? [])[0];
const start = { of: 'step 300 of the run Big', classes: 'same' } as const;

describe('what of a network learns', () => {
  it('is not spoken of where all of it does', () => {
    expect(found([])).toBeUndefined();
    expect(found(['classes.*'], { start })).toBeUndefined();
  });

  // The last matrix of 512 × 512, and a factor and a term for each of its 512 numbers: 263,168 of 1,200,512.
  it('is counted', () => {
    const { level, message } = found(['*', '!head.linear.*', '!head.bn.*'], { start }) ?? {};
    expect(level).toBe('good');
    expect(message).toBe(
      '21.9 % of the network’s numbers learn: 263,168 of 1,200,512. The others stay as they begin.',
    );
  });

  it('warns of frozen random numbers, but not of an imported network’s', () => {
    const stem = ['stem.*'];
    expect(found(stem)).toMatchObject({ level: 'warning', advice: expect.stringMatching(/under start/) });
    expect(found(stem, { start })?.level).toBe('good');
    expect(found(stem, {}, 'onnx:mine')?.level).toBe('good');
  });

  it('says that only classes learn, which leaves verification as it is', () => {
    const finding = found(['*', '!classes.*'], {}, 'onnx:mine');
    expect(finding).toMatchObject({ level: 'note', advice: expect.stringMatching(/stays as it is/) });
    expect(finding?.message).toBe('None of the network’s 1,200,512 numbers learns: only the classes do.');
  });

  it('bears a high rate from the first step where it is the classes alone', () => {
    const codes = (freeze: string[]): string[] => {
      const plain = facts(freeze, { start });
      const recipe = { ...plain.recipe, schedule: { ...plain.recipe.schedule, rate: 0.2 } };
      return preflight({ ...plain, recipe }).flatMap(({ level, code }) =>
        level === 'warning' ? [code] : [],
      );
    };
    expect(codes(['*', '!classes.*'])).toEqual([]);
    expect(codes(['stem.*'])).toEqual(['rate', 'warm-up']);
  });

  it('is among the findings before a start', () => {
    expect(preflight(facts(['stem.*'])).map(({ code }) => code)).toContain('frozen');
  });
});

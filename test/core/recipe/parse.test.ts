import { describe, expect, it } from 'vitest';
import { parseRecipe, recipeJsonSchema, requireRecipe } from '../../../src/core/recipe/parse.ts';
import type { RecipeInput } from '../../../src/core/recipe/recipe.ts';

const data = { version: 'abcdef' };

/** What is wrong, as `path message`. */
const wrong = (json: unknown): string[] =>
  (parseRecipe(json).problems ?? []).map(({ path, message }) => `${path} ${message}`);

it('states every default', () => {
  const { recipe } = parseRecipe({ data });
  expect(recipe).toMatchObject({ network: { backbone: 'mobilefacenet', size: 112 }, batch: 128, seed: 1337 });
  expect(parseRecipe(recipe)).toEqual({ recipe, problems: null });
});

describe('what the schema refuses', () => {
  it.each<[string, unknown, string[]]>([
    ['no object', null, [' must be an object, not null']],
    ['no data', {}, ['data is missing']],
    ['a short hash', { data: { version: 'abc' } }, ['data.version must have at least 4 characters']],
    ['an unknown setting', { data, epoch: 3 }, ['epoch is no setting of a recipe']],
    ['one further in', { data: { ...data, x: 1 } }, ['data.x is no setting of a recipe']],
    ['a batch of 1', { data, batch: 1 }, ['batch must be at least 2']],
    ['a batch as text', { data, batch: '8' }, ['batch must be a number, not a text']],
    ['half a batch', { data, batch: 8.5 }, ['batch must be a whole number, not 8.5']],
    ['a rate of 0', { data, schedule: { rate: 0 } }, ['schedule.rate must be more than 0']],
    [
      'an unknown optimizer',
      { data, optimizer: { kind: 'lion' } },
      ['optimizer.kind must be sgd or adamw, not “lion”'],
    ],
    ['no kind', { data, loss: {} }, ['loss.kind is missing; it is cross-entropy or focal']],
    [
      'an unknown engine',
      { data, device: { engine: 3 } },
      ['device.engine must be onnxruntime or tfjs, not 3'],
    ],
    ['steps without any', { data, schedule: { decay: { kind: 'step' } } }, ['schedule.decay.at is missing']],
    [
      'steps of none',
      { data, schedule: { decay: { kind: 'step', at: [] } } },
      ['schedule.decay.at must not be empty'],
    ],
    [
      'a list as a scale',
      { data, head: { options: { scale: [64] } } },
      ['head.options.scale must be a number, a text or true or false, not a list'],
    ],
    [
      'several at once',
      { data, batch: 0, network: { dropout: 2 } },
      ['network.dropout must be at most 0.9', 'batch must be at least 2'],
    ],
  ])('%s', (_, json, messages) => {
    expect(wrong(json)).toEqual(messages);
  });

  it('an unknown backbone, with those that there are', () => {
    expect(wrong({ data, network: { backbone: 'resnet50' } })[0]).toMatch(
      /must be one of \d+ names, such as resnet-50, .*not “resnet50”/,
    );
  });
});

describe('what cannot go together', () => {
  it.each<[string, Omit<RecipeInput, 'data'> & { data?: object }, string]>([
    [
      'a batch that is not P × K',
      { batch: 96, data: { version: 'abcd', sampler: { kind: 'identities', identities: 20, pictures: 4 } } },
      'data.sampler.identities × 4 pictures is 80, and the batch is 96: they must be equal',
    ],
    [
      'a sample of classes where there are none',
      { head: { kind: 'triplet', sampling: {} } },
      'head.sampling is for heads with class weights; Triplet compares pictures',
    ],
    [
      'a sample of classes in tfjs',
      { head: { sampling: { rate: 0.5 } }, device: { engine: 'tfjs' } },
      'head.sampling is for onnxruntime',
    ],
    ['a size that is not halved evenly', { network: { size: 100 } }, 'network.size must be a multiple of 16'],
    [
      'dropout where there is none',
      { network: { dropout: 0.3 } },
      'network.dropout is 0.3, but MobileFaceNet',
    ],
    [
      'an option of another backbone',
      { network: { options: { stem: 'deep' } } },
      'network.options.stem is no setting of MobileFaceNet, which has output, activation',
    ],
    [
      'a stem that there is not',
      { network: { backbone: 'resnet-50', options: { stem: 'wide' } } },
      'network.options.stem must be paper or fine or deep, not wide',
    ],
    [
      'a reduction out of range',
      { network: { backbone: 'ir-se-50', options: { reduction: 0 } } },
      'network.options.reduction must be a number from 1 to 64, not 0',
    ],
    [
      'an option of another head',
      { head: { kind: 'softmax', options: { scale: 30 } } },
      'head.options.scale is no setting of Softmax, which has none',
    ],
    ['an unknown option', { head: { options: { sharpness: 3 } } }, 'which has scale, margin, fallback, easy'],
    [
      'a scale out of range',
      { head: { options: { scale: 0 } } },
      'head.options.scale must be a number from 1 to 512, not 0',
    ],
    ['a margin as text', { head: { options: { margin: 'big' } } }, 'head.options.margin must be a number'],
    [
      'a fallback that there is not',
      { head: { options: { fallback: 'cubic' } } },
      'must be line or none, not cubic',
    ],
    ['easy as a number', { head: { options: { easy: 1 } } }, 'head.options.easy must be true or false'],
    [
      'two and a half centres',
      { head: { kind: 'sub-centre-arcface', options: { centres: 2.5 } } },
      'head.options.centres must be a whole number from 1 to 16, not 2.5',
    ],
    [
      'lengths in the wrong order',
      { head: { kind: 'magface', options: { longest: 8 } } },
      'head.options.longest must be above the shortest, which is 10; not 8',
    ],
    [
      'margins in the wrong order',
      { head: { kind: 'magface', options: { margin: 0.9 } } },
      'head.options.marginMost must not be below the least, which is 0.9; not 0.8',
    ],
    [
      'Nesterov without momentum',
      { optimizer: { kind: 'sgd', momentum: 0, nesterov: true } },
      'optimizer.nesterov',
    ],
    ['tfjs on a provider', { device: { engine: 'tfjs', provider: 'cuda' } }, 'device.provider is cuda'],
    [
      'a warm-up without an end',
      { epochs: 5, schedule: { warmUp: { epochs: 5 } } },
      'schedule.warmUp.epochs is 5',
    ],
    [
      'a warm-up from above',
      { schedule: { rate: 0.1, warmUp: { epochs: 1, from: 0.2 } } },
      'schedule.warmUp.from',
    ],
    [
      'a step after the end',
      { epochs: 20, schedule: { decay: { kind: 'step', at: [10, 20] } } },
      'schedule.decay.at.1 is 20',
    ],
    [
      'steps out of order',
      { schedule: { decay: { kind: 'step', at: [10, 5] } } },
      'schedule.decay.at must name',
    ],
    [
      'a decay that rises',
      { schedule: { rate: 0.1, decay: { kind: 'cosine', end: 0.2 } } },
      'schedule.decay.end',
    ],
    [
      'a crop from less',
      { data: { ...data, augmentation: { cropFrom: 96 } } },
      'data.augmentation.cropFrom is 96',
    ],
    [
      'stopping early on nothing',
      { data: { ...data, holdOut: { by: 'none' } }, earlyStop: {} },
      'earlyStop needs',
    ],
    ['a version twice', { validation: { versions: ['aaaa', 'aaaa'] } }, 'validation.versions'],
    ['a benchmark twice', { validation: { benchmarks: ['LFW', 'LFW'] } }, 'validation.benchmarks'],
  ])('%s', (_, recipe, message) => {
    const messages = wrong({ data, ...recipe });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
  });

  const teacher = { from: 'run', run: 'Big' } as const;
  const parts = { softTargets: {}, features: null };
  it.each<[string, Omit<RecipeInput, 'data'>, string]>([
    [
      'a teacher that is asked nothing',
      { distillation: { teacher } },
      'distillation asks nothing of its teacher',
    ],
    [
      'shares of classes of a model',
      { distillation: { teacher: { from: 'model', model: 'onnx:big' }, ...parts } },
      'distillation.softTargets needs a teacher with classes',
    ],
    [
      'shares of classes for a head without any',
      {
        ...{ head: { kind: 'triplet' }, distillation: { teacher, ...parts } },
      },
      'distillation.softTargets needs a head with class weights',
    ],
    [
      'shares of classes of a sample',
      { head: { sampling: {} }, distillation: { teacher, ...parts } },
      'distillation.softTargets needs all classes at every step',
    ],
    [
      'angles in a large batch',
      { batch: 512, distillation: { teacher, angles: {} } },
      'distillation.angles is for batches of up to 256, not 512',
    ],
  ])('%s', (_, more, problem) => {
    expect(wrong({ data, ...more }).find((one) => one.startsWith(problem))).toBeDefined();
    expect(wrong({ data, batch: 256, distillation: { teacher, softTargets: {}, angles: {} } })).toEqual([]);
  });

  it('and what just can', () => {
    expect(
      wrong({
        data: { ...data, augmentation: { cropFrom: 112 }, holdOut: { by: 'none' } },
        network: { backbone: 'ir-50', dropout: 0.9, size: 128 - 16 },
        head: { kind: 'arcface', options: { scale: 512, margin: 0, fallback: 'none', easy: true } },
        schedule: { warmUp: { epochs: 19.5, from: 0.025 }, decay: { kind: 'step', at: [1, 19.9] } },
        earlyStop: {},
        validation: { versions: ['aaaa', 'bbbb'] },
        device: { engine: 'tfjs' },
      }),
    ).toEqual([]);
  });
});

it('an error names every problem', () => {
  expect(requireRecipe({ data }).batch).toBe(128);
  expect(() => requireRecipe({ data, batch: 1, speed: 9 })).toThrow(
    'This recipe cannot be trained: batch must be at least 2; speed is no setting of a recipe.',
  );
  expect(() => requireRecipe([])).toThrow('the recipe must be an object, not a list');
});

it('has a JSON Schema, in which only what has no default is required', () => {
  const schema = recipeJsonSchema();
  expect(schema.required).toEqual(['data']);
  expect(schema).toMatchObject({ properties: { batch: { default: 128, minimum: 2 } } });
});

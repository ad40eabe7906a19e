import { describe, expect, it } from 'vitest';
import { recipeFields } from '../../../src/renderer/state/recipe-fields.ts';

const info = recipeFields();

describe('what the schema says of a setting', () => {
  it('is its explanation, limits and default', () => {
    expect(info({}, 'batch')).toMatchObject({
      least: 2,
      most: 8192,
      whole: true,
      optional: false,
      standard: 128,
    });
    expect(info({}, 'batch').about).toContain('memory');
    expect(info({}, 'data.minImagesPerIdentity')).toMatchObject({ least: 1, most: null, whole: true });
    expect(info({}, 'schedule.rate')).toMatchObject({ least: 0, most: 100, whole: false });
  });

  it('knows what may be left empty', () => {
    expect(info({}, 'data.augmentation.cropFrom')).toMatchObject({ optional: true, least: 16, most: 512 });
    expect(info({}, 'device.threads')).toMatchObject({ optional: true, least: 1, standard: null });
  });

  it('follows the kind where there are several', () => {
    const sgd = { optimizer: { kind: 'sgd' }, schedule: { decay: { kind: 'step' } } };
    const adamw = { optimizer: { kind: 'adamw' }, schedule: { decay: { kind: 'polynomial' } } };
    expect(info(sgd, 'optimizer.weightDecay').standard).toBe(5e-4);
    expect(info(adamw, 'optimizer.weightDecay').standard).toBe(0.05);
    expect(info(sgd, 'schedule.decay.factor').most).toBe(1);
    expect(info(adamw, 'schedule.decay.factor')).toMatchObject({ about: '', most: null });
    expect(
      info({ data: { augmentation: { randAugment: {} } } }, 'data.augmentation.randAugment.operations'),
    ).toMatchObject({
      least: 1,
      most: 13,
    });
  });

  it('says nothing of what is no setting', () => {
    expect(info({}, 'no.such.thing')).toMatchObject({ about: '', least: null, most: null });
  });

  it('explains every number that people may set', () => {
    const recipe = { loss: { kind: 'focal' }, optimizer: { kind: 'adamw' }, earlyStop: {} };
    for (const path of [
      ...['data.holdOut.share', 'data.augmentation.flip', 'data.augmentation.rotationChance', 'network.size'],
      ...['network.embedding', 'network.dropout', 'loss.gamma', 'optimizer.beta1', 'optimizer.epsilon'],
      ...[
        'schedule.rate',
        'schedule.warmUp.epochs',
        'schedule.warmUp.from',
        'batch',
        'accumulation',
        'epochs',
      ],
      ...['seed', 'validation.everyEpochs', 'validation.pairs', 'earlyStop.patience', 'earlyStop.minDelta'],
      ...['device.threads'],
    ]) {
      expect([path, info(recipe, path).about]).not.toEqual([path, '']);
    }
  });
});

import { describe, expect, it } from 'vitest';
import { compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import { heads } from '../../../src/core/heads/index.ts';
import type { LossSettings } from '../../../src/core/heads/loss.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import { formulaBatch } from '../../support/reference/formula.ts';
import { tinyPlan } from '../../support/reference/tiny.ts';

const [classes, batch] = [60, 120];
const losses: readonly LossSettings[] = [
  { kind: 'cross-entropy', smoothing: 0 },
  { kind: 'cross-entropy', smoothing: 0.1 },
  { kind: 'focal', gamma: 2, form: 'sample' },
];
const cases = heads.flatMap(({ name, presets }) => {
  const [settings = {}] = Object.values(presets);
  // margins that a loss is not made of alone
  const milder = name === 'softmax' ? settings : { ...settings, scale: 16, margin: 0.1 };
  return losses.flatMap((loss) => [settings, milder].map((one) => ({ name, loss, settings: one })));
});

describe('the first loss of a small network is the expected one', () => {
  it.each(cases)('$name $settings $loss', async ({ name, loss, settings }) => {
    const head = heads.find((one) => one.name === name);
    if (!head) throw new Error(`no head ${name}`);
    const plan: TrainingPlan = {
      ...tinyPlan,
      settings: { embedding: 128, dropout: 0 },
      head,
      headSettings: settings,
      loss,
      classes,
      batch,
    };
    const trainer = await openTrainer(compileTraining(plan), { seed: 5, threads: 1 });
    const first = await trainer.run({ ...formulaBatch(0, batch, plan.size, classes), rate: 0 });
    await trainer.close();
    const expected = head.expectedLoss(settings, classes, 128, loss);
    expect(Math.abs(first.loss / expected - 1)).toBeLessThan(0.04);
  });
});

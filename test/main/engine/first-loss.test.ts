import { describe, expect, it } from 'vitest';
import { compileTraining, type TrainingPlan } from '../../../src/core/compile/training.ts';
import { classHeads as heads } from '../../../src/core/heads/index.ts';
import type { LossSettings } from '../../../src/core/heads/loss.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import { formulaBatch } from '../../support/reference/formula.ts';
import { plain } from '../../support/reference/plain.ts';
import { tinyPlan } from '../../support/reference/tiny.ts';

const [classes, batch] = [60, 120];
const entropy: LossSettings = { kind: 'cross-entropy', smoothing: 0 };
const losses: readonly LossSettings[] = [
  entropy,
  { kind: 'cross-entropy', smoothing: 0.1 },
  { kind: 'focal', gamma: 2, form: 'sample' },
];
const cases = heads.flatMap(({ name, presets }) => {
  const [settings = {}] = Object.values(presets);
  // margins that a loss is not made of alone
  const milder = { ...settings, scale: 16, margin: 0.1, weight: 2, gamma: 32 };
  const others = Object.values(presets).slice(1);
  // the way from logits to a loss is every head's: a few are enough to try each loss with
  const tried = ['softmax', 'arcface', 'magface'].includes(name) ? losses : [entropy];
  return [
    ...tried.flatMap((loss) => [settings, milder].map((one) => ({ name, loss, settings: one }))),
    ...others.map((one) => ({ name, loss: entropy, settings: one })),
  ];
});

describe('the first loss of a small network is the expected one', () => {
  it.each(cases)('$name $settings $loss', async ({ name, loss, settings }) => {
    const head = heads.find((one) => one.name === name);
    if (!head) throw new Error(`no head ${name}`);
    const plan: TrainingPlan = {
      ...tinyPlan,
      backbone: plain,
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
    const expected = head.expectedLoss(settings, classes, 128, loss) ?? Number.NaN;
    expect(Math.abs(first.loss / expected - 1)).toBeLessThan(0.04);
  });
});

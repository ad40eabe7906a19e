import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { backbones } from '../../../src/core/backbones/index.ts';
import { defined } from '../../../src/core/base/assert.ts';
import { buildLoss, type LossPlan } from '../../../src/core/compile/1-build.ts';
import { compileGradients, compileTraining } from '../../../src/core/compile/training.ts';
import { count } from '../../../src/core/graph/shape.ts';
import type { Value } from '../../../src/core/graph/value.ts';
import { topological } from '../../../src/core/graph/walk.ts';
import { heads } from '../../../src/core/heads/index.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { drawMask, initialise } from '../../../src/core/training/initialise.ts';
import { openSession } from '../../../src/main/engine/session.ts';
import type { Tensor } from '../../../src/main/engine/tensor.ts';
import { rules } from '../../../src/main/engine/tfjs/rules.ts';
import { differentiate } from '../../../src/main/engine/tfjs/step.ts';
import { openTfjsTrainer } from '../../../src/main/engine/tfjs/trainer.ts';
import { openTrainer } from '../../../src/main/engine/train-session.ts';
import type { StepResult, Trainer } from '../../../src/main/engine/trainer.ts';
import { constantOf } from '../../support/reference/constant.ts';
import { formulaBatch } from '../../support/reference/formula.ts';
import { networks } from './tfjs-networks.ts';

beforeAll(async () => {
  tf.env().set('IS_TEST', true); // no advertisement in the log
  await tf.setBackend('cpu');
});

/** Largest difference, as a part of the largest number. */
function apart(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const [a, b] = [Array.from(got), Array.from(wanted)];
  const largest = Math.max(...b.map(Math.abs));
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)))) / Math.max(largest, 1e-6);
}

describe.each(networks)('$title', (plan) => {
  const seed = 3;

  it('has the loss and the derivatives that tfjs finds', async () => {
    const { images, labels } = formulaBatch(0, plan.batch, plan.size, plan.classes);
    const compiled = compileGradients(plan);
    const feeds: Record<string, Tensor> = {
      images: { shape: [plan.batch, plan.size, plan.size, 3], data: images },
      labels: { shape: [plan.batch], data: labels },
    };
    const tensors = new Map<string, tf.Tensor>([
      ['images', tf.tensor4d(Float32Array.from(images), [plan.batch, plan.size, plan.size, 3])],
      ['labels', tf.tensor1d(labels, 'int32')],
    ]);
    for (const { name, shape, rate } of compiled.masks) {
      const data = drawMask(name, shape, rate, seed, 0);
      feeds[name] = { shape, data };
      tensors.set(name, tf.tensor(Float32Array.from(data), [...shape], 'float32'));
    }
    const built = buildLoss(plan);
    for (const { name, shape, initial } of built.net.running)
      tensors.set(name, tf.fill([...shape], constantOf(initial)));
    for (const { name, shape, initial } of compiled.running)
      feeds[name] = { shape, data: new Float32Array(count(shape)).fill(constantOf(initial)) };
    for (const { name, shape, initial } of compiled.state) {
      const data = initialise({ name, shape, initial }, seed).map((value, i) => value + 0.05 * Math.sin(i));
      feeds[name] = { shape, data };
      tensors.set(name, tf.tensor(data, [...shape], 'float32'));
    }
    const session = await openSession({ name: 'test', bytes: writeOnnx(compiled.model) }, { threads: 1 });
    const wanted = tf.tidy(() => {
      const { figures, gradients } = differentiate(tf, built, tensors);
      return {
        loss: figures.loss[0] ?? Number.NaN,
        gradients: gradients.map((gradient) => Array.from(gradient.dataSync())),
      };
    });
    try {
      const outputs = await session.run(feeds);
      expect(apart([Number(outputs['loss']?.data[0])], [wanted.loss])).toBeLessThan(1e-5);
      compiled.state.forEach(({ name }, i) => {
        const got = outputs[`${name}:gradient`]?.data;
        if (!(got instanceof Float32Array)) throw new Error(`no derivative by ${name}`);
        expect(Math.max(...(wanted.gradients[i] ?? []).map(Math.abs)), name).toBeGreaterThan(0);
        expect(apart(got, wanted.gradients[i] ?? []), name).toBeLessThan(5e-4);
      });
    } finally {
      await session.close();
      tf.dispose([...tensors.values()]);
    }
  });

  it('trains as in onnxruntime, goes back and continues', async () => {
    const n = plan.batch * plan.accumulation;
    const steps = async (trainer: Trainer, from: number, to: number): Promise<StepResult[]> => {
      const results: StepResult[] = [];
      for (let step = from; step < to; step++) {
        const result = await trainer.run({ ...formulaBatch(step, n, plan.size, plan.classes), rate: 0.02 });
        results.push(structuredClone(result));
      }
      return results;
    };
    const ours = await openTrainer(compileTraining(plan), { seed, threads: 1 });
    const held = tf.memory().numTensors;
    const theirs = await openTfjsTrainer(plan, { seed }, tf);
    try {
      const wanted = await steps(ours, 0, 5);
      const got = await steps(theirs, 0, 5);
      wanted.forEach((result, i) => {
        for (const name of ['loss', 'gradientNorm'] as const)
          expect(Math.abs((got[i]?.[name] ?? Number.NaN) / result[name] - 1), `${name} ${i}`).toBeLessThan(
            1e-4,
          );
        expect(got[i]?.ranks).toEqual(result.ranks);
        for (const name of ['norms', 'cosines', 'probes'] as const)
          expect(apart(got[i]?.[name] ?? [], result[name]), `${name} ${i}`).toBeLessThan(1e-3);
      });
      const [our, their] = [ours.save(), theirs.save()];
      expect(their.step).toBe(5);
      expect([...their.tensors.keys()].toSorted()).toEqual([...our.tensors.keys()].toSorted());
      for (const [name, data] of our.tensors)
        expect(apart(their.tensors.get(name) ?? [], data), name).toBeLessThan(2e-3);

      const [sixth] = await steps(theirs, 5, 6);
      theirs.revert();
      expect(theirs.save()).toEqual(their);
      expect(await steps(theirs, 5, 6)).toEqual([sixth]);
      theirs.restore(their);
      expect(await steps(theirs, 5, 6)).toEqual([sixth]);
      // a run may change engines
      ours.restore(their);
      const [elsewhere] = await steps(ours, 5, 6);
      expect(Math.abs((elsewhere?.loss ?? Number.NaN) / (sixth?.loss ?? 0) - 1)).toBeLessThan(1e-4);
    } finally {
      await theirs.close();
      await ours.close();
    }
    expect(tf.memory().numTensors).toBe(held);
  });
});

describe('a trainer by tfjs', () => {
  const [plan] = networks;
  if (!plan) throw new Error('there is a network');

  it('refuses the state of another network and names the tensor', async () => {
    const trainer = await openTfjsTrainer(plan, { seed: 1 }, tf);
    const { step, tensors } = trainer.save();
    const name = [...tensors.keys()][0] ?? '';
    expect(() =>
      trainer.restore({ step, tensors: new Map([...tensors, [name, new Float32Array(3)]]) }),
    ).toThrow(
      expect.objectContaining({ code: 'training/state-mismatch', values: expect.objectContaining({ name }) }),
    );
    await trainer.close();
    await trainer.close();
  });

  it('says what failed where a step does', async () => {
    const broken: typeof tf = { ...tf, valueAndGrads: () => expect.fail('no memory') };
    const trainer = await openTfjsTrainer(plan, { seed: 1 }, broken);
    const before = trainer.save();
    const batch = { ...formulaBatch(0, plan.batch, plan.size, plan.classes), rate: 0.1 };
    await expect(trainer.run(batch)).rejects.toMatchObject({
      code: 'engine/run-failed',
      message: expect.stringContaining('no memory'),
    });
    expect(trainer.save()).toEqual(before);
    await trainer.close();
  });
});

describe('every network that a recipe may name', () => {
  /** Operators without a rule, after composed ones are replaced. */
  function strange(results: readonly Value[]): string[] {
    const found = new Set<string>();
    const seen = new Set<Value>();
    const waiting = [...results];
    for (let value = waiting.pop(); value; value = waiting.pop()) {
      for (const each of topological([value], (known) => seen.has(known))) {
        seen.add(each);
        const { name, form } = each.op;
        if (name === 'input' || name === 'constant' || rules.has(name)) continue;
        if (form.kind === 'composed') waiting.push(form.lower(each));
        else found.add(name);
      }
    }
    return [...found];
  }

  /** Every backbone with some head, and every head with some backbone. */
  const pairs = Array.from({ length: Math.max(backbones.length, heads.length) }, (_, i) => ({
    backbone: defined(backbones[i % backbones.length], 'a backbone'),
    head: defined(heads[i % heads.length], 'a head'),
  }));

  it.each(pairs)('$backbone.name with $head.name is understood', ({ backbone, head }) => {
    const plan: LossPlan = {
      backbone,
      settings: { ...backbone.defaults, dropout: 0.2 },
      size: backbone.input,
      pixels: { mean: 127.5, deviation: 127.5, order: 'bgr' },
      head,
      headSettings: Object.values(head.presets)[0] ?? {},
      classes: 10,
      batch: 2,
      loss: { kind: 'focal', gamma: 2, form: 'sample' },
    };
    const { net, loss, looks, told } = buildLoss(plan);
    const running = net.running.flatMap(({ next }) => (next ? [next] : []));
    expect(strange([loss, ...Object.values(looks), ...(told ? [told.numbers] : []), ...running])).toEqual([]);
  });
});

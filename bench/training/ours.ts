import type { Backbone } from '../../src/core/backbones/backbone.ts';
import { backbones } from '../../src/core/backbones/index.ts';
import { defined } from '../../src/core/base/assert.ts';
import { seededRandom } from '../../src/core/base/random.ts';
import { compileTraining, type TrainingPlan } from '../../src/core/compile/training.ts';
import { count } from '../../src/core/graph/shape.ts';
import { arcface } from '../../src/core/heads/arcface.ts';
import { openTrainer } from '../../src/main/engine/train-session.ts';
import { detectBlock } from '../../src/main/engine/train-target.ts';

/** Milliseconds a step, by the clock and of the processor, and the most memory so far in MB. */
export interface Measured {
  readonly ms: number;
  readonly processor: number;
  readonly megabytes: number;
}

export interface Ours {
  /** Milliseconds of the processor until the first step can begin: derivatives, rules, onnxruntime's session. */
  readonly compile: number;
  /** How many numbers are trained. */
  readonly trained: number;
  step(): Promise<void>;
  measure(steps: number): Promise<Measured>;
  close(): Promise<void>;
}

const used = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** Sides of the pictures: 112, or what a network needs that cannot take these. */
export function sideOf({ input, multipleOf = 1 }: Backbone): number {
  return 112 % multipleOf === 0 ? 112 : input;
}

/** What trains a network with ArcFace on noise; pytorch.py does the same. */
export async function openOurs(name: string, batch: number, threads: number, classes: number): Promise<Ours> {
  const backbone = defined(
    backbones.find((one) => one.name === name),
    `the network ${name}`,
  );
  const size = sideOf(backbone);
  const plan: TrainingPlan = {
    backbone,
    settings: backbone.defaults,
    size,
    pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' },
    head: arcface,
    headSettings: { scale: 32, margin: 0.35 },
    ...{ classes, batch },
    loss: { kind: 'cross-entropy', smoothing: 0 },
    accumulation: 1,
    optimizer: { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 5e-4, clipNorm: null },
  };
  const block = await detectBlock();
  const before = process.cpuUsage();
  const compiled = compileTraining(plan, { block });
  const trainer = await openTrainer(compiled, { seed: 1, threads });
  const compile = used(before);
  const random = seededRandom(1);
  const images = new Uint8Array(batch * size * size * 3).map(() => random.int(256));
  const labels = new Int32Array(batch).map(() => random.int(classes));
  const step = async (): Promise<void> => {
    await trainer.run({ images, labels, rate: 0.01 });
  };
  const parameters = compiled.state.filter(({ kind }) => kind === 'parameter');
  return {
    compile,
    trained: parameters.reduce((sum, { shape }) => sum + count(shape), 0),
    step,
    async measure(steps) {
      const [start, since] = [performance.now(), process.cpuUsage()];
      for (let i = 0; i < steps; i++) await step();
      const ms = (performance.now() - start) / steps;
      return {
        ...{ ms, processor: used(since) / steps },
        megabytes: Math.round(process.resourceUsage().maxRSS / 1024),
      };
    },
    close: () => trainer.close(),
  };
}

import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { assert, defined } from '../../../core/base/assert.ts';
import { type BuiltLoss, buildLoss } from '../../../core/compile/1-build.ts';
import { type Optimized, optimize } from '../../../core/compile/3-optimizer.ts';
import { type Figure, specificsOf, type TrainingPlan } from '../../../core/compile/training.ts';
import { input, scalar } from '../../../core/graph/builder.ts';
import type { Value } from '../../../core/graph/value.ts';
import type { Mask } from '../../../core/layers/net.ts';
import type { Initialised } from '../../../core/training/initialise.ts';
import type { StepResult } from '../trainer.ts';
import { resultOf } from '../trainer-parts.ts';
import { type Feeds, interpret } from './interpret.ts';
import type { Tf } from './tf.ts';

/** One step of training, ready to be computed. */
export interface TfjsStep {
  readonly state: readonly Initialised[];
  readonly masks: readonly Mask[];
  /** The state's successors, which are the caller's to dispose of. `feeds` makes what one batch of the step needs. */
  run(state: Feeds, feeds: (part: number) => Feeds, rate: number): { result: StepResult; next: Feeds };
}

const gradientOf = (name: string): string => `${name}:gradient`;

export function buildStep(tf: Tf, plan: TrainingPlan): TfjsStep {
  const built = buildLoss(plan);
  const { net } = built;
  const gradients = net.parameters.map(({ name, shape }) => input(gradientOf(name), shape));
  const optimized = optimize(
    net.parameters,
    gradients,
    input('rate', []),
    plan.optimizer,
    specificsOf(plan, built),
  );
  const constant = (value: number) => ({ kind: 'constant', value }) as const;
  const state: readonly Initialised[] = [
    ...net.parameters,
    ...net.running,
    ...optimized.slots.map(({ name, shape }) => ({ name, shape, initial: constant(0) })),
  ];
  return {
    state,
    masks: net.masks,
    run(now, feeds, rate) {
      const results: StepResult[] = [];
      const tensors = tf.tidy(() => {
        const parts: Differentiated[] = [];
        for (let part = 0; part < plan.accumulation; part++) {
          const running = parts.at(-1)?.running ?? new Map<string, Tensor>();
          parts.push(differentiate(tf, built, new Map([...now, ...running, ...feeds(part)])));
        }
        const means = gradients.map((_, i) =>
          tf.div(tf.addN(parts.map((part) => defined(part.gradients[i], 'a derivative'))), parts.length),
        );
        const named = net.parameters.map(
          ({ name }, i) => [gradientOf(name), defined(means[i], name)] as const,
        );
        const optimizing = new Map<string, Tensor>([...now, ...named, ['rate', tf.scalar(rate)]]);
        const [norm, ...next] = interpret(tf, [optimized.gradientNorm, ...successors(optimized)], optimizing);
        const gradientNorm = floats(defined(norm, 'the norm'));
        results.push(
          resultOf(
            (name) =>
              name === 'gradientNorm'
                ? gradientNorm
                : Float32Array.from(parts.flatMap(({ figures }) => [...figures[name]])),
            built.told?.names ?? [],
          ),
        );
        const names = [...net.parameters, ...optimized.slots].map(({ name }) => name);
        return Object.fromEntries([
          ...(parts.at(-1)?.running ?? []),
          ...names.map((name, i) => [name, defined(next[i], name)] as const),
        ]);
      });
      for (const tensor of Object.values(tensors)) tf.keep(tensor);
      return {
        result: defined(results[0], 'the result'),
        next: new Map(state.map(({ name }) => [name, defined(tensors[name], name)])),
      };
    },
  };
}

function successors({ parameters, slots }: Optimized): Value[] {
  return [...parameters, ...slots.map(({ next }) => next)];
}

interface Differentiated {
  readonly figures: Readonly<Record<Exclude<Figure['name'], 'gradientNorm'>, Float32Array>>;
  /** By the parameters, in their order. */
  readonly gradients: readonly Tensor[];
  readonly running: ReadonlyMap<string, Tensor>;
}

/** Loss and derivatives of one batch; inside a tidy. */
export function differentiate(tf: Tf, { net, loss, looks, told }: BuiltLoss, feeds: Feeds): Differentiated {
  const { ranks, norms, cosines, probes, others: notOwn } = looks;
  const running = net.running.map(({ name, next }) => defined(next, `the next ${name}`));
  let others: readonly Tensor[] = [];
  const forward = (...parameters: Tensor[]): Scalar => {
    const fed = net.parameters.map(({ name }, i) => [name, defined(parameters[i], name)] as const);
    const [lost, ...rest] = interpret(
      tf,
      [loss, ranks, norms, cosines, probes, notOwn, told?.numbers ?? scalar(0), ...running],
      new Map([...feeds, ...fed]),
    );
    others = rest.map((tensor) => tf.keep(tf.clone(tensor)));
    return tf.reshape(defined(lost, 'the loss'), []);
  };
  const parameters = net.parameters.map(({ name }) => defined(feeds.get(name), name));
  const { value, grads } = tf.valueAndGrads(forward)(parameters);
  const data = others.slice(0, 6).map(floats);
  // a tensor that was kept outlives the tidy: its copy does not
  const copies = others.slice(6).map((tensor) => tf.clone(tensor));
  for (const tensor of others) tensor.dispose();
  const [r, l, c, p, o, t] = data;
  assert(r && l && c && p && o && t, 'six looks at a step');
  return {
    figures: { loss: floats(value), ranks: r, norms: l, cosines: c, probes: p, others: o, told: t },
    gradients: grads,
    running: new Map(net.running.map(({ name }, i) => [name, defined(copies[i], name)])),
  };
}

function floats(tensor: Tensor): Float32Array {
  return Float32Array.from(tensor.dataSync());
}

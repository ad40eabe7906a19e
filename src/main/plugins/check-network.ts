import type { Backbone, BackboneSettings } from '../../core/backbones/backbone.ts';
import { defined } from '../../core/base/assert.ts';
import { seededRandom } from '../../core/base/random.ts';
import { buildLoss, type LossPlan } from '../../core/compile/1-build.ts';
import { expectedFirstLoss } from '../../core/compile/first-loss.ts';
import type { TrainingPlan } from '../../core/compile/training.ts';
import { input } from '../../core/graph/builder.ts';
import { topological } from '../../core/graph/walk.ts';
import { arcface } from '../../core/heads/arcface.ts';
import type { Head } from '../../core/heads/head.ts';
import { linear } from '../../core/layers/linear.ts';
import { openNet, type Parameter, parameterCount } from '../../core/layers/net.ts';
import { flatten } from '../../core/layers/shape.ts';
import { headSettingsOf } from '../../core/recipe/plan.ts';
import { openTrainerFor } from '../engine/open-trainer.ts';
import type { Trainer } from '../engine/trainer.ts';
import { runPlugin } from './load.ts';
import { asBackbone, asHead } from './networks.ts';
import { failure, lineInStack, type PluginText } from './place.ts';

const [batch, classes] = [4, 6];

/** Pictures as they are: what a head is tried with. */
const plain: Backbone = {
  ...{ name: 'plain', title: 'Plain', input: 8, defaults: { embedding: 16, dropout: 0 } },
  build: (net, x, { embedding }) => linear(net, 'plain', flatten(x), { out: embedding }),
};

/**
 * Builds a backbone or head, counts its parameters, and takes steps with it on random pictures: the loss must be a number,
 * every parameter must be moved, and the loss must fall as the derivative says. Error: `plugin/failed`, which names the line.
 */
export async function checkNetwork(
  kind: 'backbone' | 'head',
  plugin: PluginText,
  threads: number,
): Promise<string[]> {
  const made = await runPlugin(plugin);
  const backbone = kind === 'backbone' ? asBackbone(plugin, made, 'plugin:checked') : plain;
  const head = kind === 'head' ? asHead(plugin, made, 'plugin:checked') : arcface;
  const plan = planFor(backbone, head);
  const lines = parameterLines(plugin, plan);
  const { net, loss } = buildLoss(plan);
  const unreached = unreachedBy(net.parameters, loss);
  if (unreached.length > 0)
    throw withoutDerivative(plugin, unreached, lines, 'is not part of what is computed');
  const found = [
    kind === 'backbone'
      ? `It has ${count(parametersOf(backbone, plan))} parameters and makes ${plan.settings.embedding} numbers of a picture of ${plan.size} pixels.`
      : `It is built for ${classes} classes and has ${count(parameterCount(net) - parametersOf(backbone, plan))} parameters there.`,
  ];
  const trainer = await openTrainerFor(plan, { engine: 'onnxruntime', provider: 'cpu', threads, seed: 3 });
  try {
    found.push(...(await steps(plugin, plan, trainer, net.parameters, lines)));
  } finally {
    await trainer.close();
  }
  return found;
}

function planFor(backbone: Backbone, head: Head): TrainingPlan {
  // Dropout draws anew at every step, and losses are compared here.
  const settings: BackboneSettings = { ...backbone.defaults, dropout: 0 };
  const optimizer = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0, clipNorm: null } as const;
  return {
    ...{ backbone, settings, head, headSettings: headSettingsOf(head, {}), classes, batch, optimizer },
    size: backbone.input,
    pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' },
    loss: { kind: 'cross-entropy', smoothing: 0 },
    accumulation: 1,
  };
}

function parametersOf(backbone: Backbone, { settings, size }: LossPlan): number {
  const net = openNet(true);
  backbone.build(net, input('pictures', [batch, 3, size, size]), settings);
  return parameterCount(net);
}

/** In which line of the plugin each parameter is asked for: from the stack at the time. */
function parameterLines(plugin: PluginText, { backbone, head, settings, headSettings, size }: LossPlan) {
  const lines = new Map<string, number | null>();
  const list: Parameter[] = [];
  list.push = (...parameters) => {
    const before = Error.stackTraceLimit;
    Error.stackTraceLimit = 100;
    for (const { name } of parameters) lines.set(name, lineInStack(plugin.file, new Error().stack));
    Error.stackTraceLimit = before;
    return Array.prototype.push.apply(list, parameters);
  };
  const net = { ...openNet(true), parameters: list };
  const embeddings = backbone.build(net, input('pictures', [batch, 3, size, size]), settings);
  head.build(
    net,
    embeddings,
    input('target', [batch, classes]),
    headSettings,
    input('labels', [batch], 'int32'),
  );
  return lines;
}

function unreachedBy(
  parameters: readonly Parameter[],
  loss: Parameters<typeof topological>[0][number],
): string[] {
  const reached = new Set(
    topological([loss]).flatMap((value) => ('name' in value.attributes ? [value.attributes.name] : [])),
  );
  return parameters.flatMap(({ name }) => (reached.has(name) ? [] : [name]));
}

function withoutDerivative(
  plugin: PluginText,
  names: readonly string[],
  lines: ReadonlyMap<string, number | null>,
  why: string,
): Error {
  // of a head, those before it can be still too: its own say more
  const first = names.find((name) => typeof lines.get(name) === 'number') ?? names[0] ?? '';
  const more = names.length > 1 ? ` (and ${names.length - 1} more)` : '';
  return failure(
    plugin,
    lines.get(first) ?? null,
    `the parameter “${first}”${more} ${why}: it would never be trained.`,
  );
}

const rates = [1e-4, 1e-3, 1e-5] as const;

async function steps(
  plugin: PluginText,
  plan: TrainingPlan,
  trainer: Trainer,
  parameters: readonly Parameter[],
  lines: ReadonlyMap<string, number | null>,
): Promise<string[]> {
  const random = seededRandom(9);
  const images = Uint8Array.from({ length: batch * plan.size ** 2 * 3 }, () => random.int(256));
  const labels = Int32Array.from({ length: batch }, (_, i) => i % classes);
  const first = trainer.save();
  const { loss, gradientNorm } = await trainer.run({ images, labels, rate: 1e-3 });
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm))
    throw failure(plugin, null, `the first loss is ${loss} and the derivative’s length ${gradientNorm}.`);
  const expected = expectedFirstLoss(plan);
  const from = performance.now();
  for (let i = 0; i < 2; i++) await trainer.run({ images, labels, rate: 1e-3 });
  const ms = (performance.now() - from) / 2;
  const still = parameters.flatMap(({ name }) => {
    const before = defined(first.tensors.get(name), name);
    return trainer.read(name).every((number, i) => number === before[i]) ? [name] : [];
  });
  if (still.length > 0) throw withoutDerivative(plugin, still, lines, 'has no derivative');

  // loss(w − r·g) ≈ loss(w) − r·‖g‖²
  const ratios: number[] = [];
  for (const rate of rates) {
    trainer.restore(first);
    await trainer.run({ images, labels, rate });
    const next = await trainer.run({ images, labels, rate: 0 });
    ratios.push((loss - next.loss) / (rate * gradientNorm ** 2));
  }
  const ratio = ratios.reduce((best, one) => (Math.abs(one - 1) < Math.abs(best - 1) ? one : best));
  const length = `the derivative’s length is ${gradientNorm.toPrecision(3)}`;
  return [
    `The first loss is ${loss.toPrecision(4)}${expected === null ? '' : `; random weights should give about ${expected.toPrecision(4)}`}.`,
    Math.abs(ratio - 1) < 0.3
      ? `The loss falls as the derivative says (${(100 * ratio).toFixed(0)} % of it; ${length}).`
      : `The loss does not fall as the derivative says (${(100 * ratio).toFixed(0)} % of it; ${length}): something is held constant, or has a step.`,
    `A step of ${batch} pictures took ${ms.toFixed(0)} ms.`,
  ];
}

const count = (value: number): string => value.toLocaleString('en');

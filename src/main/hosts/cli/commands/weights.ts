import { resolve } from 'node:path';
import { layouts } from '../../../../core/weights/layouts.ts';
import type { WeightsReport } from '../../../../core/weights/match.ts';
import { type Call, type Command, count, numbers, oneOf, table, text, UsageError } from '../command.ts';
import { destination, destinationOf } from '../destination.ts';
import { runOf } from '../follow-run.ts';
import { checkpointOf } from './training-runs.ts';

const source = {
  backbone: { type: 'string', about: 'the network that it is of (whichever fits)' },
  size: { type: 'string', about: 'sides of its pictures (as its shapes tell)' },
} as const;

const sourceOf = ({ words, options }: Call) => ({
  path: resolve(words[0] ?? ''),
  backbone: text(options, 'backbone'),
  size: count(options, 'size', 16),
});

/** How a file fits, in lines; with every name where `all`. */
function reportLines(report: WeightsReport, all: boolean): string[] {
  const { backbone, embedding, size, layout, prefix, where, wanted, matched, missing, otherShape } = report;
  const { unused, counters, facts } = report;
  const around = [
    ...(where === '' ? [] : [`in ${where}`]),
    ...(prefix === '' ? [] : [`names begin with ${prefix}`]),
    ...Object.entries(facts).map(([name, value]) => `${name} ${value}`),
  ];
  const list = (title: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${title}: ${names.length}`, ...(all ? names.map((name) => `  ${name}`) : [])];
  const shapes = otherShape.map(({ theirs, got, wanted: ours }) => [theirs, `${got}`, `${ours}`]);
  return [
    `${backbone}, embedding ${embedding}, pictures of ${size}×${size}: ${matched} of ${wanted} tensors, ${report.numbers} numbers`,
    `layout ${layout}${around.length === 0 ? '' : ` (${around.join('; ')})`}`,
    ...list('missing in the file, left as they were', missing),
    ...(shapes.length === 0 ? [] : [`of other shapes, left as they were: ${shapes.length}`]),
    ...(shapes.length === 0 || !all ? [] : [table(['name', 'in the file', 'in the network'], shapes)]),
    ...list('not of the network, left out', unused),
    ...(counters === 0 ? [] : [`counters of batches, not needed: ${counters}`]),
  ];
}

export const weightCommands: readonly Command[] = [
  {
    name: 'weights show',
    usage: 'FILE.pth [--backbone NAME]',
    about:
      'show what a checkpoint of PyTorch has of a network: what fits, what is missing, what is left over',
    words: [1, 1],
    options: source,
    run: async (call) => {
      const found = await call.client.call('weights.inspect', sourceOf(call));
      const lines = [found.path, ...reportLines(found, true)];
      return { json: found, text: lines.join('\n'), failed: !found.whole };
    },
  },
  {
    name: 'weights read',
    usage: 'FILE.pth [--backbone NAME] [--out MODEL.onnx]',
    about: 'make a model of a checkpoint of PyTorch (face.evoLVe, FaceX-Zoo); nothing in it is executed',
    words: [1, 1],
    options: {
      ...source,
      order: { type: 'string', about: 'rgb or bgr: of the colours (as its project has it)' },
      mean: { type: 'string', about: 'what is taken from a pixel (127.5)' },
      deviation: { type: 'string', about: 'what it is then divided by (127.5; FaceX-Zoo: 128)' },
      ...destination,
      out: { type: 'string', about: 'also write it as an ONNX file' },
    },
    run: async (call) => {
      const { client, options } = call;
      const { model, install, path: out } = destinationOf(call);
      const order = oneOf(options, 'order', ['rgb', 'bgr']);
      const mean = numbers(options, 'mean', [1])?.[0];
      const deviation = numbers(options, 'deviation', [1])?.[0];
      const stated = order !== null || mean !== undefined || deviation !== undefined;
      const usual = stated ? (await client.call('weights.inspect', sourceOf(call))).pixels : null;
      const made = await client.call('weights.import', {
        ...sourceOf(call),
        pixels: usual && {
          order: order ?? usual.order,
          mean: mean ?? usual.mean,
          deviation: deviation ?? usual.deviation,
        },
        ...{ model, install, out },
      });
      const { report, model: installed, path, bytes, parity } = made;
      const lines = [
        ...reportLines(report, false),
        `${path}: ${(bytes / 1e6).toFixed(1)} MB, differs by ${parity.toExponential(1)} at most`,
        ...(installed === null
          ? []
          : [`It is ${installed.card.id} in models list: ${JSON.stringify(installed.card.input)}`]),
      ];
      return { json: made, text: lines.join('\n') };
    },
  },
  {
    name: 'weights write',
    usage: 'RUN --out FILE.pth [--layout NAME]',
    about: 'write a trained network as a state dictionary that PyTorch loads',
    words: [1, 1],
    options: {
      out: { type: 'string', about: 'where to' },
      layout: { type: 'string', about: `whose names: ${layouts.join(', ')}` },
      checkpoint: { type: 'string', about: 'best (as it is), last, or a step' },
    },
    run: async (call) => {
      const { client, options } = call;
      const out = text(options, 'out');
      if (out === null) throw new UsageError('--out is missing: where is the file to go?');
      const layout = oneOf(options, 'layout', layouts);
      const { id } = await runOf(call, call.words[0]);
      const path = resolve(out);
      const written = await client.call('weights.export', {
        ...{ run: id, checkpoint: checkpointOf(call), path, layout },
      });
      const { step, bytes, tensors } = written;
      const line = `${path}: step ${step}, ${tensors} tensors named as in ${written.layout}, ${(bytes / 1e6).toFixed(1)} MB`;
      return { json: written, text: line };
    },
  },
];

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { error } from '../../../../core/base/errors.ts';
import type { ModelCard } from '../../../../core/contract/model-card.ts';
import { type Command, numbers, type Options, oneOf, table, text } from '../command.ts';

/** The card that was proposed, with what the user said put in. */
function describedCard(proposal: ModelCard, options: Options): ModelCard {
  const channels = proposal.input.colour === 'grey' ? 1 : 3;
  const each = (name: string): number[] | null => {
    const values = numbers(options, name, [1, 3]);
    return values?.length === 1 ? Array.from({ length: channels }, () => values[0] ?? 0) : values;
  };
  const input = {
    ...proposal.input,
    colour: oneOf(options, 'colour', ['rgb', 'bgr', 'grey']) ?? proposal.input.colour,
    mean: each('mean') ?? proposal.input.mean,
    std: each('std') ?? proposal.input.std,
    scale: numbers(options, 'scale', [1])?.[0] ?? proposal.input.scale,
  };
  const card = {
    ...proposal,
    input,
    id: text(options, 'id') ?? proposal.id,
    name: text(options, 'name') ?? proposal.name,
    licence: text(options, 'licence') ?? proposal.licence,
  };
  const threshold = numbers(options, 'threshold', [1])?.[0];
  if (threshold === undefined || card.task === 'landmarks') return card;
  return card.task === 'detector' ? { ...card, scoreThreshold: threshold } : { ...card, threshold };
}

export const modelCommands: readonly Command[] = [
  {
    name: 'doctor',
    usage: '',
    about: 'check this machine and the data folder',
    words: [0, 0],
    options: {
      devices: { type: 'boolean', about: 'also try every device, and half precision on it: some seconds' },
    },
    run: async ({ client, options }) => {
      const checks = await client.call('app.doctor', { devices: options['devices'] === true });
      const marks = { good: '✓', warning: '!', bad: '✗' };
      const lines = checks.flatMap(({ name, state, detail, hint }) => [
        `${marks[state]} ${name}: ${detail}`,
        ...(hint === '' ? [] : [`    ${hint}`]),
      ]);
      return {
        json: { good: checks.every((check) => check.state !== 'bad'), checks },
        text: lines.join('\n'),
      };
    },
  },
  {
    name: 'models list',
    usage: '',
    about: 'list the detectors, embeddings and landmark models',
    words: [0, 0],
    run: async ({ client }) => {
      const models = await client.call('models.list', {});
      const rows = models.map(({ card, builtIn, isDefault }) => [
        card.id,
        card.task,
        isDefault ? 'default' : '',
        builtIn ? 'built in' : 'imported',
        card.licence,
        card.name,
      ]);
      return { json: models, text: table(['id', 'task', '', 'from', 'licence', 'name'], rows) };
    },
  },
  {
    name: 'models import',
    usage: 'FILE.onnx',
    about: 'import a detector or embedding, described by a JSON card beside it or recognised from its shapes',
    words: [1, 1],
    options: {
      id: { type: 'string', about: 'what to call it' },
      name: { type: 'string', about: 'its name in full' },
      colour: { type: 'string', about: 'rgb, bgr or grey' },
      mean: { type: 'string', about: 'what is taken from a pixel: 127.5 or 104,117,123' },
      std: { type: 'string', about: 'what it is then divided by' },
      scale: { type: 'string', about: 'what a pixel is multiplied by first: 0.00392157 for 0..1' },
      threshold: { type: 'string', about: 'score of a face, or similarity of the same person' },
      licence: { type: 'string', about: 'its licence' },
    },
    run: async (call) => {
      const path = resolve(call.words[0] ?? '');
      const beside = existsSync(path.replace(/\.onnx$/i, '.json'));
      const described = Object.keys(call.options).some((name) => name !== 'data' && name !== 'json');
      if (beside && !described) {
        const model = await call.client.call('models.import', { path });
        return { json: model, text: `${model.card.id}: ${model.card.name} (${model.card.task})` };
      }
      const { proposal, questions, recognised } = await call.client.call('models.inspect', { path });
      if (proposal === null) throw error('model/unrecognised', { path, detail: recognised });
      const model = await call.client.call('models.import', {
        path,
        card: describedCard(proposal, call.options),
      });
      const open = questions.filter((question) => !(question.split('.').at(-1) === 'scoreThreshold'));
      const lines = [
        `${model.card.id}: ${recognised}`,
        `Shapes do not tell ${open.join(', ')}; what is usual was taken where no option says otherwise:`,
        JSON.stringify(model.card.input),
      ];
      return { json: { ...model, recognised, assumed: questions }, text: lines.join('\n') };
    },
  },
];

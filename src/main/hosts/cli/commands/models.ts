import { resolve } from 'node:path';
import { type Command, table } from '../command.ts';

export const modelCommands: readonly Command[] = [
  {
    name: 'doctor',
    usage: '',
    about: 'check this machine and the data folder',
    words: [0, 0],
    run: async ({ client }) => {
      const checks = await client.call('app.doctor', {});
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
    run: async ({ client, words }) => {
      const model = await client.call('models.import', { path: resolve(words[0] ?? '') });
      return { json: model, text: `${model.card.id}: ${model.card.name} (${model.card.task})` };
    },
  },
];

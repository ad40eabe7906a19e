import { backbones } from '../../../../core/backbones/index.ts';
import { backboneInfo } from '../../../../core/contract/backbone-info.ts';
import type { BackboneInfo, RecipeCheck } from '../../../../core/contract/training.ts';
import { heads } from '../../../../core/heads/index.ts';
import { type Answer, type Call, type Command, table, text, texts, UsageError } from '../command.ts';
import { followRun, runOf } from '../follow-run.ts';
import { readRecipe, withSettings } from '../read-recipe.ts';

const marks = { good: '✓', note: '·', warning: '!' } as const;

function checkText({ problems, findings, outlook, recipe }: RecipeCheck): string {
  if (problems.length > 0 || outlook === null) {
    return problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n');
  }
  const batch = recipe === null ? 0 : recipe.batch * recipe.accumulation;
  return [
    `${outlook.images} pictures of ${outlook.identities} identities to train on; ${outlook.heldOutImages} pictures of ${outlook.heldOutIdentities} held out`,
    `${outlook.steps} steps of ${batch} pictures, ${outlook.stepsPerEpoch} an epoch; ${outlook.parameters} parameters, about ${(outlook.memory / 1e9).toFixed(1)} GB of memory`,
    ...findings.flatMap(({ level, message, advice }) => [
      `${marks[level]} ${message}`,
      ...(advice === '' ? [] : [`    ${advice}`]),
    ]),
  ].join('\n');
}

/** One network with its settings, as `network.options` of a recipe takes them. */
function backboneText(info: BackboneInfo): string {
  const { name, title, family, parameters, multiplyAdds, perImage, input, multipleOf } = info;
  const rows = info.options.map((option) => [
    option.name,
    String(info.defaults[option.name] ?? ''),
    option.kind === 'number'
      ? `${option.least} to ${option.most}`
      : option.kind === 'choice'
        ? option.of.join(', ')
        : 'true, false',
    option.about,
  ]);
  return [
    `${name}: ${title}, of the family ${family}`,
    `${parameters} parameters; ${multiplyAdds} multiply-adds of one picture of ${input} pixels; about ${Math.round(perImage / 1e6)} MB for each picture of a batch in training`,
    `sides of the input are multiples of ${multipleOf}; embeddings of ${info.embedding} numbers and a dropout of ${info.dropout} unless a recipe says otherwise`,
    ...(rows.length === 0 ? [] : ['', table(['option', 'default', 'may be', ''], rows)]),
  ].join('\n');
}

async function check(call: Call, recipe: unknown): Promise<Answer> {
  const found = await call.client.call('training.check', { recipe });
  return { json: found, text: checkText(found), failed: found.problems.length > 0 };
}

/** What starts anew, goes on or is looked at: one of these is given. */
const ways = ['recipe', 'resume', 'check'] as const;

export const trainingCommands: readonly Command[] = [
  {
    name: 'train',
    usage: '--recipe FILE',
    about: 'train a network by a recipe (JSON); Ctrl-C pauses it',
    words: [0, 0],
    options: {
      recipe: { type: 'string', about: 'the recipe; data.version is a version’s name or hash' },
      name: { type: 'string', about: 'what to call the run' },
      set: { type: 'string', multiple: true, about: 'path=value: another setting than the recipe’s' },
      resume: { type: 'string', about: 'go on with a run, by its name or number' },
      check: { type: 'string', about: 'say what a recipe amounts to, and what is wrong with it' },
    },
    run: async (call) => {
      const given = ways.filter((way) => call.options[way] !== undefined);
      const [way] = given;
      if (way === undefined || given.length > 1) {
        throw new UsageError(`train takes one of ${ways.map((one) => `--${one}`).join(', ')}`);
      }
      const what = text(call.options, way) ?? '';
      const settings = texts(call.options, 'set');
      if (way === 'resume') {
        if (settings.length > 0)
          throw new UsageError('a run goes on with its own recipe; run fork takes another');
        const { id } = await runOf(call, what);
        return await followRun(call, await call.client.call('runs.continue', { run: id }));
      }
      const recipe = withSettings(await readRecipe(what), settings);
      if (way === 'check') return await check(call, recipe);
      const name = text(call.options, 'name');
      return await followRun(call, await call.client.call('runs.start', { recipe, name }));
    },
  },
  {
    name: 'backbones',
    usage: '[WORD …]',
    about: 'list the networks that a recipe may name; with words, those that have all of them in their names',
    words: [0, 20],
    options: { imported: { type: 'boolean', about: 'embedding models that training can go on from' } },
    run: async ({ words, options, client }) => {
      const wanted = words.map((word) => word.toLowerCase());
      const known =
        options['imported'] === true
          ? (await client.call('training.catalogue', {})).backbones.filter(({ fixed }) => fixed !== null)
          : backbones;
      const rows = known
        .filter(({ name, title, family = '' }) => {
          const said = `${name} ${title} ${family}`.toLowerCase();
          return wanted.every((word) => said.includes(word));
        })
        .map((one) => ('build' in one ? backboneInfo(one) : one));
      if (rows.length === 1 && rows[0]) return { json: rows, text: backboneText(rows[0]) };
      const columns = ['name', 'parameters', 'multiply-adds', 'MB a picture', 'input', 'title'];
      const cells = rows.map(({ name, parameters, multiplyAdds, perImage, input, title }) => [
        ...[name, parameters, multiplyAdds, Math.round(perImage / 1e6), input, title],
      ]);
      return { json: rows, text: rows.length === 0 ? 'no network is called so' : table(columns, cells) };
    },
  },
  {
    name: 'heads',
    usage: '',
    about: 'list the heads that a recipe may name, with their presets',
    words: [0, 0],
    run: async () => {
      const rows = heads.map(({ name, title, family, about, held, presets, options }) => ({
        ...{ name, title, family, about, held, presets, options },
      }));
      const cells = rows.flatMap(({ name, presets }) =>
        Object.entries(presets).map(([from, settings]) => [
          name,
          from,
          Object.entries(settings)
            .map(([key, value]) => `${key} ${value}`)
            .join(', '),
        ]),
      );
      return { json: rows, text: table(['name', 'preset', 'settings'], cells) };
    },
  },
];

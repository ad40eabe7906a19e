import { tmpdir } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { backbones } from '../../../core/backbones/index.ts';
import { defined } from '../../../core/base/assert.ts';
import { error } from '../../../core/base/errors.ts';
import { expectedFirstLoss } from '../../../core/compile/first-loss.ts';
import { backboneInfo } from '../../../core/contract/backbone-info.ts';
import type { BackboneInfo, HeadInfo, TrainingCatalogue } from '../../../core/contract/training.ts';
import type { Head } from '../../../core/heads/head.ts';
import { heads } from '../../../core/heads/index.ts';
import { recipeJsonSchema, requireRecipe } from '../../../core/recipe/parse.ts';
import { planOf } from '../../../core/recipe/plan.ts';
import { scaleTemplate } from '../../../core/recipe/scale-template.ts';
import { templates } from '../../../core/recipe/templates.ts';
import type { TrialSetup } from '../../jobs/train-protocol.ts';
import { getVersionDetail } from '../../store/versions.ts';
import { runJob } from '../../workers/run.ts';
import { abortSignal } from '../abort.ts';
import type { Context } from '../context.ts';
import { extrasFor } from '../extras.ts';
import { checkRecipe, findingsMeasured, recipeCheck } from '../training-check.ts';
import { trainingData } from '../training-data.ts';
import type { Devices } from '../training-devices.ts';
import { trainSetup } from '../training-setup.ts';
import { startSetup } from '../training-start.ts';
import { teacherSetup } from '../training-teacher.ts';
import { resolveVersion } from '../versions.ts';
import type { Part } from './part.ts';

type Known = Omit<TrainingCatalogue, 'devices' | 'plugins'>;

function headInfo({ name, title, family, about, presets, options, held, compares }: Head): HeadInfo {
  return { name, title, family, about, presets, options, held, compares: compares ?? null };
}

/**
 * What can be trained and how: the same for all data. Building every network once takes a third of a second in all; other
 * calls are answered in between.
 */
async function knownNetworks(): Promise<Known> {
  const counted: BackboneInfo[] = [];
  for (const backbone of backbones) {
    counted.push(backboneInfo(backbone));
    await setImmediate();
  }
  return {
    backbones: counted,
    heads: heads.map(headInfo),
    templates: templates.map(({ id, title, about }) => ({ id, title, about })),
    schema: recipeJsonSchema(),
  };
}

export function trainingHandlers(context: Context, devices: Devices): Part<'training'> {
  const { store } = context;
  let known: Promise<Known> | null = null;
  return {
    'training.catalogue': async () => {
      known ??= knownNetworks();
      const { backbones: networks, heads: losses, ...rest } = await known;
      const own = await context.plugins.extras();
      return {
        ...rest,
        backbones: [...networks, ...(await context.backbones.infos()), ...own.backbones.map(backboneInfo)],
        heads: [...losses, ...own.heads.map(headInfo)],
        plugins: await context.plugins.list(),
        devices: await devices.all(),
      };
    },
    'training.template': async ({ template: id, version }) => {
      const template = templates.find((one) => one.id === id);
      if (template === undefined) {
        const all = templates.map((one) => one.id).join(', ');
        throw error('recipe/unknown-template', { template: id, known: all });
      }
      const { id: number, hash } = resolveVersion(store, version);
      const { sizes } = defined(getVersionDetail(store, number), 'the version');
      const automatic = (await devices.all()).find((device) => device.automatic);
      const memory = process.availableMemory();
      return scaleTemplate(template, {
        ...(template.recipe.distillation && { teacher: `onnx:${context.shelf.embedding(null).card.id}` }),
        version: hash,
        sizes,
        memory,
        provider: automatic?.provider ?? 'cpu',
      });
    },
    'training.check': ({ recipe }) => recipeCheck(context, devices, recipe),
    'training.trial': async ({ recipe: json, steps }, { signal, progress }) => {
      const found = await checkRecipe(context, devices, json);
      if (found.checked === null) {
        requireRecipe(json); // says what is wrong where the recipe itself is
        throw error('recipe/invalid', {
          problems: found.problems.map(({ path, message }) => `${path}: ${message}`).join('; '),
        });
      }
      const { recipe, facts, start, teacher } = found.checked;
      const data = trainingData(store, recipe);
      // A trial writes nothing: any folder will do.
      const { setup } = await trainSetup(context, devices, recipe, data, tmpdir());
      progress({ done: 0, total: steps, detail: 'Compiling the network' });
      const summary = await runJob({
        ...{ entry: context.workerEntry, kind: 'trial', host: {}, signal: abortSignal(signal) },
        setup: {
          ...{ ...setup, trialSteps: steps },
          ...startSetup(start),
          ...(await teacherSetup(context, recipe, teacher?.run?.path ?? '')),
        } satisfies TrialSetup,
        onProgress: (done, total) => progress({ done, total, detail: `Step ${done} of ${total ?? steps}` }),
        onLog: () => {},
      });
      const extras = await extrasFor(context, recipe);
      const measured = {
        firstLoss: summary['firstLoss'] ?? Number.NaN,
        // Numbers that know something already may give any loss.
        expectedLoss: start !== null ? null : expectedFirstLoss(planOf(recipe, setup.classes, extras)),
        msPerStep: summary['msPerStep'] ?? Number.NaN,
        teacherMs: summary['teacherMs'] ?? 0,
        memory: summary['memory'] ?? 0,
      };
      return {
        ...{ provider: facts.device.provider, steps, ...measured },
        seconds: (facts.outlook.steps * measured.msPerStep) / 1000,
        findings: findingsMeasured(found.checked, measured),
      };
    },
  };
}

import { type ErrorInfo, toErrorInfo } from '../../core/base/errors.ts';
import type { Run, RunDetail } from '../../core/contract/runs.ts';
import type { Finding, Problem, RecipeOutlook } from '../../core/contract/training.ts';
import type { Version } from '../../core/contract/versions.ts';
import { parseRecipe } from '../../core/recipe/parse.ts';
import type { Recipe } from '../../core/recipe/recipe.ts';
import type { App } from './app.svelte.ts';
import { type JsonFault, readJson } from './json-text.ts';
import { type Json, readAt, writeAt } from './json-tree.ts';
import { recipeFields } from './recipe-fields.ts';
import { debounce } from './throttle.ts';
import { TrialState } from './trial.svelte.ts';
import type { WizardStep } from './wizard-steps.ts';

/** Nothing chosen yet. */
const blank: Json = {};

/** The run whose recipe is gone on from. */
export type Origin = Pick<RunDetail, 'id' | 'name' | 'checkpoints'>;

/** A look at a recipe by the application, which knows the data. */
interface Look {
  readonly problems: readonly Problem[];
  readonly findings: readonly Finding[];
  readonly outlook: RecipeOutlook | null;
}

/** A recipe in the making. It lives as long as the page, so that nothing is lost when another view is opened. */
export class WizardState {
  step = $state<WizardStep>('data');
  /** The recipe as it stands, valid or not. */
  value = $state.raw<Json>(blank);
  /** JSON as it was written; null while it is the recipe's own. */
  #written = $state.raw<string | null>(null);
  asJson = $state(false);
  /** Of the run; empty: it is called after network, head and data. */
  name = $state('');
  origin = $state.raw<Origin | null>(null);
  /** Of the origin: go on from its network as it was after so many steps; null: begin with random numbers. */
  checkpoint = $state<number | null>(null);
  /** The template that the recipe began as. */
  template = $state<string | null>(null);
  /** Something was changed by hand since the recipe came from a template or a run. */
  touched = $state(false);
  look = $state.raw<Look | null>(null);
  /** The last that there was, for what is drawn meanwhile. */
  lastOutlook = $state.raw<RecipeOutlook | null>(null);
  looking = $state(false);
  lookError = $state.raw<ErrorInfo | null>(null);
  starting = $state(false);
  startError = $state.raw<ErrorInfo | null>(null);
  readonly trial: TrialState;
  readonly #app: App;
  /** Made when it is first asked for: the application starts without it. */
  readonly #info = $derived.by(recipeFields);
  #asked = 0;

  constructor(app: App) {
    this.#app = app;
    this.trial = new TrialState(app);
  }

  readonly parsed = $derived(parseRecipe(this.value));
  /** With everything stated; null while something is wrong. */
  readonly recipe: Recipe | null = $derived(this.parsed.recipe);
  /** The last that was in order: what is drawn of a recipe stays while a figure is being typed. */
  lastGood = $state.raw<Recipe | null>(null);
  readonly text: string = $derived(this.#written ?? JSON.stringify(this.value, null, 2));
  readonly #reading = $derived(readJson(this.text));
  /** What keeps the text from being JSON; the recipe is then as it was before. */
  readonly fault: JsonFault | null = $derived(this.#reading.fault);
  /** Everything wrong: first by the recipe alone, then by what the application knows of the data. */
  readonly problems: readonly Problem[] = $derived(this.parsed.problems ?? this.look?.problems ?? []);
  readonly ready: boolean = $derived(
    this.recipe !== null && this.fault === null && this.look !== null && this.problems.length === 0,
  );
  /** Findings of the look, and those of the trial in their place where it has some of the same kind. */
  readonly findings: readonly Finding[] = $derived.by(() => {
    const measured = this.trial.resultOf(this.value)?.findings ?? [];
    const codes = new Set(measured.map(({ code }) => code));
    return [...measured, ...(this.look?.findings ?? []).filter(({ code }) => !codes.has(code))];
  });

  /** What is at a path; where nothing is, what it will be. */
  read(path: string): Json | undefined {
    const own = readAt(this.value, path);
    if (own !== undefined) return own;
    return this.recipe === null ? this.info(path).standard : readAt(asJson(this.recipe), path);
  }

  info(path: string): ReturnType<ReturnType<typeof recipeFields>> {
    return this.#info(this.recipe === null ? this.value : asJson(this.recipe), path);
  }

  /** What is wrong there, or with a part of it. */
  problem(path: string): Problem | undefined {
    return this.problems.find((one) => one.path === path || one.path.startsWith(`${path}.`));
  }

  line(path: string): number | null {
    const { lines } = this.#reading;
    // What is missing has no line; the one that it should be in has.
    for (let at = path; ; at = at.slice(0, at.lastIndexOf('.'))) {
      const line = lines.get(at);
      if (line !== undefined || at === '') return line ?? null;
      if (!at.includes('.')) return lines.get('') ?? null;
    }
  }

  set(path: string, value: Json): void {
    this.value = writeAt(this.value, path, value);
    this.touched = true;
    this.#written = null;
    this.inspect();
  }

  /** JSON as it is being written. While it is none, the recipe stays as it was. */
  write(text: string): void {
    this.#written = text;
    const { fault, value } = readJson(text);
    if (fault === null) {
      this.value = value;
      this.touched = true;
      this.inspect();
    }
  }

  /** Warm-up and the rate's steps in the same proportion to the run as before its length was changed. */
  fitSchedule(): void {
    const epochs = this.read('epochs');
    if (this.lastGood === null || typeof epochs !== 'number') return;
    const { schedule, validation, epochs: before } = this.lastGood;
    const fitted = (at: number): number => Number(((at * epochs) / before).toPrecision(2));
    const { warmUp, decay } = schedule;
    this.set('schedule.warmUp.epochs', fitted(warmUp.epochs));
    if (decay.kind === 'step') this.set('schedule.decay.at', decay.at.map(fitted));
    if (validation.everyEpochs > epochs) this.set('validation.everyEpochs', epochs);
  }

  /** Gives up text that is no JSON. */
  discardText(): void {
    this.#written = null;
  }

  /** In place of the recipe that there was; where that was somebody's work, it can be taken back. */
  replace(value: Json, what: string): void {
    const { touched } = this;
    const before = { value: this.value, template: this.template, origin: this.origin, touched };
    this.value = value;
    this.touched = false;
    this.#written = null;
    this.inspect();
    if (!touched) return;
    this.#app.toasts.add({
      kind: 'info',
      text: `The recipe is ${what} now.`,
      action: {
        label: 'Undo',
        run: () => {
          Object.assign(this, before);
          this.#written = null;
          this.inspect();
        },
      },
    });
  }

  async useTemplate(id: string, title: string, version: string): Promise<void> {
    const recipe = await this.#app.call('training.template', { template: id, version });
    this.replace(asJson(recipe), `“${title}”, scaled to the data`);
    this.origin = null;
    this.template = id;
  }

  /** Takes a version; a template of which nothing was changed, or the recommended one, is scaled to it. */
  async useVersion({ hash }: Version, recommended: string | null): Promise<void> {
    const { touched } = this;
    const template = touched || this.origin !== null ? null : (this.template ?? recommended);
    if (template !== null) return this.useTemplate(template, template, hash);
    this.set('data.version', hash);
    this.touched = touched;
  }

  /** Begins with the recipe of a run. */
  async useRun(id: number): Promise<void> {
    if (this.origin?.id === id) return;
    const run = await this.#app.call('runs.get', { run: id });
    this.replace(asJson(run.recipe), `that of “${run.name}”`);
    this.origin = run;
    this.checkpoint = null;
    this.template = null;
    this.trial.clear();
    this.step = 'data';
  }

  /** Asks the application what it thinks, once nothing was changed for a moment. */
  inspect(): void {
    this.startError = null;
    this.lastGood = this.parsed.recipe ?? this.lastGood;
    this.looking = true;
    this.#inspect.call();
  }

  readonly #inspect = debounce(() => void this.#ask(), 250);

  async #ask(): Promise<void> {
    const asked = ++this.#asked;
    if (this.value === blank) {
      this.looking = false;
      return;
    }
    try {
      const look = await this.#app.call('training.check', { recipe: this.value });
      if (asked !== this.#asked) return;
      this.look = look;
      this.lastOutlook = look.outlook ?? this.lastOutlook;
      this.lookError = null;
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.lookError = toErrorInfo(thrown);
    }
    this.looking = false;
  }

  /** Starts the run, and shows it. */
  async start(): Promise<void> {
    if (!this.ready || this.starting) return;
    this.starting = true;
    this.startError = null;
    const name = this.name.trim() === '' ? null : this.name.trim();
    try {
      const run = await this.#begin(name);
      this.clear();
      this.#app.router.go('train', { run: run.id });
    } catch (thrown) {
      this.startError = toErrorInfo(thrown);
    } finally {
      this.starting = false;
    }
  }

  #begin(name: string | null): Promise<Run> {
    const { origin, checkpoint, value } = this;
    if (origin === null || checkpoint === null) return this.#app.call('runs.start', { recipe: value, name });
    return this.#app.call('runs.fork', { run: origin.id, step: checkpoint, recipe: value, name });
  }

  /** From the beginning. */
  clear(): void {
    this.step = 'data';
    this.value = blank;
    this.#written = null;
    this.asJson = false;
    this.name = '';
    this.origin = null;
    this.checkpoint = null;
    this.template = null;
    this.touched = false;
    this.lastGood = null;
    this.lastOutlook = null;
    this.look = null;
    this.trial.clear();
    this.startError = null;
    this.looking = false;
    this.#asked++;
  }

  close(): void {
    this.#inspect.stop();
    this.trial.stop();
  }
}

/** A recipe is JSON by its schema. */
function asJson(recipe: Recipe): Json {
  return recipe;
}

import { error } from '../../../src/core/base/errors.ts';
import type { Handlers } from '../../../src/core/contract/api.ts';
import type { Run, RunDetail } from '../../../src/core/contract/runs.ts';
import { recipeSchema } from '../../../src/core/recipe/recipe.ts';
import type { Emit } from './jobs.ts';
import { evaluationsOf, none, series, snapshotsOf } from './run-answers.ts';
import { metricsAt, noise, type Shape } from './run-curves.ts';
import { known, type Mutable, type World } from './world.ts';

type Names = 'runs.series' | 'runs.evaluations' | 'runs.snapshots' | 'runs.batch' | 'runs.continue';
const tick = 250; // milliseconds between two messages of a run

export interface NewRun {
  readonly name: string;
  readonly state: Run['state'];
  readonly step: number;
  readonly steps: number;
  readonly skill?: number;
  readonly rate?: number;
  readonly reason?: Run['reason'];
  readonly error?: Run['error'];
  readonly parent?: Run['parent'];
}

/** Runs that look as if somebody trained them; those that run take `pace` steps each quarter of a second. */
export class FakeRuns {
  readonly #world: World;
  readonly #emit: Emit;
  readonly #pace: number;
  readonly #shapes = new Map<number, Shape>();
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(world: World, emit: Emit, pace = 1) {
    this.#world = world;
    this.#emit = emit;
    this.#pace = pace;
  }

  add(wanted: NewRun): number {
    const id = this.#world.nextId++;
    const { steps, step, skill = 0.9, rate = 0.1 } = wanted;
    const stepsPerEpoch = Math.max(1, Math.ceil(steps / 20));
    const version = [...this.#world.versions.values()][0];
    const recipe = recipeSchema.parse({
      data: { version: version?.hash ?? 'c0ffee00' },
      network: { backbone: id % 2 === 0 ? 'mobilefacenet' : 'ir-18' },
      schedule: { rate },
      seed: id,
    });
    this.#shapes.set(id, { seed: id, steps, stepsPerEpoch, images: recipe.batch, rate, skill });
    const made: RunDetail = {
      ...{ id, name: wanted.name, state: wanted.state, reason: wanted.reason ?? null, recipe, step, steps },
      ...{ error: wanted.error ?? null, parent: wanted.parent ?? null, job: null, stepsPerEpoch },
      ...{ createdAt: 1_790_000_000_000 + id * 60_000, startedAt: 1_790_000_100_000 + id * 60_000 },
      finishedAt: wanted.state === 'running' || wanted.state === 'queued' ? null : 1_790_009_000_000,
      ...{ backbone: recipe.network.backbone, head: recipe.head.kind, provider: step === 0 ? null : 'cpu' },
      version: { id: version?.id ?? 1, hash: recipe.data.version, name: version?.name ?? 'Portraits' },
      ...{ loss: null, best: null, imagesPerSecond: null, etaSeconds: null, memory: null, checkpoints: [] },
      folder: `/home/ada/.local/share/lineament/runs/${id}`,
    };
    this.#world.runs.set(id, made);
    this.#tell(id);
    if (wanted.state === 'running') this.#timer ??= setInterval(() => this.#tick(), tick);
    return id;
  }

  /** For the handlers of the application in memory, over those that know no curves. */
  handlers(): Pick<Handlers, Names> {
    const shape = (id: number): Shape => known(this.#shapes, id, 'run');
    const run = (id: number): Mutable<RunDetail> => known(this.#world.runs, id, 'run');
    return {
      'runs.continue': ({ run: id }) => {
        Object.assign(run(id), { state: 'running', reason: null, error: null, finishedAt: null });
        this.#timer ??= setInterval(() => this.#tick(), tick);
        this.#tell(id);
        return run(id);
      },
      'runs.series': ({ run: id, columns, from, to, points }) => {
        const whole = this.#shapes.has(id) ? series(shape(id), run(id), from, to, points) : none(id);
        const asked = Object.entries(whole.columns).filter(
          ([name]) => columns?.some((one) => one === name) ?? true,
        );
        return { ...whole, columns: Object.fromEntries(asked) };
      },
      'runs.evaluations': ({ run: id }) =>
        this.#shapes.has(id) ? evaluationsOf(shape(id), run(id).step) : [],
      'runs.snapshots': ({ run: id, last }) =>
        this.#shapes.has(id) ? snapshotsOf(shape(id), run(id).step, last) : [],
      'runs.batch': ({ run: id, step }) => {
        const { recipe, step: now } = run(id);
        const at = step ?? now;
        if (at > now) throw error('app/internal', { detail: `step ${at} was not taken yet` });
        const faces = [...this.#world.faces.values()];
        const items = Array.from({ length: Math.min(recipe.batch, faces.length) }, (_, i) => {
          const face = faces[Math.floor(noise(at, i, 5) * faces.length)];
          return { crop: face?.crop ?? '', identity: face?.person ?? `person ${face?.truth ?? 0}` };
        });
        return { step: at, items };
      },
    };
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #tick(): void {
    let running = false;
    for (const [id, shape] of this.#shapes) {
      const run = this.#world.runs.get(id);
      if (run?.state !== 'running') continue;
      running = true;
      const first = run.step + 1;
      const steps = Math.min(this.#pace, shape.steps - run.step);
      run.step += steps;
      const ended = run.step === shape.steps;
      if (ended) {
        Object.assign(run, { state: 'done', reason: 'finished', finishedAt: Date.now() });
      }
      const rows = Array.from({ length: steps }, (_, i) => metricsAt(shape, first + i));
      this.#emit('run.points', { run: id, first, rows });
      this.#tell(id);
      if (ended) this.#emit('data.changed', { topics: ['runs'] });
    }
    if (!running) this.close();
  }

  /** Brings what follows from the step up to date, and says so. */
  #tell(id: number): void {
    const run = known(this.#world.runs, id, 'run');
    const shape = known(this.#shapes, id, 'run');
    if (run.step > 0) {
      const evaluations = evaluationsOf(shape, run.step).filter(({ set }) => set === 'held-out');
      const best = evaluations.reduce((a, b) => (b.accuracy > a.accuracy ? b : a));
      run.loss = metricsAt(shape, run.step)[0] ?? null;
      run.best = { accuracy: best.accuracy, step: best.step };
      const saved = new Set([best.step, Math.floor(run.step * 0.95), run.step]);
      run.checkpoints = [...saved].map((step) => ({
        ...{ step, epoch: step / shape.stepsPerEpoch, createdAt: 1_790_000_100_000 + step * 380 },
        bytes: 9_800_000,
        accuracy: evaluations.find((one) => one.step === step)?.accuracy ?? null,
        ...{ best: step === best.step, last: step === run.step },
      }));
    }
    const under = run.state === 'running';
    run.imagesPerSecond = under ? (shape.images * 1000) / 380 : null;
    run.etaSeconds = under ? (shape.steps - run.step) * 0.38 : null;
    run.memory = under ? 2.31e9 : null;
    this.#emit('run.changed', { ...run });
  }
}

/** A list of runs in every state. */
export function seedRuns(runs: FakeRuns, options: { readonly count: number; readonly steps: number }): void {
  const { count, steps } = options;
  for (let i = 0; i < count - 6; i++) {
    const done = i % 3 !== 1;
    runs.add({
      name: `Sweep ${String(i + 1).padStart(3, '0')}`,
      ...{ state: done ? 'done' : 'stopped', reason: done ? 'finished' : 'user' },
      ...{
        step: done ? 4000 : 1900,
        steps: 4000,
        skill: 0.5 + 0.5 * noise(i, 1, 1),
        rate: 0.02 * (1 + (i % 5)),
      },
    });
  }
  runs.add({
    name: 'First try, rate 0.4',
    state: 'paused',
    reason: 'paused',
    step: 1200,
    steps: 4000,
    skill: 0.6,
  });
  runs.add({
    ...{
      name: 'Rate far too high',
      state: 'failed',
      reason: 'diverged',
      step: 312,
      steps: 4000,
      skill: 0.2,
      rate: 5,
    },
    error: {
      code: 'training/diverged',
      message:
        'Training diverged at step 312: the numbers left what a computer can hold in stage3.block2.conv.',
      hint: 'Lower the learning rate, lengthen the warm-up or set a largest gradient norm, then fork from the last checkpoint.',
      values: { step: 312, layer: 'stage3.block2.conv', what: 'forward' },
    },
  });
  const long = runs.add({ name: 'A very long one', state: 'done', reason: 'finished', step: steps, steps });
  runs.add({ name: 'Waits its turn', state: 'queued', step: 0, steps: 4000 });
  runs.add({
    ...{
      name: 'Early stop',
      state: 'done',
      reason: 'early-stop',
      step: 2600,
      steps: 4000,
      skill: 0.7,
      rate: 0.05,
    },
    parent: { run: long, name: 'A very long one', step: 2000 },
  });
  runs.add({
    name: 'Portraits, MobileFaceNet + ArcFace',
    state: 'running',
    step: 1234,
    steps: 4000,
    skill: 0.95,
  });
}

import type { Input, MethodName, Output } from '../../core/contract/api.ts';
import type { AppInfo, Settings } from '../../core/contract/app.ts';
import type { Job } from '../../core/contract/jobs.ts';
import type { JournalEntry } from '../../core/contract/people.ts';
import type { Port } from '../../core/contract/port.ts';
import type { Sample } from '../../core/contract/sample.ts';
import { Connection } from '../transport/connection.svelte.ts';
import type { LineamentHost } from '../transport/host.ts';
import type { NamedFile } from '../transport/upload.ts';
import { Actions } from './actions.svelte.ts';
import { ChartPrefs } from './chart-prefs.svelte.ts';
import { EvaluateState } from './evaluate.svelte.ts';
import { GalleryState } from './gallery.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { Live } from './live.svelte.ts';
import { Router } from './router.svelte.ts';
import { Runs } from './runs.svelte.ts';
import { SampleState } from './sample.svelte.ts';
import { SearchState } from './search.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { WizardState } from './wizard.svelte.ts';

/** The dialogs that any view may open. */
export type Opened = 'palette' | 'shortcuts' | 'import' | 'history' | null;

/** Paths where the page knows them (the desktop application), else files to be sent. */
export type Dropped = { readonly paths: readonly string[] } | { readonly files: Promise<NamedFile[]> };

/** The whole state of the page. One is made when the page starts; `close` ends it. */
export class App {
  readonly connection: Connection;
  readonly live = new Live();
  readonly toasts = new Toasts();
  readonly router = new Router();
  readonly actions = new Actions((thrown) => this.toasts.failed(thrown));
  readonly jobs: Jobs;
  readonly runs: Runs;
  readonly sample: SampleState;
  readonly charts = new ChartPrefs();
  readonly gallery = new GalleryState();
  readonly evaluate = new EvaluateState();
  readonly search: SearchState;
  readonly wizard: WizardState;
  readonly host: LineamentHost | null;
  info = $state.raw<AppInfo | null>(null);
  settings = $state.raw<Settings | null>(null);
  opened = $state<Opened>(null);
  /** What was dropped on the window, for the import dialog. */
  dropped = $state.raw<Dropped | null>(null);

  constructor(open: () => Promise<Port>, host: LineamentHost | null) {
    this.host = host;
    this.connection = new Connection(open);
    this.jobs = new Jobs(this.connection, (job) => this.#jobEnded(job));
    this.runs = new Runs(this.connection);
    this.sample = new SampleState(this.connection, (sample) => this.#sampleEnded(sample));
    this.search = new SearchState(this);
    this.wizard = new WizardState(this);
    this.connection.on('job.changed', (job) => this.jobs.changed(job));
    this.connection.on('run.changed', (run) => this.runs.changed(run));
    this.connection.on('sample.changed', (sample) => this.sample.changed(sample));
    this.connection.on('data.changed', ({ topics }) => this.live.changed(topics));
  }

  call<M extends MethodName>(
    method: M,
    input: Input<M>,
    options?: Parameters<Connection['call']>[2],
  ): Promise<Output<M>> {
    return this.connection.call(method, input, options);
  }

  /** Loads what every view needs; called for each connection. */
  async refresh(): Promise<void> {
    const [info, settings] = await Promise.all([
      this.call('app.info', {}),
      this.call('settings.get', {}),
      this.jobs.load(),
      this.sample.load(),
    ]);
    this.info = info;
    this.settings = settings;
  }

  /** Runs something whose failure the user must see. True when it went well. */
  async attempt(work: () => unknown): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (thrown) {
      this.toasts.failed(thrown);
      return false;
    }
  }

  /** Puts text into the clipboard; `what` it is stands at the beginning of a sentence. */
  async copy(text: string, what: string): Promise<void> {
    await this.attempt(async () => {
      await navigator.clipboard.writeText(text);
      this.toasts.add({ kind: 'good', text: `${what} is in the clipboard.` });
    });
  }

  /** Runs a change of the data, then says what was done, with a way to take it back. True when it went well. */
  async perform(work: () => Promise<unknown>): Promise<boolean> {
    return this.attempt(async () => {
      const before = await this.#newest();
      await work();
      const after = await this.#newest();
      if (after === null || after.id === before?.id) return;
      this.toasts.add({
        kind: 'good',
        text: after.title,
        action: { label: 'Undo', run: () => this.undo(after.id) },
      });
    });
  }

  /** Takes the last action back; with `only`, just if that one is still the last. */
  async undo(only?: number): Promise<void> {
    const last = only === undefined ? null : await this.#newest();
    if (only !== undefined && (last === null || last.id !== only || last.undone)) {
      this.toasts.add({
        kind: 'info',
        text: 'Something else was done since.',
        hint: 'Ctrl+Z takes steps back one by one.',
      });
      return;
    }
    const entry = await this.call('journal.undo', {});
    this.toasts.add(
      entry === null
        ? { kind: 'info', text: 'Nothing to undo.' }
        : {
            kind: 'info',
            text: `Undone: ${entry.title}`,
            action: { label: 'Redo', run: () => this.redo() },
          },
    );
  }

  async redo(): Promise<void> {
    const entry = await this.call('journal.redo', {});
    this.toasts.add(
      entry === null
        ? { kind: 'info', text: 'Nothing to redo.' }
        : {
            kind: 'good',
            text: `Done again: ${entry.title}`,
            action: { label: 'Undo', run: () => this.undo() },
          },
    );
  }

  /** Align, embed and cluster, one after the other. */
  async findPeople(dataset: number): Promise<void> {
    const align = await this.call('align.start', { dataset });
    const embed = await this.call('embed.start', { datasets: [dataset], after: align.id });
    await this.call('cluster.start', { after: embed.id });
    this.jobs.open = true;
  }

  /** Shows the sample project, and starts it or goes on with it. */
  async openSample(): Promise<void> {
    this.router.go('datasets', { sample: 1 });
    await this.attempt(() => this.call('sample.start', {}));
  }

  async change(settings: Input<'settings.set'>): Promise<void> {
    this.settings = await this.call('settings.set', settings);
  }

  close(): void {
    this.wizard.close();
    this.connection.close();
    this.live.close();
    this.toasts.close();
  }

  async #newest(): Promise<JournalEntry | null> {
    const page = await this.call('journal.list', { limit: 20 });
    return page.items.find((entry) => !entry.undone) ?? null;
  }

  /** The page of its run, or of maps, is open, and says how it ended itself. */
  #isShown({ id, kind }: Job): boolean {
    if (kind === 'map') return this.router.view === 'evaluate' && this.router.text('map') !== null;
    const run = this.router.view === 'train' ? this.router.number('run') : null;
    return kind === 'train' && run !== null && this.runs.get(run)?.job?.id === id;
  }

  #sampleEnded({ state, error }: Sample): void {
    const shown = this.router.view === 'datasets' && this.router.text('sample') !== null;
    const show = { label: 'Show', run: () => this.router.go('datasets', { sample: 1 }) };
    const action = shown ? {} : { action: show };
    if (state === 'done') this.toasts.add({ kind: 'good', text: 'The sample project is done.', ...action });
    else if (!shown) {
      const text = `The sample project failed${error === null ? '.' : `: ${error.message}`}`;
      const more = error === null ? {} : { hint: error.hint, code: error.code };
      this.toasts.add({ kind: 'bad', text, ...more, ...action });
    }
  }

  #jobEnded(job: Job): void {
    this.live.changed(['datasets', 'photos', 'faces', 'clusters', 'people']);
    if (job.kind === 'benchmark') this.live.changed(['benchmarks']);
    if (job.kind === 'evaluate') this.live.changed(['evaluations']);
    if (job.kind === 'map') this.live.changed(['maps']);
    // Faces that could not be found without an embedding may be found now.
    if (job.kind === 'embed' && (this.search.result?.missing ?? 0) > 0) void this.search.again();
    if (this.#isShown(job) || this.sample.owns(job)) return;
    if (job.state === 'failed') {
      this.toasts.add({
        kind: 'bad',
        text: `${job.title} failed${job.error === null ? '.' : `: ${job.error.message}`}`,
        ...(job.error === null ? {} : { hint: job.error.hint, code: job.error.code }),
        action: { label: 'Show', run: () => (this.jobs.open = true) },
      });
    } else if (!this.jobs.open && this.jobs.active.length === 0) {
      // Of jobs in a row only the last one says so: the panel and the bar below show the others.
      this.toasts.add({ kind: 'good', text: `${job.title}: done.` });
    }
  }
}

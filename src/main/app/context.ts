import type { AppInfo } from '../../core/contract/app.ts';
import type { RecogniserMethods } from '../jobs/recogniser.ts';
import type { Store } from '../store/database.ts';
import type { Service } from '../workers/run.ts';
import type { Backbones } from './backbones.ts';
import type { EventHub } from './events.ts';
import type { Library } from './library.ts';
import type { Plugins } from './plugins.ts';
import type { Shelf } from './shelf.ts';
import type { Uploads } from './uploads.ts';

/** What handlers and jobs of one open data folder share. */
export interface Context {
  readonly dataDir: string;
  readonly version: string;
  readonly host: AppInfo['host'];
  readonly store: Store;
  readonly library: Library;
  readonly shelf: Shelf;
  readonly backbones: Backbones;
  readonly plugins: Plugins;
  readonly events: EventHub;
  readonly uploads: Uploads;
  readonly recogniser: Service<RecogniserMethods>;
  /** The worker processes' program. */
  readonly workerEntry: URL;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

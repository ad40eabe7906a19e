import type { PluginKind } from '../../core/plugins/name.ts';
import { checkAugmentation, checkSampler } from '../plugins/check-data.ts';
import { checkNetwork } from '../plugins/check-network.ts';
import type { PluginContent } from '../plugins/kept.ts';
import type { Job } from './job.ts';

export interface PluginCheckSetup {
  readonly kind: PluginKind;
  /** Agreed to by the user. */
  readonly content: PluginContent;
  readonly threads: number;
}

export interface PluginCheckHost {
  /** What was found, in a sentence. */
  found(sentence: string): Promise<void>;
}

/** Tries a plugin on made-up pictures. Errors: `plugin/failed`, which names the line, and `plugin/no-typescript`. */
export const checkPluginJob: Job<PluginCheckSetup, PluginCheckHost> = async (setup, host) => {
  const { kind, content, threads } = setup;
  const found =
    kind === 'sampler'
      ? await checkSampler(content)
      : kind === 'augmentation'
        ? await checkAugmentation(content)
        : await checkNetwork(kind, content, threads);
  for (const sentence of found) await host.found(sentence);
  return {};
};

import type { Command } from '../command.ts';
import { benchmarkCommands } from './benchmarks.ts';
import { cleaningCommands } from './cleaning.ts';
import { datasetCommands } from './datasets.ts';
import { evaluationCommands } from './evaluations.ts';
import { faceCommands } from './faces.ts';
import { mapCommands } from './maps.ts';
import { modelCommands } from './models.ts';
import { pluginCommands } from './plugins.ts';
import { sampleCommands } from './sample.ts';
import { trainingCommands } from './training.ts';
import { runCommands } from './training-runs.ts';
import { versionCommands } from './training-versions.ts';
import { weightCommands } from './weights.ts';

/** Served by the command line's own process, not by the application: see ../main.ts. */
const serve: Command = {
  name: 'serve',
  usage: '[--port N]',
  about: 'serve the interface to a browser on this machine (or through an SSH tunnel)',
  words: [0, 0],
  options: { port: { type: 'string', about: 'the port (any that is free)' } },
  run: () => Promise.reject(new Error('assertion failed: serve is run by main')),
};

/** Every command, in the order in which help shows them. */
export const commands: readonly Command[] = [
  ...[...modelCommands, ...datasetCommands, ...faceCommands],
  ...[
    ...versionCommands,
    ...cleaningCommands,
    ...trainingCommands,
    ...runCommands,
    ...weightCommands,
    ...pluginCommands,
    ...evaluationCommands,
    ...benchmarkCommands,
    ...mapCommands,
  ],
  ...[...sampleCommands, serve],
];

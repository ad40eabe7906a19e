import { type Sample, type SampleStepName, sampleStepNames } from '../../core/contract/sample.ts';
import { noFindings, type StoredSample, waiting } from './sample-stored.ts';

interface Words {
  readonly title: string;
  readonly about: string;
  /** What is counted. */
  readonly unit: string;
}

const words: Readonly<Record<SampleStepName, Words>> = {
  make: {
    title: 'Make people',
    about: 'Draws people who don’t exist: photographs of some, aligned crops of others to train on.',
    unit: 'pictures',
  },
  import: {
    title: 'Import the photographs',
    about: 'Reads the photographs as it would read yours, and tells which files are broken.',
    unit: 'files',
  },
  align: {
    title: 'Find and align faces',
    about: 'Finds every face and its five points, and cuts out upright crops.',
    unit: 'photographs',
  },
  embed: {
    title: 'Embed the faces',
    about: 'Turns every face into numbers: faces of one person lie near each other.',
    unit: 'faces',
  },
  cluster: {
    title: 'Find who is who',
    about: 'Groups the faces by person without looking at labels, and holds the groups against the truth.',
    unit: 'faces',
  },
  crops: {
    title: 'Import the training crops',
    about:
      'Takes pictures that are aligned crops already, a folder for each person: those to train on, and some of people who look alike.',
    unit: 'files',
  },
  version: {
    title: 'Freeze a version',
    about: 'Makes immutable lists of the crops, so that what was trained and verified on can always be told.',
    unit: 'pictures',
  },
  train: {
    title: 'Train a network',
    about:
      'Trains a small MobileFaceNet from nothing; a fifth of the people are kept out of it, and those who look alike.',
    unit: 'steps',
  },
  evaluate: {
    title: 'Evaluate it',
    about:
      'Compares pairs of people that the network never saw, before and after training; also of people of the same skin, hair and sex, whom only their faces tell apart.',
    unit: 'faces',
  },
  search: {
    title: 'Search',
    about: 'Looks for the faces that are most like a chosen one.',
    unit: 'searches',
  },
};

/** The sample as the contract tells of it. `running`: whether it does just now. */
export function presentSample(stored: StoredSample | null, running: boolean): Sample {
  const steps = sampleStepNames.map((name) => {
    const now = stored?.steps[name] ?? waiting;
    // An application that ended in the middle left it as running.
    const state = now.state === 'running' && !running ? waiting.state : now.state;
    return { name, ...words[name], ...now, state };
  });
  if (stored === null) {
    return {
      ...{ state: 'none', seed: 0, steps, error: null, findings: noFindings },
      ...{ photographs: null, crops: null, run: null, job: null, shown: [] },
    };
  }
  const { seed, findings, error, photographs, crops, run, job, shown } = stored;
  const state = running ? 'running' : stored.state === 'running' ? 'stopped' : stored.state;
  return { state, seed, steps, error, findings, photographs, crops, run, job, shown };
}

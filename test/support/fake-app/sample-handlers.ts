import type { Events, Handlers, MethodName } from '../../../src/core/contract/api.ts';
import {
  type Sample,
  type SampleFindings,
  type SampleStep,
  sampleStepNames,
} from '../../../src/core/contract/sample.ts';

type Handled = Extract<MethodName, `sample.${string}`>;

const none: SampleFindings = {
  ...{ made: null, faces: null, clusters: null, training: null, verification: null },
  searches: [],
};
const found: SampleFindings = {
  ...none,
  faces: { true: 140, found: 133, extra: 0, pointError: 0.04 },
  searches: [
    { face: 1, crop: 'a', milliseconds: 3, hits: [{ face: 2, crop: 'b', similarity: 0.8, right: true }] },
  ],
};

/** A sample project that stands at its second step when it is started, and is done when it is waited for. */
export function sampleHandlers(
  emit: (event: 'sample.changed', payload: Events['sample.changed']) => void,
): Pick<Handlers, Handled> {
  const at = (state: Sample['state'], step: number): Sample => ({
    ...{ state, seed: 1, error: null, findings: state === 'done' ? found : none },
    ...{ photographs: null, crops: null, run: null, job: null, shown: [] },
    steps: sampleStepNames.map((name, i): SampleStep => {
      const stands = i < step ? 'done' : i === step && state === 'running' ? 'running' : 'waiting';
      const done = { result: stands === 'done' ? `${name}: done` : null, seconds: 3, done: 2, total: 8 };
      const place = stands === 'done' ? ({ view: 'gallery', params: {} } as const) : null;
      return {
        name,
        title: `Step ${name}`,
        about: `about ${name}`,
        state: stands,
        unit: 'files',
        place,
        ...done,
      };
    }),
  });
  let sample = at('none', 0);
  const change = (next: Sample): Sample => {
    sample = next;
    emit('sample.changed', sample);
    return sample;
  };
  return {
    'sample.get': () => sample,
    'sample.start': () => change(at('running', 1)),
    'sample.stop': () => void change(at('stopped', 1)),
    'sample.wait': () => change(at('done', sampleStepNames.length)),
    'sample.report': () => ({
      html: '<!doctype html>',
      file: '/home/ada/.local/share/lineament/sample/sample-report.html',
    }),
  };
}

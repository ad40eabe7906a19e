import { Cancelled, LineamentError } from '../../core/base/errors.ts';
import { measureMegaface } from './evaluate-megaface.ts';
import type { EvaluateHost, EvaluateSetup, EvaluateTask, Measured } from './evaluate-protocol.ts';
import { measureTemplates } from './evaluate-templates.ts';
import { measureVerification } from './evaluate-verification.ts';
import type { Job, JobContext } from './job.ts';

function measure(task: EvaluateTask, threads: number, context: JobContext): Promise<Measured> {
  switch (task.kind) {
    case 'verification':
      return measureVerification(task, context);
    case 'megaface':
      return measureMegaface(task, threads, context);
    case 'templates':
      return measureTemplates(task, threads, context);
  }
}

/** Measures by the embeddings that are there. Summary: `measured`. */
export const evaluateJob: Job<EvaluateSetup, EvaluateHost> = async ({ threads }, host, context) => {
  let measured = 0;
  for (let task = await host.next(null); task !== null; task = await host.next(null)) {
    if (context.signal.aborted) throw new Cancelled();
    try {
      await host.save(await measure(task, threads, context));
      measured++;
    } catch (thrown) {
      if (!(thrown instanceof LineamentError)) throw thrown;
      await host.fail(thrown.info);
    }
  }
  return { measured };
};

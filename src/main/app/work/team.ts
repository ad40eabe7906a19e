import type { Summary } from '../../jobs/job.ts';
import type { AnyMethods } from '../../workers/channel.ts';
import { runJob } from '../../workers/run.ts';
import type { Context } from '../context.ts';
import type { JobReport } from '../queue.ts';

/**
 * Runs `count` processes that share one host, and adds up their summaries. The first that fails stops the others.
 */
export async function runTeam(
  context: Context,
  team: { readonly kind: string; readonly count: number; readonly setup: unknown; readonly host: AnyMethods },
  report: JobReport,
): Promise<Summary> {
  const failed = new AbortController();
  const signal = AbortSignal.any([report.signal, failed.signal]);
  const run = (): Promise<Summary> =>
    runJob({
      entry: context.workerEntry,
      kind: team.kind,
      setup: team.setup,
      host: team.host,
      signal,
      onProgress: () => {},
      onLog: (lines) => {
        if (lines.length > 0) report.log(lines);
      },
    });
  const members = Array.from({ length: team.count }, async () => {
    try {
      return await run();
    } catch (thrown) {
      failed.abort();
      throw thrown;
    }
  });
  const results = await Promise.allSettled(members);
  // The member that failed first is the reason; the others were only stopped.
  const reasons = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  const reason =
    reasons.find((thrown) => !(thrown instanceof Error && thrown.name === 'Cancelled')) ?? reasons[0];
  if (reason !== undefined) throw reason;
  const total: Record<string, number> = {};
  for (const result of results) {
    if (result.status !== 'fulfilled') continue;
    for (const [name, value] of Object.entries(result.value)) total[name] = (total[name] ?? 0) + value;
  }
  return total;
}

import type { Source } from '../../../src/main/datasets/types.ts';

/** The items of a source as short lines: `key = label` for photographs, `key ! code` for problems. */
export async function summary(source: Source, signal?: AbortSignal): Promise<string[]> {
  const lines: string[] = [];
  for await (const item of source.items(signal)) {
    if (item.kind === 'problem') lines.push(`${item.key} ! ${item.error.code}`);
    else lines.push(item.label === null ? item.key : `${item.key} = ${item.label}`);
  }
  return lines;
}

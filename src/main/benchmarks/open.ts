import { error } from '../../core/base/errors.ts';
import type { Candidate, OpenedBenchmark } from './reading.ts';
import { alignmentOf, candidatesOf, type RecogniseOptions, recogniseBenchmark } from './recognise.ts';

/**
 * Opens a benchmark as one of the readings that `recogniseBenchmark` gives for the path (`format`), or as the likeliest where that is
 * null. Its pictures are read one by one; no more than a chunk of an array is held.
 * Errors: benchmark/unrecognised, benchmark/unknown-reading, benchmark/incomplete, those of the files, `Cancelled`.
 */
export async function openBenchmark(
  path: string,
  format: string | null,
  options: RecogniseOptions = {},
): Promise<OpenedBenchmark> {
  const chosen = await choose(path, format, options);
  const [missing] = chosen.missing;
  if (missing !== undefined) throw error('benchmark/incomplete', { path, missing: `${missing} is missing` });
  const { list, pictures } = await chosen.load();
  const there = list.images.filter(
    ({ key }, i) => i % Math.ceil(list.images.length / 64) === 0 && pictures.has(key),
  );
  return {
    format: chosen.format,
    title: chosen.title,
    name: chosen.name,
    list,
    alignment: await alignmentOf(
      pictures,
      there.slice(0, 16).map(({ key }) => key),
    ),
    has: pictures.has,
    place: pictures.place,
    open: pictures.open,
    close: pictures.close,
  };
}

async function choose(path: string, format: string | null, options: RecogniseOptions): Promise<Candidate> {
  const candidates = await candidatesOf(path, options);
  const wanted = format ?? (await recogniseBenchmark(path, options))[0]?.format;
  if (wanted === undefined) throw error('benchmark/unrecognised', { path });
  // a list that came later may have given the one that was meant a longer name
  const found =
    candidates.find((candidate) => candidate.format === wanted) ??
    candidates.find((candidate) => candidate.format.startsWith(`${wanted}:`));
  if (found === undefined) throw error('benchmark/unknown-reading', { path, reading: wanted });
  return found;
}

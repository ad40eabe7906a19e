import type { Input, MethodName, Output } from '../../core/contract/api.ts';
import type { SampleSearch } from '../../core/contract/sample.ts';
import type { MatchedFace } from '../../core/report/against-truth.ts';
import { getFaces } from '../store/faces.ts';
import type { Context } from './context.ts';

/** Searches that are shown, and hits of each. */
const examples = 4;
const shownHits = 8;

/**
 * Searches for a face of each of the people who are in most pictures, one without a mask where there is one. A hit is right where it really is the same person;
 * the face itself and copies of its picture are left out.
 */
export async function searchExamples(options: {
  readonly context: Pick<Context, 'store'>;
  readonly call: <M extends MethodName>(method: M, input: Input<M>) => Promise<Output<M>>;
  readonly dataset: number;
  readonly matched: readonly MatchedFace[];
  /** Whether a crop can be looked for. */
  readonly hasVector: (crop: string) => boolean;
  readonly progress: (done: number, total: number) => void;
}): Promise<SampleSearch[]> {
  const { context, call, dataset, matched, hasVector, progress } = options;
  const identities = new Map(matched.map(({ found, truth }) => [found.id, truth.identity]));
  const masked = new Set(matched.flatMap(({ found, truth }) => (truth.masked ? [found.id] : [])));
  const faces = getFaces(context.store, [...identities.keys()]).filter(
    ({ state, crop }) => state === 'kept' && hasVector(crop),
  );
  const byIdentity = Map.groupBy(faces, ({ id }) => identities.get(id) ?? -1);
  const people = [...byIdentity.values()].toSorted((a, b) => b.length - a.length).slice(0, examples);
  const searches: SampleSearch[] = [];
  for (const theirs of people) {
    const hidden = (face: { readonly id: number }): number => (masked.has(face.id) ? 1 : 0);
    const [query] = theirs.toSorted(
      (a, b) => hidden(a) - hidden(b) || b.quality.overall - a.quality.overall || a.id - b.id,
    );
    if (query === undefined) continue;
    const asked = { picture: { face: query.id }, datasets: [dataset], top: shownHits * 3 };
    const { queries, milliseconds } = await call('search.query', asked);
    const hits = (queries[0]?.hits ?? [])
      .filter(({ face }) => face.crop !== query.crop)
      .slice(0, shownHits)
      .map(({ face, similarity }) => ({
        ...{ face: face.id, crop: face.crop, similarity },
        right: identities.get(face.id) === identities.get(query.id),
      }));
    searches.push({ face: query.id, crop: query.crop, hits, milliseconds });
    progress(searches.length, people.length);
  }
  return searches;
}

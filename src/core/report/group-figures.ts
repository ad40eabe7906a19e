import type { GroupFigures } from '../contract/evaluations.ts';
import { fairness } from '../metrics/fairness.ts';
import { type ProtocolName, protocols, runProtocol } from '../metrics/protocols.ts';
import { countedPlaces, foldsOfList, type MeasuredPairs } from './verification-figures.ts';

/** Groups of pairs: their names, and the place of each pair's; −1 where it is in none. [n] */
export interface PairGroups {
  readonly names: readonly string[];
  readonly of: ArrayLike<number>;
}

/**
 * Each group at one threshold for all, and by the protocol on its own pairs alone, as tables of RFW have it (where its
 * folds give no figure: at its most accurate threshold). Groups without pairs that count are left out.
 */
export function groupFigures(
  protocol: ProtocolName,
  pairs: MeasuredPairs,
  { names, of }: PairGroups,
  threshold: number,
): GroupFigures[] {
  const { score } = protocols[protocol];
  const folds = foldsOfList(pairs.folds, pairs.scores.length);
  const listed = pairs.folds === null ? null : folds;
  const at = countedPlaces(pairs);
  const picked = (values: ArrayLike<number>, places: ArrayLike<number>): number[] =>
    Array.from(places, (i) => values[i] ?? Number.NaN);
  const grouped = {
    ...{ scores: picked(pairs.scores, at), same: picked(pairs.same, at) },
    ...{ names, groups: picked(of, at) },
  };
  const together = fairness(grouped, score, { by: 'fixed', threshold });
  const apart = fairness(grouped, score, { by: 'accuracy' });
  return names.flatMap((group, place): GroupFigures[] => {
    const own = at.filter((i) => of[i] === place);
    const global = together.groups[place]?.global;
    const best = apart.groups[place]?.own;
    if (own.length === 0 || global === undefined || best === undefined) return [];
    const alone = runProtocol(protocol, {
      ...{ scores: picked(pairs.scores, own), same: picked(pairs.same, own) },
      folds: listed && picked(listed, own),
    });
    return [
      {
        ...{ group, pairs: own.length, accuracy: global.accuracy ?? 0 },
        ...{ fmr: global.fmr, fnmr: global.fnmr },
        ownThreshold: alone.threshold ?? best.threshold ?? threshold,
        ownAccuracy: alone.accuracy ?? best.accuracy ?? 0,
      },
    ];
  });
}

import type { RgbImage } from '../../src/core/base/image.ts';
import { testPicture } from './pictures.ts';

const side = 112;

/**
 * Square pictures of people who are no faces: the nth of somebody is mostly theirs and partly somebody else's, so that a
 * network finds them alike, and errs at times. Small and of one size, as aligned crops are.
 */
export function likenesses(people: number, seed: number): (who: number, n: number) => RgbImage {
  const plain = Array.from({ length: people }, (_, who) => testPicture(seed + who, side, side));
  return (who, n) => {
    const [own, other] = [plain[who % people], plain[(who + 1 + n) % people]];
    if (own === undefined || other === undefined) throw new Error('somebody is drawn');
    const share = 0.55 + 0.05 * (n % 4);
    const data = own.data.map((value, i) => Math.round(share * value + (1 - share) * (other.data[i] ?? 0)));
    return { width: side, height: side, data };
  };
}

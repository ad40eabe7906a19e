/**
 * Aligned crops of generated people of 112 pixels, a folder for each, to try training on: with as many masks as asked for,
 * and light and lens as hard as asked for.
 *   node bench/crops.ts FOLDER [--people 80] [--shots 15] [--masks 0] [--difficulty 0.6] [--seed 1]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { mixSeeds } from '../src/core/base/random.ts';
import { arena } from '../src/core/people/arena.ts';
import { sculpt } from '../src/core/people/figure.ts';
import { person } from '../src/core/people/person.ts';
import { renderCrop } from '../src/core/people/portrait.ts';
import { type ShotLimits, shot, usualLimits } from '../src/core/people/shot.ts';
import { encodeCrop } from '../src/main/images/encode.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    people: { type: 'string', default: '80' },
    shots: { type: 'string', default: '15' },
    masks: { type: 'string', default: '0' },
    difficulty: { type: 'string', default: String(usualLimits.difficulty) },
    seed: { type: 'string', default: '1' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('Which folder? node bench/crops.ts FOLDER');

const seed = Number(values.seed);
const limits: ShotLimits = {
  ...usualLimits,
  masks: Number(values.masks),
  difficulty: Number(values.difficulty),
};
const memory = arena();
for (let p = 0; p < Number(values.people); p++) {
  const figure = sculpt(person(mixSeeds(seed, 1, p)), 'small');
  const own = join(folder, `Person ${String(p + 1).padStart(4, '0')}`);
  mkdirSync(own, { recursive: true });
  for (let k = 0; k < Number(values.shots); k++) {
    const { image } = renderCrop(figure, shot(mixSeeds(seed, 2, p, k), limits), 112, memory);
    writeFileSync(join(own, `${String(k + 1).padStart(3, '0')}.png`), await encodeCrop(image));
  }
}

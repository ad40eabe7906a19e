/**
 * Detection on photographs with many faces: rate, and what a second detector finds that the first does not.
 *
 *   node bench/align/photos.ts FOLDER [--models DIR] [--detector ID] [--second DIR/ID] [--least 40] [--threads 2] [--width PX]
 *
 * The second opinion's card and file are taken from DIR/ID.json and its files. `--width` resamples all to that width.
 */
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { iou } from '../../src/core/faces/boxes.ts';
import type { Detection } from '../../src/core/faces/types.ts';
import { type Detector, openDetector } from '../../src/main/models/detector.ts';
import { findFaces } from '../../src/main/models/pipeline.ts';
import { decoded, option, readCard } from './faces-of.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node bench/align/photos.ts FOLDER [options]');
const models = option('models', 'resources/models');
const least = Number(option('least', '40'));
const threads = Number(option('threads', '2'));
const second = option('second', '');

async function open(dir: string, id: string): Promise<Detector> {
  const card = readCard(dir, id);
  if (card.task !== 'detector') throw new Error(`${id} is no detector`);
  return openDetector(card, dir, { threads });
}

const big = ({ box }: Pick<Detection, 'box'>): boolean => Math.min(box.width, box.height) >= least;
/** Boxes of two detectors are cut differently: a third of overlap is the same face. */
const among = (face: Pick<Detection, 'box'>, faces: readonly Pick<Detection, 'box'>[]): boolean =>
  faces.some((other) => iou(face.box, other.box) > 0.33);
const text = ({ box, score }: Detection): string =>
  `${box.width.toFixed(0)}×${box.height.toFixed(0)} at ${box.x.toFixed(0)},${box.y.toFixed(0)} (${score.toFixed(2)})`;

const first = await open(models, option('detector', 'mtcnn'));
const other = second ? await open(dirname(second), basename(second)) : null;
const photos = readdirSync(folder)
  .sort()
  .filter((name) => /\.(jpe?g|png|webp)$/i.test(name))
  .map((name) => ({ path: join(folder, name) }));

let faces = 0;
let bigFaces = 0;
let missed = 0;
let extra = 0;
let otherTime = 0;
const started = performance.now();
for await (const { item, image } of decoded(photos)) {
  const found = await findFaces(image, first);
  faces += found.length;
  bigFaces += found.filter(big).length;
  if (!other) continue;
  const start = performance.now();
  const opinion = (await other.detect(image, { scoreThreshold: 0.7 })).filter(big);
  otherTime += performance.now() - start;
  const lost = opinion.filter((face) => !among(face, found));
  const gained = found.filter((face) => big(face) && !among(face, opinion));
  missed += lost.length;
  extra += gained.length;
  if (lost.length > 0)
    console.log(`${basename(item.path)}: only the second finds ${lost.map(text).join('; ')}`);
  if (gained.length > 0)
    console.log(`${basename(item.path)}: only the first finds ${gained.map(text).join('; ')}`);
}
const seconds = (performance.now() - started - otherTime) / 1000;
console.log(
  `${photos.length} photographs in ${seconds.toFixed(1)} s: ${(photos.length / seconds).toFixed(1)} a second; ` +
    `${faces} faces, ${bigFaces} of ${least} px or more` +
    (other ? `; only the second opinion: ${missed}; only the first: ${extra}` : ''),
);
await first.close();
await other?.close();

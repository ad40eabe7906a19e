/**
 * Writes contact sheets of generated people, for looking at them.
 *   node scripts/people-sheet.ts OUT.png [--kind portraits|shots|crops|neutral|masks] [--first SEED] [--columns 6] [--rows 4] [--size 256]
 */
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { type RgbImage, rgbImage } from '../src/core/base/image.ts';
import { sculpt } from '../src/core/people/figure.ts';
import { person } from '../src/core/people/person.ts';
import { photograph, renderCrop } from '../src/core/people/portrait.ts';
import { type ShotLimits, shot, usualLimits } from '../src/core/people/shot.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kind: { type: 'string', default: 'portraits' },
    first: { type: 'string', default: '1' },
    columns: { type: 'string', default: '6' },
    rows: { type: 'string', default: '4' },
    size: { type: 'string', default: '256' },
    marks: { type: 'boolean', default: false },
  },
});

const calm: ShotLimits = {
  ...usualLimits,
  yaw: 20,
  pitch: 10,
  roll: 6,
  expression: 0.6,
  difficulty: 0.4,
  occlusion: 0,
};
const worn: ShotLimits = { ...usualLimits, yaw: 40, difficulty: 0.4, occlusion: 0, masks: 1 };
const still: ShotLimits = { yaw: 0, pitch: 0, roll: 0, expression: 0, difficulty: 0, occlusion: 0 };

function paste(sheet: RgbImage, tile: RgbImage, left: number, top: number): void {
  for (let y = 0; y < tile.height; y++) {
    const row = tile.data.subarray(y * tile.width * 3, (y + 1) * tile.width * 3);
    sheet.data.set(row, ((top + y) * sheet.width + left) * 3);
  }
}

function dots(image: RgbImage, places: readonly number[]): void {
  for (let i = 0; i < places.length; i += 2) {
    const x = Math.round(places[i] ?? 0);
    const y = Math.round(places[i + 1] ?? 0);
    if (x >= 0 && y >= 0 && x < image.width && y < image.height)
      image.data.set([0, 255, 0], (y * image.width + x) * 3);
  }
}

const out = positionals[0] ?? 'people.png';
const columns = Number(values.columns);
const rows = Number(values.rows);
const size = Number(values.size);
const first = Number(values.first);
const sheet = rgbImage(columns * size, rows * size);
for (let r = 0; r < rows; r++)
  for (let c = 0; c < columns; c++) {
    const index = r * columns + c;
    // shots and crops: one person per row
    const repeated = values.kind === 'shots' || values.kind === 'crops';
    const who = person(first + (repeated ? r : index));
    const limits =
      values.kind === 'neutral' ? still : values.kind === 'masks' ? worn : repeated ? usualLimits : calm;
    const moment = shot(first * 1000 + index, limits);
    const tile =
      values.kind === 'crops'
        ? renderCrop(sculpt(who, 'small'), moment, size)
        : photograph(sculpt(who, 'large'), moment, size, size);
    if (values.marks) dots(tile.image, tile.truth.landmarks);
    paste(sheet, tile.image, c * size, r * size);
  }
await sharp(sheet.data, { raw: { width: sheet.width, height: sheet.height, channels: 3 } }).toFile(out);

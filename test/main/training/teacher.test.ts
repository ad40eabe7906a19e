import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Distillation } from '../../../src/core/heads/distillation.ts';
import { modelsDir } from '../../../src/main/hosts/places.ts';
import { parseCard } from '../../../src/main/models/cards.ts';
import { openEmbedder } from '../../../src/main/models/embedder.ts';
import { keepBackbone } from '../../../src/main/models/kept-backbone.ts';
import { openModelTeacher } from '../../../src/main/training/model-teacher.ts';
import { haveModels } from '../../support/app.ts';
import { softCrop } from '../../support/crop-packs.ts';

const model = 'mobilefacenet-192';
const distillation = (embedding: number): Distillation => ({
  ...{ embedding, features: { weight: 1, of: 'unit' }, softTargets: null },
  ...{ distances: null, angles: null, neighbours: null, similarities: null },
  ...{ maps: [], flow: null, factors: null },
});

describe.skipIf(!haveModels)('an embedding model as a teacher', () => {
  it('tells raw embeddings of what the student sees, from the file that is kept', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'lineament-teacher-'));
    const options = { threads: 1 };
    try {
      const path = join(modelsDir, `${model}.json`);
      const card = parseCard(await readFile(path, 'utf8'), path);
      if (card.task !== 'embedding') throw new Error('no embedding');
      await keepBackbone(dir, card, join(modelsDir, `${model}.onnx`));
      const name = `onnx:${model}@${card.sha256.slice(0, 12)}`;
      // a student of smaller pictures: each is resampled for the teacher
      const student = { distillation: distillation(card.size), size: 96, batch: 2 };
      const crops = [softCrop(1, 1, 96), softCrop(2, 1, 96), softCrop(3, 2, 96), softCrop(4, 2, 96)];
      const images = Uint8Array.from(crops.flatMap(({ data }) => [...data]));
      const teacher = await openModelTeacher(dir, name, student, options);
      const told = (await teacher.tell(images, new Int32Array(4))).get('teacher');
      await teacher.close();
      const embedder = await openEmbedder(card, modelsDir, options);
      const wanted = await embedder.embed(crops);
      await embedder.close();
      expect(told).toHaveLength(4 * card.size);
      for (const [i, unit] of wanted.entries()) {
        const own = told?.slice(i * card.size, (i + 1) * card.size) ?? new Float32Array();
        const length = Math.hypot(...own);
        expect(Math.abs(length - 1)).toBeGreaterThan(0.01); // as long as the network makes it
        const off = own.map((value, k) => Math.abs(value / length - (unit[k] ?? Number.NaN)));
        expect(Math.max(...off)).toBeLessThan(1e-5);
      }
      const other = { ...student, distillation: distillation(7) };
      await expect(openModelTeacher(dir, name, other, options)).rejects.toMatchObject({
        code: 'training/other-teacher',
        values: { got: card.size, wanted: 7 },
      });
      await expect(openModelTeacher(dir, 'onnx:none', student, options)).rejects.toMatchObject({
        code: 'model/not-found',
      });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  }, 30_000);
});

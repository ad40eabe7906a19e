import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mobilefacenet } from '../../../src/core/backbones/mobilefacenet.ts';
import { buildNormalised, type NetworkPlan } from '../../../src/core/compile/1-build.ts';
import { compileExport } from '../../../src/core/compile/export.ts';
import { embeddingCard } from '../../../src/core/contract/model-card.ts';
import { writeOnnx } from '../../../src/core/onnx/write.ts';
import { initialise } from '../../../src/core/training/initialise.ts';
import { openEmbedder } from '../../../src/main/models/embedder.ts';
import { softCrop } from '../../support/crop-packs.ts';

/** What a benchmark's scores rest on: an embedding is the same in whatever company it was computed. */
describe('embeddings', () => {
  const crops = Array.from({ length: 9 }, (_, i) => softCrop(i, i % 3, 112)); // a whole batch, and one more
  const card = embeddingCard.parse({
    ...{ id: 'net', name: 'net', sha256: '0'.repeat(64), task: 'embedding', size: 512, threshold: 0 },
    input: { width: 112, height: 112, colour: 'rgb', mean: [127.5], std: [127.5] },
  });
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'lineament-embedder-'));
    const plan: NetworkPlan = {
      ...{ backbone: mobilefacenet, settings: mobilefacenet.defaults, size: 112 },
      pixels: { mean: 127.5, deviation: 127.5, order: 'rgb' },
    };
    const { net } = buildNormalised(plan, 2);
    const trained = new Map([...net.parameters, ...net.running].map((one) => [one.name, initialise(one, 1)]));
    const model = compileExport(plan, trained, { recipe: null, version: null });
    writeFileSync(join(dir, 'net.onnx'), writeOnnx(model));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it('do not depend on the batch, on threads, or on whether the mirrored ones are wanted too', async () => {
    const embedder = await openEmbedder(card, dir, { threads: 1 });
    const other = await openEmbedder(card, dir, { threads: 2 });
    const near = (a: readonly Float32Array[], b: readonly Float32Array[]): number =>
      Math.max(...a.map((row, i) => Math.max(...row.map((value, k) => Math.abs(value - (b[i]?.[k] ?? 9))))));
    try {
      const together = await embedder.embed(crops);
      const alone: Float32Array[] = [];
      for (const crop of crops) alone.push(...(await embedder.embed([crop])));
      const both = await embedder.embedBoth(crops);
      expect(near(together, alone)).toBeLessThan(1e-6);
      expect(near(together, await other.embed(crops))).toBeLessThan(1e-6);
      expect(near(together, both.plain)).toBe(0);
      expect(near(await embedder.embed(crops, { flip: true }), both.mirrored)).toBe(0);
      expect(near(both.plain, both.mirrored)).toBeGreaterThan(1e-3); // the crops are no mirror images of themselves
      expect(near(together.slice(0, 1), together.slice(1, 2))).toBeGreaterThan(1e-3);
    } finally {
      await embedder.close();
      await other.close();
    }
  });
});

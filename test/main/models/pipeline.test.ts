import { createHash } from 'node:crypto';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCode } from '../../../src/core/base/errors.ts';
import { type RgbImage, rgbImage } from '../../../src/core/base/image.ts';
import { iou } from '../../../src/core/faces/boxes.ts';
import { alignmentError } from '../../../src/core/faces/quality.ts';
import type { Points5 } from '../../../src/core/faces/types.ts';
import { findModel, readModels } from '../../../src/main/models/cards.ts';
import { type Detector, openDetector } from '../../../src/main/models/detector.ts';
import { type Embedder, mirror, openEmbedder } from '../../../src/main/models/embedder.ts';
import { inspectModel } from '../../../src/main/models/inspect.ts';
import { type LandmarkModel, openLandmarks } from '../../../src/main/models/landmarks.ts';
import { alignFace, type FaceFound, findFaces } from '../../../src/main/models/pipeline.ts';
import { patchesPicture } from '../../../src/main/models/trial.ts';
import { builtInDir, hasBuiltIn, hasPhotos, hasShared, sharedModels, sharedPhotos } from './places.ts';

const threads = 1;

async function photograph(name: string, side = 700): Promise<RgbImage> {
  const { data, info } = await sharp(join(sharedPhotos, name))
    .resize(side, side, { fit: 'inside' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return rgbImage(info.width, info.height, new Uint8Array(data));
}

const digest = ({ data }: RgbImage): string => createHash('sha256').update(data).digest('hex');

describe.skipIf(!hasBuiltIn)('built-in models', () => {
  let detector: Detector;
  let embedder: Embedder;
  let landmarks: LandmarkModel;

  beforeAll(async () => {
    const catalogue = await readModels(builtInDir, join(builtInDir, 'none'));
    const { defaults } = catalogue;
    const d = findModel(catalogue, 'detector', defaults.detector ?? '');
    const e = findModel(catalogue, 'embedding', defaults.embedding ?? '');
    const l = findModel(catalogue, 'landmarks', defaults.landmarks ?? '');
    detector = await openDetector(d.card, d.dir, { threads });
    embedder = await openEmbedder(e.card, e.dir, { threads });
    landmarks = await openLandmarks(l.card, l.dir, { threads });
  });
  afterAll(async () => {
    await Promise.all([detector.close(), embedder.close(), landmarks.close()]);
  });

  it('find nobody in a picture of nobody', async () => {
    expect(await findFaces(patchesPicture(300, 200), detector)).toEqual([]);
    expect(await findFaces(rgbImage(9, 5), detector)).toEqual([]);
  });

  it('stop when they are told to', async () => {
    const signal = AbortSignal.abort();
    await expect(detector.detect(patchesPicture(100, 100), { signal })).rejects.toThrow('Cancelled');
    await expect(embedder.embed([patchesPicture(112, 112)], { signal })).rejects.toThrow('Cancelled');
  });

  it('give unit vectors that do not depend on how crops are batched', async () => {
    const crops = Array.from({ length: 19 }, (_, i) => patchesPicture(112, 112, i));
    const together = await embedder.embed(crops);
    expect(together).toHaveLength(19);
    for (const [i, crop] of crops.entries()) {
      const vector = together[i] ?? new Float32Array();
      expect(Math.hypot(...vector)).toBeCloseTo(1, 6);
      if (i % 6 !== 0) continue;
      const [alone] = await embedder.embed([crop]);
      const worst = vector.reduce((most, value, k) => Math.max(most, Math.abs(value - (alone?.[k] ?? 9))), 0);
      expect(worst).toBeLessThan(1e-6);
    }
  }, 30_000);

  it('average a crop and its mirror image when asked', async () => {
    const crop = patchesPicture(112, 112, 3);
    const [one] = await embedder.embed([crop], { flip: true });
    const [other] = await embedder.embed([mirror(crop)], { flip: true });
    expect(one?.every((value, k) => Math.abs(value - (other?.[k] ?? 9)) < 1e-5)).toBe(true);
  });

  describe.skipIf(!hasPhotos)('on photographs', () => {
    let image: RgbImage;
    let faces: FaceFound[];
    beforeAll(async () => {
      image = await photograph('12.jpg');
      faces = await findFaces(image, detector);
    }, 30_000);

    it('find the five people in it, with points that fit the template', () => {
      expect(faces).toHaveLength(5);
      for (const { crop, quality, points, similarity } of faces) {
        expect([crop.width, crop.height]).toEqual([112, 112]);
        expect(alignmentError(points, similarity)).toBeLessThan(8);
        expect(quality.overall).toBeGreaterThan(0.05);
        expect(Math.abs(quality.roll)).toBeLessThan(40);
      }
    });

    it('give the same bytes again', async () => {
      const again = await findFaces(image, detector);
      expect(again.map(({ crop }) => digest(crop))).toEqual(faces.map(({ crop }) => digest(crop)));
      expect(again).toEqual(faces);
    }, 30_000);

    it('find the same five points by landmarks', async () => {
      for (const { box, points } of faces) {
        const five = (await landmarks.five(image, box)) ?? [];
        const eyes = Math.hypot((points[2] ?? 0) - (points[0] ?? 0), (points[3] ?? 0) - (points[1] ?? 0));
        for (const [i, value] of five.entries())
          expect(Math.abs(value - (points[i] ?? 0))).toBeLessThan(0.35 * Math.max(eyes, box.width / 3));
      }
    });

    it('align by hand-set points, by either solver', () => {
      const [face] = faces;
      if (!face) throw new Error('no face');
      const moved: Points5 = face.points.map((value) => value + 1);
      const byHand = alignFace(image, moved, { cropSize: 96 });
      expect(byHand?.crop.width).toBe(96);
      expect(alignFace(image, face.points)?.crop).toEqual(face.crop);
      expect(alignFace(image, face.points, { solver: 'evolve' })?.similarity).not.toEqual(face.similarity);
      expect(alignFace(image, Array<number>(10).fill(3))).toBeNull();
    });

    describe.skipIf(!hasShared)('agree with imported detectors', () => {
      it.each(['yunet_n_dynamic.onnx', 'retinaface_mobile025.onnx'])(
        '%s',
        async (name) => {
          const { proposal } = await inspectModel(join(sharedModels, name));
          if (proposal?.task !== 'detector') throw new Error('no detector');
          const card = { ...proposal, files: proposal.files.map((file) => ({ ...file, file: name })) };
          const other = await openDetector(card, sharedModels, { threads });
          const found = await other.detect(image);
          await other.close();
          expect(found).toHaveLength(faces.length);
          for (const face of faces) {
            const match = found.find(({ box }) => iou(box, face.box) > 0.5);
            expect(match).toBeDefined();
            const apart = (match?.points ?? [])
              .map((value, i) => Math.abs(value - (face.points[i] ?? 0)) / face.box.width)
              .sort((p, q) => p - q);
            // one of the faces is tilted and turned: there the eyes of two detectors lie a quarter apart
            expect(apart).toHaveLength(10);
            expect(apart[5]).toBeLessThan(0.1);
            expect(apart[9]).toBeLessThan(0.3);
          }
        },
        30_000,
      );
    });
  });
});

describe('openDetector', () => {
  it('names the file that is missing', async () => {
    const card = {
      id: 'none',
      name: 'none',
      sha256: '0'.repeat(64),
      licence: '',
      source: '',
      notes: '',
      task: 'detector' as const,
      layout: 'yunet' as const,
      files: [{ file: 'none.onnx', sha256: '0'.repeat(64) }],
      input: {
        width: null,
        height: null,
        multipleOf: 32,
        layout: 'nchw' as const,
        colour: 'bgr' as const,
        scale: 1,
        mean: [0],
        std: [1],
      },
      scoreThreshold: 0.5,
      nmsThreshold: 0.5,
    };
    const failure = await openDetector(card, '/nowhere').catch((thrown: unknown) => thrown);
    expect(hasCode(failure, 'engine/model-missing')).toBe(true);
  });
});

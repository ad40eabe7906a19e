/**
 * The whole path on a folder per person: detection, crop, embedding, nearest neighbour, clusters.
 *
 *   node bench/align/accuracy.ts FOLDER [--models DIR] [--detector ID] [--embedding ID] [--threads 2] [--save FILE]
 *                                [--solver umeyama|evolve] [--threshold 0.3] [--neighbours 64]
 *
 * Of several faces in a photograph the one nearest to its middle is the labelled person's.
 */
import { writeFileSync } from 'node:fs';
import { defined } from '../../src/core/base/assert.ts';
import type { RgbImage } from '../../src/core/base/image.ts';
import { cluster } from '../../src/core/faces/cluster.ts';
import { exactNeighbours } from '../../src/core/faces/neighbours.ts';
import { pairwiseAgreement } from '../../src/core/metrics/pairwise.ts';
import { openDetector } from '../../src/main/models/detector.ts';
import { openEmbedder } from '../../src/main/models/embedder.ts';
import { type FaceFound, findFaces } from '../../src/main/models/pipeline.ts';
import { decoded, folderPerPerson, option, readCard } from './faces-of.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: node bench/align/accuracy.ts FOLDER [options]');
const models = option('models', 'resources/models');
const threads = Number(option('threads', '2'));
const solver = option('solver', 'umeyama') === 'evolve' ? 'evolve' : 'umeyama';
const photographs = folderPerPerson(folder);
const people = [...new Set(photographs.map(({ label }) => label))];

const detectorCard = readCard(models, option('detector', 'mtcnn'));
const embeddingCard = readCard(models, option('embedding', 'faceplugin-512'));
if (detectorCard.task !== 'detector' || embeddingCard.task !== 'embedding') throw new Error('wrong models');
const detector = await openDetector(detectorCard, models, { threads });

function nearestToMiddle(faces: readonly FaceFound[], image: RgbImage): FaceFound | undefined {
  const distance = ({ box }: FaceFound): number =>
    (box.x + (box.width - image.width) / 2) ** 2 + (box.y + (box.height - image.height) / 2) ** 2;
  return [...faces].sort((a, b) => distance(a) - distance(b))[0];
}

const crops: RgbImage[] = [];
const labels: number[] = [];
const missing: string[] = [];
let several = 0;
let start = performance.now();
for await (const { item, image } of decoded(photographs)) {
  const faces = await findFaces(image, detector, { solver });
  if (faces.length > 1) several++;
  const face = nearestToMiddle(faces, image);
  if (!face) {
    missing.push(item.path.slice(folder.length + 1));
    continue;
  }
  crops.push(face.crop);
  labels.push(people.indexOf(item.label));
}
let seconds = (performance.now() - start) / 1000;
const found = photographs.length - missing.length;
console.log(
  `faces: found in ${found} of ${photographs.length} (${((100 * found) / photographs.length).toFixed(2)} %), several in ` +
    `${several}; ${(photographs.length / seconds).toFixed(1)} photographs a second with decoding, ${threads} threads`,
);
if (missing.length > 0) console.log(`none in: ${missing.join(', ')}`);
await detector.close();

const embedder = await openEmbedder(embeddingCard, models, { threads });
start = performance.now();
const vectors = await embedder.embed(crops);
seconds = (performance.now() - start) / 1000;
console.log(`embedding: ${(crops.length / seconds).toFixed(1)} faces a second`);
await embedder.close();
const matrix = new Float32Array(vectors.length * embeddingCard.size);
for (const [i, vector] of vectors.entries()) matrix.set(vector, i * embeddingCard.size);
const save = option('save', '');
if (save) {
  writeFileSync(save, matrix);
  writeFileSync(`${save}.json`, JSON.stringify({ size: embeddingCard.size, labels }));
}

const neighbours = exactNeighbours(matrix, embeddingCard.size, Number(option('neighbours', '64')));
const right = labels.filter(
  (label, i) => labels[defined(neighbours.indices[i * neighbours.k], 'a neighbour')] === label,
).length;
console.log(`nearest neighbour, leave one out: ${((100 * right) / labels.length).toFixed(2)} %`);

const wanted = option('threshold', '');
for (const threshold of wanted ? [Number(wanted)] : [0.15, 0.2, 0.225, 0.25, 0.275, 0.3, 0.35, 0.4]) {
  start = performance.now();
  const groups = cluster(matrix, embeddingCard.size, neighbours, { threshold });
  const ms = performance.now() - start;
  const { precision, recall, f1 } = pairwiseAgreement(groups, labels);
  const count = new Set(groups).size;
  console.log(
    `clusters at ${threshold}: ${count} for ${people.length} people, F1 ${f1.toFixed(4)} ` +
      `(precision ${precision.toFixed(4)}, recall ${recall.toFixed(4)}), ${ms.toFixed(0)} ms`,
  );
}

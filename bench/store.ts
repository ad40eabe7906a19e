/**
 * How long the store's queries take, by the number of faces.
 *   node bench/store.ts [--faces 100000]
 * Prints a JSON line each: the median of five runs in milliseconds.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { faceFilter } from '../src/core/contract/faces.ts';
import { pageClusters } from '../src/main/store/clusters.ts';
import { openStore } from '../src/main/store/database.ts';
import { listDatasets } from '../src/main/store/datasets.ts';
import { countMissing, embeddedFaces, missingCrops } from '../src/main/store/embeddings.ts';
import { faceIds, pageFaces } from '../src/main/store/faces.ts';
import { record, undo } from '../src/main/store/journal.ts';
import { pagePeople } from '../src/main/store/people.ts';
import { nextPending, pagePhotos, settleQuality } from '../src/main/store/photos.ts';
import { bigModel, fillBigStore } from '../test/support/big-store.ts';

const { values } = parseArgs({ options: { faces: { type: 'string', default: '100000' } } });
const faces = Number(values.faces);
const dir = mkdtempSync(join(tmpdir(), 'lineament-bench-'));
const path = join(dir, 'lineament.db');
const store = openStore(path);

function measure(what: string, work: () => unknown): void {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  const median = times.sort((a, b) => a - b)[2] ?? 0;
  console.log(JSON.stringify({ what, faces, ms: Number(median.toFixed(2)) }));
}

try {
  const start = performance.now();
  store.write((writer) => fillBigStore(writer, faces));
  store.compact();
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ what: 'filled', faces, seconds, megabytes: statSync(path).size / 2 ** 20 }));
  const end = Math.floor(faces * 0.94);
  const photos = { dataset: 2, show: 'all', reason: null, search: '' } as const;
  const ids = faceIds(store, faceFilter.parse({})).slice(0, 10_000);
  for (const sort of ['added', 'quality', 'size', 'person'] as const) {
    measure(`faces.page at the end, by ${sort}`, () =>
      pageFaces(store, faceFilter.parse({ sort }), end, 200),
    );
  }
  measure('faces.page of a person', () => pageFaces(store, faceFilter.parse({ person: 7 }), 0, 200));
  measure('faces.page by a search', () => pageFaces(store, faceFilter.parse({ search: 'son 7' }), 0, 200));
  measure('faces.ids', () => faceIds(store, faceFilter.parse({})));
  measure('clusters.page', () => pageClusters(store, 'unnamed', 2, 0, 200));
  measure('people.page', () => pagePeople(store, '', 0, 200));
  measure('datasets.list', () => listDatasets(store, bigModel, false));
  measure('photos.page at the end', () => pagePhotos(store, photos, Math.floor(faces / 4) - 200, 200));
  measure('a chunk to align', () => nextPending(store, 2, 'other', Math.floor(faces / 2), 16));
  measure('a chunk to embed', () => missingCrops(store, 'other', [1, 2, 3, 4], '', 32));
  measure('count to embed', () => countMissing(store, 'other', [1, 2, 3, 4]));
  measure('scope of a search', () => embeddedFaces(store, bigModel, [1, 2, 3, 4]));
  measure('queue by new limits', () =>
    store.write((writer) => settleQuality(writer, { tinyFace: 60, blurredBelow: 0.4 })),
  );
  measure('name 10,000 faces and undo', () => {
    store.write((writer) =>
      record(writer, 'bench', 0, (recorder) => recorder.update('face', ids, { person_id: 1, named: 'user' })),
    );
    store.write(undo);
  });
} finally {
  store.close();
  rmSync(dir, { recursive: true, force: true });
}

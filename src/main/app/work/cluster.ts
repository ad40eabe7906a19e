import { availableParallelism } from 'node:os';
import { z } from 'zod';
import type { ClusterHost, ClusterSetup } from '../../jobs/cluster.ts';
import { replaceClusters } from '../../store/clusters.ts';
import { scopeOf } from '../../store/datasets.ts';
import { embeddedFaces } from '../../store/embeddings.ts';
import { dismissals, replaceSuggestions } from '../../store/people.ts';
import { getSettings } from '../../store/settings.ts';
import { runJob } from '../../workers/run.ts';
import type { Context } from '../context.ts';
import type { JobRunner } from '../queue.ts';

export const clusterInput = z.object({
  datasets: z.array(z.int()).nullable(),
  model: z.string(),
  threshold: z.number().nullable(),
});

/** Faces of these members' numbers, gathered by cluster. */
function groupsOf(clusters: Int32Array, faces: readonly { readonly id: number }[]): number[][] {
  const groups = new Map<number, number[]>();
  for (const [place, number] of clusters.entries()) {
    const face = faces[place];
    if (face === undefined) continue;
    const group = groups.get(number);
    if (group === undefined) groups.set(number, [face.id]);
    else group.push(face.id);
  }
  return [...groups.values()];
}

/** Clusters the embedded faces of the datasets; names that people gave hold their faces together. */
export function clusterRunner(context: Context): JobRunner {
  return async (job, report) => {
    const input = clusterInput.parse(JSON.parse(job.input));
    const { store, library, events, shelf } = context;
    const { id, size, threshold, clusterThreshold } = shelf.embedding(input.model).card;
    const datasets = scopeOf(store, input.datasets);
    const faces = embeddedFaces(store, id, datasets);
    const places = new Map(faces.map((face, place) => [face.id, place]));
    const dismissed = dismissals(store).flatMap(({ face, person }) => {
      const place = places.get(face);
      return place === undefined ? [] : [place, person];
    });
    const setup: ClusterSetup = {
      file: library.vectorsPath(id),
      width: size,
      rows: Int32Array.from(faces, (face) => face.row),
      // A label says what somebody once wrote; only what the user said binds.
      confirmed: Int32Array.from(faces, (face) => (face.named === 'user' ? (face.personId ?? -1) : -1)),
      named: Int32Array.from(faces, (face) => face.personId ?? -1),
      dismissed: Int32Array.from(dismissed),
      threshold: input.threshold ?? clusterThreshold ?? threshold,
      threads: getSettings(store).threads ?? availableParallelism(),
    };
    const host: ClusterHost = {
      save: async ({ clusters, suggested }) => {
        const suggestions = Array.from(suggested.faces, (place, index) => ({
          face: faces[place]?.id ?? 0,
          person: suggested.people[index] ?? 0,
          similarity: suggested.similarities[index] ?? 0,
        }));
        store.write((writer) => {
          replaceClusters(writer, groupsOf(clusters, faces), context.now());
          replaceSuggestions(writer, datasets, suggestions);
        });
        events.changed('clusters', 'people', 'faces');
      },
    };
    report.progress(0, faces.length);
    if (faces.length === 0) return { faces: 0, clusters: 0, singles: 0, suggestions: 0 };
    return await runJob({
      entry: context.workerEntry,
      kind: 'cluster',
      setup,
      host: { ...host },
      signal: report.signal,
      onProgress: report.progress,
      onLog: report.log,
    });
  };
}

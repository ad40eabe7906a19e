import { z } from 'zod';
import { type ErrorInfo, error } from '../../../core/base/errors.ts';
import { solver } from '../../../core/contract/common.ts';
import type { AlignedPhoto, AlignHost, AlignSetup, PhotoToAlign } from '../../jobs/align.ts';
import { getSource } from '../../store/datasets.ts';
import {
  countPending,
  findAlignedTwin,
  forgetAlignment,
  nextPending,
  type PendingPhoto,
  type PhotoOrigin,
} from '../../store/photos.ts';
import { getSettings } from '../../store/settings.ts';
import type { Context } from '../context.ts';
import type { JobRunner } from '../queue.ts';
import { copyAlignment } from './copy-alignment.ts';
import { chunkSizeFor, inOrder, sharesOf } from './plan.ts';
import { saveAlignedPhoto } from './save-photo.ts';
import { runTeam } from './team.ts';

export const alignInput = z.object({
  dataset: z.int(),
  detector: z.string(),
  solver,
  minFace: z.int().nullable(),
});
export type AlignInput = z.infer<typeof alignInput>;

/** Photographs in a chunk at most: enough to keep a worker busy, few enough to lose little when it dies. */
const largestChunk = 16;

/** What a photograph went through, in one line: the same line means the same crops. */
export function pipelineOf(context: Context, input: AlignInput): string {
  const { card } = context.shelf.detector(input.detector);
  return `${card.id}@${card.sha256.slice(0, 12)} ${input.solver} min=${input.minFace ?? 'auto'}`;
}

function toAlign(context: Context, photo: PhotoOrigin): PhotoToAlign {
  const { id, key, path, bytes, modified, width, height } = photo;
  const place = path === null ? context.library.locate('originals', photo.hash) : null;
  return { id, key, path, place, bytes, modified, width, height };
}

/** Runs alignment over the photographs that this pipeline has not been through. Continuing goes on from there. */
export function alignRunner(context: Context): JobRunner {
  return async (job, report) => {
    const input = alignInput.parse(JSON.parse(job.input));
    const { store, library, events, shelf } = context;
    const source = getSource(store, input.dataset);
    if (source === null) throw error('dataset/unknown', { dataset: input.dataset });
    const pipeline = pipelineOf(context, input);
    const settings = getSettings(store);
    const options = { pipeline, solver: input.solver, settings };
    const total = countPending(store, input.dataset, pipeline);
    const shares = sharesOf(context);
    const chunkSize = chunkSizeFor(total, shares.processes, largestChunk);
    const counts = { photos: 0, faces: 0, without: 0, failed: 0, repeated: 0 };
    const given = new Map<number, PendingPhoto[]>();
    // Photographs with the same bytes as one that is under way wait for its result.
    const underWay = new Map<string, PendingPhoto[]>();
    let chunk = 0;
    let after = 0;

    const describe = (photo: PendingPhoto) => ({
      ...photo,
      datasetId: input.dataset,
      datasetName: source.name,
    });
    const note = (problem: ErrorInfo | null, faces: number): void => {
      counts.photos++;
      counts.faces += faces;
      if (problem !== null) counts.failed++;
      else if (faces === 0) counts.without++;
    };
    const tell = (): void => {
      report.progress(counts.photos, total);
      events.changed('photos', 'faces', 'datasets', 'people');
    };
    const saves = inOrder(async (result: Parameters<AlignHost['save']>[0]) => {
      const photos = given.get(result.chunk) ?? [];
      given.delete(result.chunk);
      const batch = library.batch();
      for (const { faces } of result.photos) {
        for (const face of faces) await batch.add('crops', face.crop, face.cropHash);
      }
      const byId = new Map(result.photos.map((photo) => [photo.id, photo]));
      await batch.commit((writer) => {
        for (const photo of photos) {
          const found: AlignedPhoto | undefined = byId.get(photo.id);
          if (found === undefined) continue;
          for (const same of [photo, ...(underWay.get(photo.hash) ?? [])]) {
            saveAlignedPhoto(
              writer,
              describe(same),
              { ...found, id: same.id },
              { ...options, now: context.now() },
            );
            note(found.problem, found.faces.length);
          }
          underWay.delete(photo.hash);
        }
      });
      tell();
    });
    const host: AlignHost = {
      save: saves.add,
      next: async () => {
        for (;;) {
          const pending = nextPending(store, input.dataset, pipeline, after, chunkSize);
          const last = pending.at(-1);
          if (last === undefined) return null;
          after = last.id;
          const photos: PendingPhoto[] = [];
          for (const photo of pending) {
            const waiting = underWay.get(photo.hash);
            const twin = findAlignedTwin(store, photo.hash, pipeline);
            if (waiting !== undefined) waiting.push(photo);
            else if (twin !== null) {
              const now = context.now();
              const faces = store.write((writer) =>
                copyAlignment(writer, twin, describe(photo), { ...options, now }),
              );
              counts.repeated++;
              note(null, faces);
            } else {
              underWay.set(photo.hash, []);
              photos.push(photo);
            }
          }
          if (photos.length === 0) {
            tell();
            continue;
          }
          given.set(chunk, photos);
          return { chunk: chunk++, photos: photos.map((photo) => toAlign(context, photo)) };
        }
      },
    };
    report.progress(0, total);
    const setup: AlignSetup = {
      detector: shelf.detector(input.detector),
      landmarks: shelf.landmarks(),
      solver: input.solver,
      minFace: input.minFace,
      threads: shares.threads,
      provider: settings.provider,
      packsDir: library.packsDir,
    };
    const count = Math.max(1, Math.min(shares.processes, Math.ceil(total / chunkSize)));
    try {
      if (total > 0) await runTeam(context, { kind: 'align', count, setup, host: { ...host } }, report);
    } finally {
      await saves.finish(); // what was found before a stop or a crash is kept
    }
    return counts;
  };
}

/** Makes all photographs of a dataset go through alignment again. */
export function alignAgain(context: Context, dataset: number): void {
  context.store.write((writer) => forgetAlignment(writer, dataset));
}

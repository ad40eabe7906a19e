import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defined } from '../../core/base/assert.ts';
import { Cancelled } from '../../core/base/errors.ts';
import type { RgbImage } from '../../core/base/image.ts';
import { type SamplePainter, samplePainter } from '../../core/sample/picture.ts';
import { planSample } from '../../core/sample/plan.ts';
import type { PlannedPicture, SamplePlan, SampleSettings, SampleTruth } from '../../core/sample/types.ts';
import { encodeCrop, encodePhotograph } from '../images/encode.ts';
import { configureImages } from '../images/setup.ts';
import type { Job, JobContext } from './job.ts';
import { notedPart, notePart, writable } from './people-files.ts';

/** Every process plans the whole sample for itself: the same settings give the same plan. */
export interface PeopleSetup {
  /** Where the pictures go; made if it isn't there. */
  readonly folder: string;
  readonly settings: SampleSettings;
}

/** Work is handed out by the numbers of the plan's parts, in any order and to any number of processes. */
export interface PeopleHost {
  next(nothing: null): Promise<number | null>;
  /** Told of each part whose files are there; `fresh` is false where they were there before. */
  saved(done: { readonly part: number; readonly pictures: number; readonly fresh: boolean }): Promise<void>;
}

/** A host that hands out the parts of a plan one after the other, and tells how many pictures are there. */
export function peopleHost(plan: SamplePlan, onSaved: (pictures: number, total: number) => void): PeopleHost {
  const total = plan.parts.reduce((sum, part) => sum + part.length, 0);
  let part = 0;
  let there = 0;
  return {
    next: async () => (part < plan.parts.length ? part++ : null),
    saved: async ({ pictures }) => {
      there += pictures;
      onSaved(there, total);
    },
  };
}

async function encode(picture: PlannedPicture, image: RgbImage): Promise<Uint8Array> {
  if (picture.kind === 'crop') return encodeCrop(image);
  const bytes = await encodePhotograph(image, picture.quality);
  const { defect } = picture;
  return defect?.kind === 'broken' ? bytes.subarray(0, Math.floor(bytes.length * defect.kept)) : bytes;
}

/** Errors: file/cannot-write. Pictures are not synced one by one: a part counts when it is noted, with their lengths. */
async function write(folder: string, picture: PlannedPicture, image: RgbImage): Promise<number> {
  const path = join(folder, picture.path);
  const bytes = await encode(picture, image);
  await writable(path, () => writeFile(path, bytes));
  return bytes.length;
}

async function makePart(
  { folder, settings }: PeopleSetup,
  part: number,
  pictures: readonly PlannedPicture[],
  painter: SamplePainter,
  { signal }: JobContext,
): Promise<void> {
  const truths: SampleTruth[] = [];
  const bytes: number[] = [];
  // while one picture is compressed and written, the next one is painted
  let writing: Promise<number> | null = null;
  const written = async (): Promise<void> => {
    if (writing) bytes.push(await writing);
    writing = null;
  };
  try {
    for (const picture of pictures) {
      if (signal.aborted) throw new Cancelled();
      const { image, truth } = painter.paint(picture);
      await written();
      writing = write(folder, picture, image);
      truths.push(truth);
    }
  } finally {
    await written();
  }
  await notePart(folder, settings, part, { truths, bytes });
}

/**
 * Paints generated people into files: photographs as JPEG, crops for training as PNG, each with what is true of it.
 * Parts that are there already are passed over. Summary: `pictures` and `fresh` ones of this process.
 */
export const peopleJob: Job<PeopleSetup, PeopleHost> = async (setup, host, context) => {
  configureImages();
  const plan = planSample(setup.settings);
  const painter = samplePainter(plan);
  const total = plan.parts.reduce((sum, part) => sum + part.length, 0);
  let done = 0;
  let made = 0;
  for (let part = await host.next(null); part !== null; part = await host.next(null)) {
    if (context.signal.aborted) throw new Cancelled();
    const pictures = defined(plan.parts[part], `part ${part} of the sample`);
    const noted = await notedPart(setup.folder, setup.settings, part, pictures);
    if (!noted) await makePart(setup, part, pictures, painter, context);
    done += pictures.length;
    if (!noted) made += pictures.length;
    await host.saved({ part, pictures: pictures.length, fresh: !noted });
    context.progress(done, total);
  }
  return { pictures: done, fresh: made };
};

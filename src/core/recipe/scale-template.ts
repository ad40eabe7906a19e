import { batchThatFits, estimateMemory } from './memory.ts';
import { type Recipe, recipeSchema } from './recipe.ts';
import { type Sizes, summarise } from './sizes.ts';
import { defaultTeacher, type Template } from './templates.ts';
import { yardstick } from './yardstick.ts';

/** What a recipe is fitted to. */
export interface DataAtHand {
  /** Hash of the dataset version. */
  readonly version: string;
  readonly sizes: Sizes;
  /** Bytes that training may use. */
  readonly memory: number;
  /** `cpu`, `cuda` … */
  readonly provider: string;
  /** The default embedding model, `onnx:ID`, which teaches where a template has a teacher. */
  readonly teacher?: string;
}

/** Classes of MS-Celeb-1M as FaceX-Zoo cleaned it: what the papers' scales were chosen for. */
const publishedClasses = 72_778;
/** Held out for verification at most: enough for the pairs of any benchmark. */
const mostHeldOut = 1000;
/** Steps in an epoch at least, so that a batch is a small part of the data; and of a batch that is small already. */
const stepsInEpoch = 8;
const stepsOfSmall = 2;
/** Pictures that batch normalisation wants to see at once. */
const smallBatch = 16;

/**
 * A template fitted to data and machine, by these rules:
 * - low-shot: identities with fewer pictures than the template asks are left out, unless half of the pictures would go;
 *   then it asks for fewer.
 * - hold-out: a tenth of the identities, two at least, a thousand at most; of very few people, a fifth of each one's
 *   pictures instead.
 * - batch: the template's, or less so that an epoch has eight steps (two, where that would be fewer than sixteen
 *   pictures) and three fifths of the memory are enough; a power of two. A GPU's memory isn't known: there the machine's stands for it.
 * - batches of so many people: as many as the batch holds and there are, with as many pictures of each as the template has.
 * - rate: it goes with the batch by a line (Goyal et al. 2017).
 * - epochs: the template's; more where steps would be too few (tenfold at most), fewer where it wants a short run. The
 *   warm-up and the steps of the rate stretch with them.
 * - scale of the head: it goes with ln(C − 1), as AdaCos's √2·ln(C − 1) does, down from the published one at 72,778
 *   classes; 8 at least.
 */
export function scaleTemplate(template: Template, at: DataAtHand): Recipe {
  const { recipe } = template;
  const minImages = fewestAllowed(at.sizes, recipe.data.minImagesPerIdentity ?? 2);
  const kept = summarise(at.sizes, minImages);
  const holdOut = holdOutOf(kept.identities, kept.median);
  const images = Math.max(1, Math.round(kept.images * (1 - holdOut.share)));
  const classes =
    holdOut.by === 'identities'
      ? Math.round(kept.identities * (1 - holdOut.share))
      : Math.max(2, kept.identities);
  const draft = (batch: number): Recipe =>
    recipeSchema.parse({
      ...recipe,
      data: { ...recipe.data, version: at.version, minImagesPerIdentity: minImages, holdOut },
      ...(recipe.distillation && { distillation: taughtBy(recipe.distillation, at.teacher) }),
      batch,
    });
  const { sampler } = recipe.data;
  const fits = batchThatFits(estimateMemory(draft(2), classes), at.memory * 0.6);
  const part = Math.max(images / stepsInEpoch, Math.min(smallBatch, images / stepsOfSmall));
  const drawn = sampler?.kind === 'identities' ? classes * (sampler.pictures ?? 4) : recipe.batch;
  const batch = powerOfTwo(Math.min(recipe.batch, part, fits, drawn));
  const stretch = stretchOf(template, Math.max(1, Math.floor(images / batch)), at.provider);
  const stated = draft(batch);
  const { rate, warmUp, decay } = stated.schedule;
  return recipeSchema.parse({
    ...stated,
    data: { ...stated.data, sampler: drawnAs(stated.data.sampler, batch) },
    head: { kind: stated.head.kind, options: scaledHead(stated.head.options, classes) },
    epochs: short(recipe.epochs * stretch),
    schedule: {
      rate: short((rate * batch) / recipe.batch),
      warmUp: { ...warmUp, epochs: short(warmUp.epochs * stretch) },
      decay:
        decay.kind === 'step' ? { ...decay, at: decay.at.map((epoch) => short(epoch * stretch)) } : decay,
    },
    validation: { ...stated.validation, everyEpochs: everyEpochs(recipe.epochs * stretch) },
  });
}

type Taught = NonNullable<Template['recipe']['distillation']>;

function taughtBy(distillation: Taught, model: string | undefined): Taught {
  const { teacher } = distillation;
  const open = teacher.from === 'model' && teacher.model === defaultTeacher;
  return open && model !== undefined ? { ...distillation, teacher: { ...teacher, model } } : distillation;
}

/** Batches of so many people with as many pictures of each as are asked, or as there is room for two people. */
function drawnAs(sampler: Recipe['data']['sampler'], batch: number): Recipe['data']['sampler'] {
  if (sampler.kind !== 'identities') return sampler;
  const pictures = Math.min(sampler.pictures, batch / 2);
  return pictures < 2 ? { kind: 'shuffle' } : { ...sampler, identities: batch / pictures, pictures };
}

/** Fewest pictures an identity: as asked, or the next lower of 5, 2, 1 that keeps half of the pictures. */
function fewestAllowed(sizes: Sizes, asked: number): number {
  const all = summarise(sizes).images;
  const steps = [asked, 5, 2].filter((least) => least <= asked);
  return steps.find((least) => summarise(sizes, least).images * 2 >= all && people(sizes, least) >= 4) ?? 1;
}

const people = (sizes: Sizes, least: number): number => summarise(sizes, least).identities;

function holdOutOf(identities: number, median: number): Recipe['data']['holdOut'] {
  if (identities >= 8) {
    const count = Math.min(mostHeldOut, Math.max(2, identities / 10));
    // Upwards, so that the share gives as many when it is multiplied again.
    return { by: 'identities', share: Math.min(0.5, Math.ceil((count / identities) * 1e6) / 1e6) };
  }
  return median >= 2 ? { by: 'images', share: 0.2 } : { by: 'none', share: 0 };
}

/** By how much the epochs grow or shrink. */
function stretchOf({ recipe, leastSteps, mostSteps }: Template, perEpoch: number, provider: string): number {
  const steps = recipe.epochs * perEpoch;
  // A device is some ten times as fast as a processor, so that a short run may be longer.
  const most = mostSteps === null ? Number.POSITIVE_INFINITY : mostSteps * (provider === 'cpu' ? 1 : 5);
  if (steps > most) return most / steps;
  return Math.max(1, Math.min(10, leastSteps / steps));
}

function scaledHead(options: Recipe['head']['options'], classes: number): Recipe['head']['options'] {
  const { scale } = options;
  if (typeof scale !== 'number') return options;
  const share = Math.min(1, yardstick(classes) / yardstick(publishedClasses));
  return { ...options, scale: Math.min(scale, Math.max(8, Math.round(scale * share))) };
}

/** About twenty validations a run, and not more than one an epoch where epochs are long. */
function everyEpochs(epochs: number): number {
  return epochs <= 25 ? short(Math.min(1, epochs / 4)) : Math.ceil(epochs / 20);
}

/** The power of two at or below; 2 at least, the least batch there is. */
function powerOfTwo(value: number): number {
  return 2 ** Math.max(1, Math.floor(Math.log2(Math.max(2, value))));
}

/** Two digits, as people write such figures; whole numbers above 100. Never 0. */
function short(value: number): number {
  if (value >= 100) return Math.round(value);
  return Number(value.toPrecision(2));
}

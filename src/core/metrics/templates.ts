import { assert } from '../base/assert.ts';
import { type Features, rowsOf } from './features.ts';

/** Which picture belongs to which template and medium (a photograph or a video). */
export interface TemplateList {
  /** [pictures], numbers of templates */
  readonly templates: ArrayLike<number>;
  /** [pictures], numbers of media */
  readonly media: ArrayLike<number>;
  /** [pictures], detector scores to weight by; null for equal weights. */
  readonly weights?: ArrayLike<number> | null;
}

export interface PooledTemplates {
  /** Numbers of the templates, ascending; row i of the features is that of templates[i]. */
  readonly templates: readonly number[];
  /** [templates, width], of length 1, or zero (see `empty`) */
  readonly features: Features;
  /** Templates whose sum is zero: nothing was found in their pictures. */
  readonly empty: readonly number[];
}

/**
 * One embedding for each IJB template, from unit embeddings of its pictures: each times its detector score; the mean
 * within a medium, so that a long video counts as much as a photograph; the sum over the media; by its length.
 * (Maze et al. 2018, as InsightFace and FaceX-Zoo compute it.) In double precision.
 */
export function poolTemplates(
  features: Features,
  { templates, media, weights }: TemplateList,
): PooledTemplates {
  const { width, values } = features;
  const rows = rowsOf(features);
  assert(templates.length === rows && media.length === rows, `templates and media of ${rows} pictures`);
  assert(!weights || weights.length === rows, `weights of ${rows} pictures`);
  const pictures = new Map<number, Map<number, number[]>>();
  for (let row = 0; row < rows; row++) {
    const [template, medium] = [templates[row] ?? 0, media[row] ?? 0];
    const byMedium = pictures.get(template) ?? new Map<number, number[]>();
    pictures.set(template, byMedium);
    const known = byMedium.get(medium);
    if (known) known.push(row);
    else byMedium.set(medium, [row]);
  }
  const numbers = [...pictures.keys()].sort((a, b) => a - b);
  const pooled = new Float32Array(numbers.length * width);
  const empty: number[] = [];
  numbers.forEach((template, place) => {
    const sum = new Float64Array(width);
    for (const members of pictures.get(template)?.values() ?? []) {
      for (const row of members) {
        const share = (weights?.[row] ?? 1) / members.length;
        for (let i = 0; i < width; i++) sum[i] = (sum[i] ?? 0) + share * (values[row * width + i] ?? 0);
      }
    }
    const length = Math.sqrt(sum.reduce((squares, value) => squares + value * value, 0));
    if (length === 0) empty.push(template);
    else
      pooled.set(
        Float32Array.from(sum, (value) => value / length),
        place * width,
      );
  });
  return { templates: numbers, features: { width, values: pooled }, empty };
}

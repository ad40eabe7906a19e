import type { Features } from '../../core/metrics/features.ts';
import { poolTemplates } from '../../core/metrics/templates.ts';
import type { TemplatesTask } from './evaluate-protocol.ts';
import { loadVectors, type VectorRows } from './load-vectors.ts';

/** Pictures whose embeddings are held at once: 128 MB of 512 numbers. */
const mostHeld = 65_536;

/**
 * One embedding for each template by one model, zero where none of its pictures has one. Members are read some templates
 * after the other, so that memory is by the number of templates. [templates, width]
 */
export async function pooledTemplates(
  { file, width, rows }: VectorRows,
  { members, subjects }: Pick<TemplatesTask, 'members' | 'subjects'>,
  held = mostHeld,
): Promise<Features> {
  const { image, template, media, weight } = members;
  const values = new Float32Array(subjects.length * width);
  const order = Int32Array.from(image.keys())
    .filter((member) => (rows[image[member] ?? -1] ?? -1) >= 0)
    .sort((a, b) => (template[a] ?? 0) - (template[b] ?? 0) || a - b);
  for (let start = 0; start < order.length; ) {
    let end = Math.min(order.length, start + held);
    const last = template[order[end - 1] ?? 0];
    // A template is read as a whole, however large; what is begun and does not fit comes with the next stretch.
    if (end < order.length && template[order[end] ?? 0] === last) {
      const cut = order.findIndex((member, i) => i >= start && template[member] === last);
      if (cut > start) end = cut;
      else while (end < order.length && template[order[end] ?? 0] === last) end++;
    }
    const some = order.subarray(start, end);
    const features = {
      width,
      values: await loadVectors({ file, width, rows: some.map((member) => rows[image[member] ?? -1] ?? 0) }),
    };
    const pooled = poolTemplates(features, {
      templates: some.map((member) => template[member] ?? 0),
      media: some.map((member) => media[member] ?? 0),
      weights: weight && Float32Array.from(some, (member) => weight[member] ?? 1),
    });
    for (const [i, place] of pooled.templates.entries())
      values.set(pooled.features.values.subarray(i * width, (i + 1) * width), place * width);
    start = end;
  }
  return { width, values };
}

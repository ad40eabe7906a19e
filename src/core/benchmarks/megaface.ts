import { error } from '../base/errors.ts';
import { badLine, textLines } from './lines.ts';
import { keyOf } from './names.ts';
import type { BenchmarkImage, MegafaceList } from './types.ts';

/** A list of the development kit: paths, and for probes whom they show. */
export interface MegafaceJson {
  readonly paths: readonly string[];
  readonly ids: readonly string[] | null;
}

/** `{"path": […], "id": […]}`, as facescrub_features_list.json and megaface_features_list.json_1000000_1. Error: benchmark/bad-bytes. */
export function readMegafaceJson(text: string, file: string): MegafaceJson {
  const fail = (detail: string, offset = 0): Error => error('benchmark/bad-bytes', { file, offset, detail });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    const offset = Number(
      /position (\d+)/.exec(detail)?.[1] ?? (/end of JSON/.test(detail) ? text.length : 0),
    );
    throw fail('it is no JSON', offset);
  }
  if (typeof parsed !== 'object' || parsed === null || !('path' in parsed))
    throw fail('it has no list “path”');
  const paths = strings(parsed.path)?.map(keyOf);
  const bad = paths?.indexOf(null) ?? 0;
  if (paths === undefined || paths.length === 0) throw fail('its “path” is no list of paths');
  if (bad >= 0) throw fail(`its path ${bad + 1} is none`);
  const ids = 'id' in parsed ? strings(parsed.id) : null;
  if (ids === undefined) throw fail('its “id” is no list of names');
  if (ids !== null && ids.length !== paths.length)
    throw fail(`it has ${paths.length} paths and ${ids.length} ids`);
  return { paths: paths.filter((path) => path !== null), ids };
}

/** Texts, or numbers as texts. */
function strings(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const list: readonly unknown[] = value;
  const texts = list.map((item) =>
    typeof item === 'string' || typeof item === 'number' ? String(item) : null,
  );
  return texts.includes(null) ? undefined : texts.filter((item) => item !== null);
}

/**
 * Noise lists as InsightFace publishes them: names of FaceScrub pictures, or `number path` of MegaFace's; lines that begin with #
 * are comments. Error: benchmark/bad-line.
 */
export function readNoiseList(text: string, file: string): readonly string[] {
  return textLines(text)
    .filter((line) => !line.text.startsWith('#'))
    .map((line) => {
      const key = keyOf(line.text.split('\t').at(-1) ?? '');
      if (key === null) throw badLine(file, line.number, 'there is no name of a picture');
      return key;
    });
}

export interface MegafaceParts {
  readonly probes: MegafaceJson;
  readonly distractors: MegafaceJson;
  /** Empty where there is no noise list. */
  readonly probeNoise: readonly string[];
  readonly distractorNoise: readonly string[];
  /** What the keys of each kind of picture begin with. */
  readonly folders: { readonly probes: string; readonly distractors: string; readonly masked: string | null };
}

/**
 * The lists as one. A probe is noisy where its file's name is in the noise list (written with underscores or spaces), a distractor
 * where the end of its path is. A person's name is the probe's id, or else its folder. Error: benchmark/incomplete.
 */
export function megafaceList({
  probes,
  distractors,
  probeNoise,
  distractorNoise,
  folders,
}: MegafaceParts): MegafaceList {
  const noisyNames = new Set(probeNoise.map(plainName));
  const noisyPaths = new Set(distractorNoise);
  const inside = (folder: string, path: string): string => (folder === '' ? path : `${folder}/${path}`);
  const images: BenchmarkImage[] = [];
  const seen = new Set<string>();
  const add = (key: string, person: string | null): void => {
    if (seen.has(key))
      throw error('benchmark/incomplete', { path: key, missing: 'the lists name this picture twice' });
    seen.add(key);
    images.push({ key, person, group: null });
  };
  const persons = probes.paths.map((path, i) => probes.ids?.[i] ?? path.split('/').at(-2) ?? path);
  for (const [i, path] of probes.paths.entries()) add(inside(folders.probes, path), persons[i] ?? null);
  for (const path of distractors.paths) add(inside(folders.distractors, path), null);
  const { masked } = folders;
  if (masked !== null)
    for (const [i, path] of probes.paths.entries()) add(inside(masked, path), persons[i] ?? null);
  const { length } = probes.paths;
  const noisy = probes.paths.flatMap((path, i) => (noisyNames.has(plainName(path)) ? [i] : []));
  const others = distractors.paths.flatMap((path, i) =>
    noisyPaths.has(path) || noisyPaths.has(path.split('/').slice(-3).join('/')) ? [length + i] : [],
  );
  return {
    kind: 'megaface',
    images,
    probes: range(0, length),
    maskedProbes: masked === null ? null : range(length + distractors.paths.length, length),
    distractors: range(length, distractors.paths.length),
    noisyProbes: Int32Array.from(noisy),
    noisyDistractors: Int32Array.from(others),
  };
}

const range = (from: number, length: number): Int32Array => Int32Array.from({ length }, (_, i) => from + i);

/** A file's name without its extension, spaces written as underscores. */
function plainName(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.[^.]*$/, '')
    .replaceAll(' ', '_');
}

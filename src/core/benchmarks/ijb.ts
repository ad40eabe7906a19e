import { error, type LineamentError } from '../base/errors.ts';
import type { Box, Points5 } from '../faces/types.ts';
import { badLine, shown, type TextLine, textLines, wholeNumber } from './lines.ts';
import { keyOf } from './names.ts';
import { readTable } from './table.ts';
import { templateTable } from './template-table.ts';
import type { TemplateList, TemplatePairs } from './types.ts';

/** A text and what it is called in errors. */
interface NamedText {
  readonly file: string;
  readonly text: string;
}

/** Rows of numbers of templates, and a label in the third column where there are three. */
export interface IdPairs {
  readonly file: string;
  readonly columns: number;
  readonly values: Int32Array;
}

/** The lists of IJB-B and -C as InsightFace and FaceX-Zoo use them (`meta/`); pictures are loose crops, one face each. */
export interface IjbMeta {
  /** ijbc_face_tid_mid.txt: picture, template, medium. */
  readonly members: NamedText;
  /** ijbc_name_5pts_score.txt: picture, five points, detector's score. */
  readonly points: NamedText | null;
  /** ijbc_template_pair_label.txt: template, template, label. */
  readonly pairs: IdPairs | null;
  /** ijbc_1N_gallery_G1.csv …: template, subject. */
  readonly galleries: readonly (NamedText & { readonly name: string })[];
  /** ijbc_1N_probe_mixed.csv. */
  readonly probes: NamedText | null;
}

/** Errors: benchmark/bad-line, benchmark/incomplete. */
export function readIjbMeta(meta: IjbMeta): TemplateList {
  const table = templateTable();
  const facts = meta.points === null ? null : readPoints(meta.points);
  for (const line of textLines(meta.members.text)) {
    const [name, fields] = splitName(line, meta.members.file, 2);
    const [template, media] = fields.map(wholeNumber);
    if (template === null || template === undefined || media === null || media === undefined)
      throw badLine(meta.members.file, line.number, `${shown(line.text)} is no picture, template and medium`);
    const known = facts?.get(name);
    const image = table.image(name, {
      score: known?.score ?? null,
      box: null,
      points: known?.points ?? null,
    });
    table.member(image, table.template(template, null), media);
  }
  if (table.images.length === 0) throw badLine(meta.members.file, 1, 'there are no pictures in this file');
  const subjects = ({ file, text }: NamedText): Int32Array => {
    const places = readRows({ file, text }).map(({ line, template, subject }) => {
      const place = table.find(template);
      if (place === null)
        throw badLine(file, line, `the template ${template} has no pictures in ${meta.members.file}`);
      table.template(template, subject);
      return place;
    });
    return Int32Array.from(new Set(places));
  };
  const galleries = meta.galleries.map(({ name, ...text }) => ({ name, templates: subjects(text) }));
  const probes = meta.probes === null ? null : subjects(meta.probes);
  return table.list(meta.pairs === null ? null : placedPairs(meta.pairs, table), galleries, probes);
}

/** NIST's own tables: every row is a face in a template, with its box in the whole picture. */
export interface IjbTables {
  readonly galleries: readonly (NamedText & { readonly name: string })[];
  /** Templates that are searched for, and those of 1:1 alone (IJB-A's verify_metadata). */
  readonly probes: NamedText | null;
  readonly others: readonly NamedText[];
  /** ijbc_11_G1_G2_matches.csv, verify_comparisons_1.csv: two templates a row; one person where the subjects are one. */
  readonly pairs: IdPairs | null;
}

/** Errors: benchmark/bad-line, benchmark/incomplete. */
export function readIjbTables(tables: IjbTables): TemplateList {
  const table = templateTable();
  const read = ({ file, text }: NamedText): Int32Array => {
    const places = readRows({ file, text }).map(({ line, template, subject, face }) => {
      if (face === null)
        throw badLine(
          file,
          line,
          'there is no file name, which columns called FILENAME and FACE_X … would give',
        );
      const place = table.template(template, subject);
      const key =
        face.box === null
          ? face.key
          : `${face.key}@${face.box.x},${face.box.y},${face.box.width},${face.box.height}`;
      table.member(table.image(key, { score: null, box: face.box, points: null }), place, face.media);
      return place;
    });
    return Int32Array.from(new Set(places));
  };
  const galleries = tables.galleries.map(({ name, ...text }) => ({ name, templates: read(text) }));
  const probes = tables.probes === null ? null : read(tables.probes);
  for (const other of tables.others) read(other);
  return table.list(tables.pairs === null ? null : placedPairs(tables.pairs, table), galleries, probes);
}

function placedPairs(
  { file, columns, values }: IdPairs,
  table: ReturnType<typeof templateTable>,
): TemplatePairs {
  const count = columns === 0 ? 0 : values.length / columns;
  const [a, b, same] = [new Int32Array(count), new Int32Array(count), new Uint8Array(count)];
  const place = (row: number, column: number): number => {
    const id = values[row * columns + column] ?? 0;
    const found = table.find(id);
    if (found === null) throw missing(file, `the template ${id} of row ${row + 1} has no pictures`);
    return found;
  };
  for (let row = 0; row < count; row++) {
    const [one, other] = [place(row, 0), place(row, 1)];
    a[row] = one;
    b[row] = other;
    same[row] = columns > 2 ? Number(values[row * columns + 2] !== 0) : Number(table.sameSubject(one, other));
  }
  return { a, b, same };
}

const missing = (path: string, what: string): LineamentError =>
  error('benchmark/incomplete', { path, missing: what });

/** What comes before the last `count` fields of a line, as a key, and these fields. */
function splitName(line: TextLine, file: string, count: number): readonly [string, readonly string[]] {
  const fields = line.text.split(/[\s,]+/);
  const key = keyOf(fields.slice(0, -count).join(' '));
  if (key === null) throw badLine(file, line.number, `${shown(line.text)} begins with no picture’s name`);
  return [key, fields.slice(-count)];
}

interface PointFacts {
  readonly points: Points5;
  readonly score: number;
}

function readPoints({ file, text }: NamedText): ReadonlyMap<string, PointFacts> {
  const facts = new Map<string, PointFacts>();
  for (const line of textLines(text)) {
    const [name, fields] = splitName(line, file, 11);
    const numbers = fields.map(Number);
    if (numbers.length !== 11 || !numbers.every(Number.isFinite))
      throw badLine(file, line.number, `${shown(line.text)} is no picture, ten coordinates and score`);
    facts.set(name, { points: numbers.slice(0, 10), score: numbers[10] ?? 0 });
  }
  return facts;
}

interface Row {
  readonly line: number;
  readonly template: number;
  readonly subject: number;
  readonly face: { readonly key: string; readonly media: number; readonly box: Box | null } | null;
}

function readRows({ file, text }: NamedText): Row[] {
  const [header, ...rows] = readTable(text, file);
  const names = header?.fields.map((name) => name.trim().toUpperCase()) ?? [];
  const [template, subject] = [names.indexOf('TEMPLATE_ID'), names.indexOf('SUBJECT_ID')];
  if (template < 0 || subject < 0)
    throw badLine(file, header?.line ?? 1, 'there are no columns TEMPLATE_ID and SUBJECT_ID');
  const path = ['FILENAME', 'FILE'].map((name) => names.indexOf(name)).find((place) => place >= 0) ?? -1;
  const media =
    ['MEDIA_ID', 'SIGHTING_ID'].map((name) => names.indexOf(name)).find((place) => place >= 0) ?? -1;
  const sides = ['FACE_X', 'FACE_Y', 'FACE_WIDTH', 'FACE_HEIGHT'].map((name) => names.indexOf(name));
  return rows.map(({ line, fields }, i) => {
    const whole = (place: number): number => {
      const found = wholeNumber(fields[place]);
      if (found === null)
        throw badLine(
          file,
          line,
          `${shown(fields[place] ?? '')} in the column ${names[place] ?? place + 1} is no whole number`,
        );
      return found;
    };
    const ids = { line, template: whole(template), subject: whole(subject) };
    if (path < 0) return { ...ids, face: null };
    const key = keyOf(fields[path] ?? '');
    if (key === null) throw badLine(file, line, `${shown(fields[path] ?? '')} is no path of a picture`);
    // without a column of media every row is one of its own
    return {
      ...ids,
      face: { key, media: media < 0 ? i : whole(media), box: boxOf(sides, fields, file, line) },
    };
  });
}

function boxOf(sides: readonly number[], fields: readonly string[], file: string, line: number): Box | null {
  if (sides.some((place) => place < 0)) return null;
  const [x = Number.NaN, y = Number.NaN, width = 0, height = 0] = sides.map((place) => Number(fields[place]));
  if (![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0)
    throw badLine(file, line, 'FACE_X, FACE_Y, FACE_WIDTH and FACE_HEIGHT are no rectangle');
  return { x, y, width, height };
}

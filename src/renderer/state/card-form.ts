import { type ModelCard, modelCard } from '../../core/contract/model-card.ts';

/** A field of a model card that the import form shows. */
export interface CardField {
  /** Where it is in the card. */
  readonly path: readonly string[];
  readonly title: string;
  readonly kind: 'text' | 'number' | 'numbers';
  readonly options?: readonly string[];
}

const text = (path: string, title: string): CardField => ({ path: path.split('.'), title, kind: 'text' });
const number = (path: string, title: string): CardField => ({ path: path.split('.'), title, kind: 'number' });
const numbers = (path: string, title: string): CardField => ({
  path: path.split('.'),
  title,
  kind: 'numbers',
});

const input: readonly CardField[] = [
  { ...text('input.colour', 'Colour order'), options: ['rgb', 'bgr', 'grey'] },
  number('input.scale', 'Scale, before mean and std'),
  numbers('input.mean', 'Mean, per channel'),
  numbers('input.std', 'Std, per channel'),
];
const named: readonly CardField[] = [text('name', 'Name'), text('id', 'Id')];
const origin: readonly CardField[] = [text('licence', 'Licence'), text('source', 'Source')];

/** Fields by the card's task. */
export function cardFields(card: ModelCard): readonly CardField[] {
  const own: Readonly<Record<ModelCard['task'], readonly CardField[]>> = {
    detector: [
      number('scoreThreshold', 'Least score, 0..1'),
      number('nmsThreshold', 'Overlap that removes a face, 0..1'),
    ],
    embedding: [number('threshold', 'Same person from this similarity')],
    landmarks: [number('cropScale', 'Crop, as a multiple of the box')],
  };
  return [...named, ...input, ...own[card.task], ...origin];
}

function valueAt(card: ModelCard, path: readonly string[]): unknown {
  let value: unknown = card;
  for (const key of path) {
    value =
      typeof value === 'object' && value !== null
        ? Object.entries(value).find(([k]) => k === key)?.[1]
        : undefined;
  }
  return value;
}

export function readField(card: ModelCard, field: CardField): string {
  const value = valueAt(card, field.path);
  return Array.isArray(value) ? value.join(', ') : String(value ?? '');
}

/** The card with the field set; text that is no number leaves the card's number as it was. */
export function writeField(card: ModelCard, field: CardField, written: string): ModelCard {
  const value = parse(field, written);
  if (value === null) return card;
  const put = (part: unknown, path: readonly string[]): unknown => {
    const [key, ...rest] = path;
    if (key === undefined) return value;
    const inside = typeof part === 'object' && part !== null ? part : {};
    const old = Object.entries(inside).find(([k]) => k === key)?.[1];
    return { ...inside, [key]: put(old, rest) };
  };
  const changed = put(card, field.path);
  const checked = modelCard.safeParse(changed);
  return checked.success ? checked.data : card;
}

function parse(field: CardField, written: string): string | number | readonly number[] | null {
  const clean = written.trim();
  if (field.kind === 'text') return clean;
  const values = clean.split(/[\s,;]+/).map(Number);
  if (clean === '' || values.some((value) => !Number.isFinite(value))) return null;
  return field.kind === 'numbers' ? values : (values[0] ?? null);
}

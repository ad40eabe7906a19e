import type { BackboneInfo } from '../../../../core/contract/training.ts';
import type { Json } from '../../../state/json-tree.ts';

/** What is listed by families: networks, heads. */
export type Listed = Pick<BackboneInfo, 'name' | 'title' | 'family'>;

/** Those of one design. */
export interface Family<T extends Listed> {
  readonly title: string;
  readonly members: readonly T[];
}

/** In the order of the list. */
export function familiesOf<T extends Listed>(listed: readonly T[]): Family<T>[] {
  const members = Map.groupBy(listed, ({ family }) => family);
  return [...members].map(([title, of]) => ({ title, members: of }));
}

/** Those that have every word in name, title or family; hyphens and the like may be left out. */
export function matching<T extends Listed>(listed: readonly T[], wanted: string): readonly T[] {
  const plain = (text: string): string => text.toLowerCase().replace(/[-_.×]/g, '');
  const words = wanted.split(/\s+/).map(plain).filter(Boolean);
  if (words.length === 0) return listed;
  return listed.filter(({ name, title, family }) => {
    const said = plain(`${name} ${title} ${family}`);
    return words.every((word) => said.includes(word));
  });
}

/** What stays of the network's settings when another backbone takes its place: what that one reads, too. */
export function keptSettings(
  backbone: BackboneInfo,
  read: (setting: 'size' | 'dropout' | 'options') => Json | undefined,
): Readonly<Record<string, Json>> {
  const [size, dropout, options] = [read('size'), read('dropout'), read('options')];
  const given = typeof options === 'object' && options !== null && !Array.isArray(options) ? options : {};
  const kept = Object.entries(given).filter(([name, value]) => {
    const option = backbone.options.find((one) => one.name === name);
    if (option?.kind === 'choice') return typeof value === 'string' && option.of.includes(value);
    return option !== undefined;
  });
  const { fixed } = backbone;
  const fits = fixed?.size === null || fixed?.size === undefined || fixed.size === Number(size);
  return {
    size: fits && Number(size) % backbone.multipleOf === 0 ? Number(size) : backbone.input,
    dropout: backbone.dropout > 0 ? (dropout ?? null) : null,
    options: Object.fromEntries(kept),
    // an imported network has its own, and nothing else goes with it
    ...(fixed && { embedding: fixed.embedding, pixels: fixed.pixels }),
  };
}

/** Titles of settings; what has none is called by its name. */
const titles: Readonly<Record<string, string>> = {
  output: 'Embedding’s layer',
  stem: 'Stem',
  shortcut: 'Shortcut',
  reduction: 'Reduction of squeeze-and-excitation',
  activation: 'Activation',
  dropPath: 'Stochastic depth',
};
export const titleOf = (name: string): string => titles[name] ?? name.charAt(0).toUpperCase() + name.slice(1);

const choices: Readonly<Record<string, string>> = {
  'output.e': 'E: all of the map',
  'output.own': 'The family’s own',
  'stem.paper': 'As in the paper',
  'stem.fine': 'Fine: no stride',
  'stem.deep': 'Deep: three 3×3',
  'shortcut.stride': 'By its stride',
  'shortcut.mean': 'By a mean',
  'activation.relu': 'ReLU',
  'activation.relu6': 'ReLU6',
  'activation.prelu': 'PReLU',
  'activation.leaky-relu': 'Leaky ReLU',
  'activation.silu': 'SiLU (swish)',
  'activation.hard-swish': 'Hard swish',
  'activation.gelu': 'GELU',
};
export const choiceOf = (option: string, choice: string): string => choices[`${option}.${choice}`] ?? choice;

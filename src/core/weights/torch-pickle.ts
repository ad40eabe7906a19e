import { assert } from '../base/assert.ts';
import { type Picklable, writePickle } from '../pickle/write.ts';
import { type Layout, namesIn, shapeIn, writtenPrefix } from './layouts.ts';

/** A tensor of a state dictionary that is written; counters have no sides and are whole numbers. */
export interface WrittenTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: 'float32' | 'int64';
}

/** A tensor of a file, from a tensor of a network, or the counter of a normalisation. */
export interface NamedTensor extends WrittenTensor {
  /** The network's name for its numbers; null for a counter of batches. */
  readonly ours: string | null;
}

/**
 * The tensors of a network as a layout names them. In PyTorch's layouts every normalisation has its counter of batches
 * (FaceX-Zoo refuses files without). Null where the layout has no names for the backbone.
 */
export function namedTensors(
  layout: Layout,
  backbone: string,
  tensors: readonly { readonly name: string; readonly shape: readonly number[] }[],
): readonly NamedTensor[] | null {
  const names = namesIn(
    layout,
    backbone,
    tensors.map(({ name }) => name),
  );
  if (names === null) return null;
  const named = tensors.flatMap(({ name, shape }): NamedTensor[] => {
    const theirs = `${writtenPrefix[layout]}${names.get(name) ?? name}`;
    const written = shapeIn(layout, backbone, { name, shape });
    const tensor = { name: theirs, shape: written, type: 'float32', ours: name } as const;
    if (layout === 'lineament' || !/\.running_var$/.test(theirs)) return [tensor];
    const counter = theirs.replace(/running_var$/, 'num_batches_tracked');
    return [tensor, { name: counter, shape: [], type: 'int64', ours: null }];
  });
  assert(new Set(named.map(({ name }) => name)).size === named.length, `names of ${layout} are given twice`);
  return named;
}

/**
 * The pickle of a state dictionary, as `torch.save` writes it: tensor i is storage i. With `facts` it is one entry of a
 * dictionary, `state_dict`, beside them, as FaceX-Zoo has it.
 */
export function torchPickle(
  tensors: readonly WrittenTensor[],
  facts: Readonly<Record<string, number>> | null,
): Uint8Array {
  const state: Picklable = {
    dict: tensors.map((tensor, i) => [tensor.name, rebuilt(tensor, i)] as const),
    ordered: true,
  };
  if (facts === null) return writePickle(state);
  return writePickle({ dict: [['state_dict', state], ...Object.entries(facts)] });
}

function rebuilt({ shape, type }: WrittenTensor, key: number): Picklable {
  const length = shape.reduce((product, side) => product * side, 1);
  const kind = type === 'float32' ? 'FloatStorage' : 'LongStorage';
  const storage = {
    persistent: ['storage', { global: ['torch', kind] }, String(key), 'cpu', length],
  } as const;
  const strides: number[] = [];
  let stride = 1;
  for (const side of shape.toReversed()) {
    strides.unshift(stride);
    stride *= side;
  }
  const hooks: Picklable = { call: { global: ['collections', 'OrderedDict'] }, arguments: [] };
  return {
    call: { global: ['torch._utils', '_rebuild_tensor_v2'] },
    arguments: [storage, 0, shape, strides, false, hooks],
  };
}

import { backbones } from '../../core/backbones/index.ts';
import { Cancelled, error } from '../../core/base/errors.ts';
import { type Layout, layoutsOf } from '../../core/weights/layouts.ts';
import { matchWeights, type WantedNetwork, type WeightsReport, wantedOf } from '../../core/weights/match.ts';
import { type Fit, fitBackbone, isWhole, recogniseBackbone } from '../../core/weights/network-of.ts';
import { tensorNumbers } from '../../core/weights/tensor-numbers.ts';
import { namedTensors } from '../../core/weights/torch-pickle.ts';
import { shortName, type TorchTensor } from '../../core/weights/torch-state.ts';
import { openTorchFile, type TorchFile } from './torch-file.ts';
import { writeTorchFile } from './torch-write.ts';

/** Numbers of a PyTorch checkpoint under the names of one of our networks, and how they fitted. */
export interface ReadWeights {
  /** Parameters and running statistics by name, as `TrainingState` has them; those that the file has. */
  readonly tensors: Map<string, Float32Array>;
  readonly report: WeightsReport;
}

/**
 * Reads what a `.pth` or `.pt` file has of a network; its head, and everything else in the file, is left alone, and what the
 * file has not is not in the result. Errors: those of `openTorchFile`, `weights/no-match`, `weights/damaged`; `Cancelled`.
 */
export async function readWeights(
  path: string,
  network: WantedNetwork,
  signal?: AbortSignal,
): Promise<ReadWeights> {
  const file = await openTorchFile(path);
  const { tensors, report } = matchWeights(file.state, network, path);
  return { tensors: await gather(path, file, tensors, signal), report };
}

/** The network of a file, and its numbers; the backbone is recognised where it is not named. */
export interface FittedWeights extends ReadWeights {
  readonly network: WantedNetwork;
}

export interface FitOptions {
  /** Null: whichever fits. */
  readonly backbone: string | null;
  /** Sides of the pictures; null: as its shapes tell. */
  readonly size: number | null;
}

/** How a file fits, without its numbers. Errors: those of `openTorchFile`, `weights/no-match`, `weights/unrecognised`. */
export async function fitWeights(path: string, options: FitOptions): Promise<WeightsReport> {
  return fitOf(await openTorchFile(path), path, options).report;
}

/** The whole of a network. Errors besides: `weights/incomplete` where anything of it is missing; `Cancelled`. */
export async function readNetwork(
  path: string,
  options: FitOptions,
  signal?: AbortSignal,
): Promise<FittedWeights> {
  const file = await openTorchFile(path);
  const fit = fitOf(file, path, options);
  if (!isWhole(fit)) throw incomplete(path, fit.report);
  return { tensors: await gather(path, file, fit.tensors, signal), report: fit.report, network: fit.network };
}

function fitOf({ state }: TorchFile, path: string, { backbone, size }: FitOptions): Fit {
  if (backbone !== null) {
    const chosen = backbones.find(({ name }) => name === backbone);
    const known = backbones.map(({ name }) => name).join(', ');
    if (chosen === undefined) throw error('weights/unknown-backbone', { backbone, known });
    return fitBackbone(state, chosen, path, { size });
  }
  const found = recogniseBackbone(state, backbones, path);
  if (found !== null)
    return size === null ? found : fitBackbone(state, found.network.backbone, path, { size });
  const names = state.tensors.slice(0, 4).map(({ name }) => shortName(name));
  throw error('weights/unrecognised', { file: path, count: state.tensors.length, names: names.join(', ') });
}

function incomplete(file: string, report: WeightsReport): Error {
  const { backbone, wanted, matched, layout, missing, otherShape } = report;
  const some = (names: readonly string[]): string =>
    `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  const shapes = otherShape.map((one) => `${one.name} [${one.got}] instead of [${one.wanted}]`);
  const parts = [
    ...(missing.length > 0 ? [`missing are ${some(missing)}`] : []),
    ...(shapes.length > 0 ? [`other shapes have ${some(shapes)}`] : []),
  ];
  return error('weights/incomplete', { file, backbone, wanted, matched, layout, detail: parts.join('; ') });
}

async function gather(
  path: string,
  file: TorchFile,
  tensors: ReadonlyMap<string, TorchTensor>,
  signal: AbortSignal | undefined,
): Promise<Map<string, Float32Array>> {
  const byStorage = Map.groupBy(tensors, ([, { storage }]) => storage.key);
  const wanted = [...byStorage.values()].flatMap(([first]) => first?.[1].storage ?? []);
  const found = new Map<string, Float32Array>();
  for await (const [key, bytes] of file.storages(wanted)) {
    if (signal?.aborted) throw new Cancelled();
    for (const [name, tensor] of byStorage.get(key) ?? []) {
      const numbers = tensorNumbers(tensor, bytes);
      if (!areFinite(numbers))
        throw error('weights/damaged', { file: path, detail: `${name} has numbers that are not finite` });
      found.set(name, numbers);
    }
  }
  return found;
}

/** By their sum of differences from themselves, which is NaN where one is not finite: as quick as reading them. */
function areFinite(numbers: Float32Array): boolean {
  let sum = 0;
  for (const value of numbers) sum += value - value;
  return sum === 0;
}

/** A trained network to write. */
export interface WrittenNetwork {
  readonly network: WantedNetwork;
  /** Parameters and running statistics by name. */
  readonly tensors: ReadonlyMap<string, Float32Array>;
  /** Steps and epochs that it was trained for. */
  readonly step: number;
  readonly epoch: number;
}

/**
 * Writes a network's parameters and running statistics as a state dictionary that `torch.load` reads, under the names of a
 * layout. Gives the file's bytes and tensors. Errors: `weights/no-layout`, `pack/write-failed`.
 */
export async function writeWeights(
  path: string,
  layout: Layout,
  { network, tensors, step, epoch }: WrittenNetwork,
): Promise<{ readonly bytes: number; readonly tensors: number }> {
  const { name } = network.backbone;
  const named = namedTensors(layout, name, wantedOf(network));
  if (named === null)
    throw error('weights/no-layout', { layout, backbone: name, known: layoutsOf(name).join(', ') });
  const content = named.map((tensor) => ({
    ...tensor,
    numbers: tensor.ours === null ? BigInt64Array.of(BigInt(step)) : (tensors.get(tensor.ours) ?? null),
  }));
  const facts = layout === 'facex' ? { epoch, batch_id: step } : null;
  return { bytes: await writeTorchFile(path, content, facts), tensors: named.length };
}

import type { Backbone, BackboneSettings } from '../backbones/backbone.ts';
import { error } from '../base/errors.ts';
import { input } from '../graph/builder.ts';
import { openNet } from '../layers/net.ts';
import { type Layout, layoutsOf, namesIn } from './layouts.ts';
import { shortName, type TorchState, type TorchTensor } from './torch-state.ts';

/** A parameter or running statistic of a backbone. */
export interface WantedTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

/** A network to read numbers into. */
export interface WantedNetwork {
  readonly backbone: Backbone;
  readonly settings: BackboneSettings;
  /** Sides of its pictures. */
  readonly size: number;
}

/** How a file's tensors fit a backbone. */
export interface WeightsReport {
  readonly backbone: string;
  readonly embedding: number;
  readonly size: number;
  readonly layout: Layout;
  /** What stands before every name: `module.backbone.` */
  readonly prefix: string;
  /** Where in the file the tensors are: `state_dict`, or '' */
  readonly where: string;
  /** Tensors that the backbone has, those of them that are read, and their numbers. */
  readonly wanted: number;
  readonly matched: number;
  readonly numbers: number;
  /** Names of the backbone that the file has not. */
  readonly missing: readonly string[];
  readonly otherShape: readonly {
    readonly name: string;
    /** What the file calls it. */
    readonly theirs: string;
    readonly wanted: readonly number[];
    readonly got: readonly number[];
  }[];
  /** Names of the file that the backbone has not: a head, say. */
  readonly unused: readonly string[];
  /** Counters of batches, which PyTorch keeps and nothing here needs. */
  readonly counters: number;
  /** What the file says besides: epoch … */
  readonly facts: Readonly<Record<string, number | string>>;
}

export interface WeightsMatch {
  readonly report: WeightsReport;
  /** By the backbone's names. */
  readonly tensors: ReadonlyMap<string, TorchTensor>;
}

/** All that has to be read for a network. */
export function wantedOf({ backbone, settings, size }: WantedNetwork): readonly WantedTensor[] {
  const net = openNet(false);
  backbone.build(net, input('x', [1, 3, size, size]), settings);
  return [...net.parameters, ...net.running].map(({ name, shape }) => ({ name, shape }));
}

/** The layout under which the most tensors fit. Throws `weights/no-match` where none does under any. */
export function matchWeights(state: TorchState, network: WantedNetwork, file: string): WeightsMatch {
  const wanted = wantedOf(network);
  const known = layoutsOf(network.backbone.name);
  const [torch] = known.filter((layout) => layout !== 'lineament'); // they differ in what is around the names alone
  const own = matchAs('lineament', state, network, wanted);
  const theirs = torch === undefined ? null : matchAs(torch, state, network, wanted);
  const best = theirs !== null && theirs.report.matched > own.report.matched ? theirs : own;
  if (best.report.matched > 0) return best;
  const names = state.tensors.slice(0, 4).map(({ name }) => shortName(name));
  const named = ({ report }: WeightsMatch): string =>
    `${report.wanted - report.missing.length} of ${report.wanted} names`;
  const tried = [
    ...(theirs === null ? [] : [`${known.slice(0, -1).join(' and ')} (${named(theirs)})`]),
    `lineament (${named(own)})`,
  ];
  throw error('weights/no-match', {
    ...{ file, backbone: network.backbone.name, count: state.tensors.length },
    ...{ tried: tried.join(', '), names: names.join(', ') },
  });
}

function matchAs(
  layout: Layout,
  state: TorchState,
  { backbone, settings, size }: WantedNetwork,
  wanted: readonly WantedTensor[],
): WeightsMatch {
  const ours = wanted.map(({ name }) => name);
  const names = namesIn(layout, backbone.name, ours) ?? new Map<string, string>();
  const given = new Map(state.tensors.map((tensor) => [tensor.name, tensor]));
  const prefix = likelyPrefix([...given.keys()], new Set(names.values()));
  const tensors = new Map<string, TorchTensor>();
  const missing: string[] = [];
  const otherShape: WeightsReport['otherShape'][number][] = [];
  const used = new Set<string>();
  let numbers = 0;
  for (const { name, shape } of wanted) {
    const theirs = `${prefix}${names.get(name) ?? name}`;
    const tensor = given.get(theirs);
    if (tensor === undefined) {
      missing.push(name);
      continue;
    }
    used.add(theirs);
    if (!sameShape(shape, tensor.shape)) otherShape.push({ name, theirs, wanted: shape, got: tensor.shape });
    else {
      tensors.set(name, tensor);
      numbers += shape.reduce((product, side) => product * side, 1);
    }
  }
  const left = [...given.keys()].filter((name) => !used.has(name));
  const unused = left.filter((name) => !isCounter(name));
  const report = {
    ...{ backbone: backbone.name, embedding: settings.embedding, size, layout, prefix, where: state.where },
    ...{ wanted: wanted.length, matched: tensors.size, numbers, missing, otherShape, unused },
    ...{ counters: left.length - unused.length, facts: state.facts },
  };
  return { report: { ...report, layout: project(report) }, tensors };
}

const isCounter = (name: string): boolean => /(^|\.)num_batches_tracked$/.test(name);

/** Names of both projects are the same but for what is around them. */
function project({ layout, prefix, where }: Pick<WeightsReport, 'layout' | 'prefix' | 'where'>): Layout {
  if (layout === 'lineament') return layout;
  return where !== '' || /(^|\.)backbone\.$/.test(prefix) ? 'facex' : 'evolve';
}

/** What stands before the most names of a file that are known otherwise. */
function likelyPrefix(given: readonly string[], known: ReadonlySet<string>): string {
  const votes = new Map<string, number>();
  for (const name of given) {
    for (let at = 0; at >= 0; at = nextPart(name, at)) {
      if (known.has(name.slice(at))) votes.set(name.slice(0, at), (votes.get(name.slice(0, at)) ?? 0) + 1);
    }
  }
  const [best = ['', 0] as const] = [...votes].sort(([a, m], [b, n]) => n - m || a.length - b.length);
  return best[0];
}

/** Where the part behind the next dot begins; −1 behind the last. */
function nextPart(name: string, at: number): number {
  const dot = name.indexOf('.', at);
  return dot < 0 ? -1 : dot + 1;
}

/** Sides of 1 do not count: squeeze-and-excitation has convolutions of 1×1 in one project and linear layers in another. */
function sameShape(a: readonly number[], b: readonly number[]): boolean {
  const sides = (shape: readonly number[]): string => shape.filter((side) => side !== 1).join();
  return sides(a) === sides(b);
}

import { mixSeeds } from '../../../src/core/base/random.ts';
import type { Topic } from '../../../src/core/contract/api.ts';
import type { EvaluationResult, ProtocolName, Subject } from '../../../src/core/contract/evaluations.ts';
import { protocolNames, protocols } from '../../../src/core/metrics/protocols.ts';
import { type BenchmarkShape, type FakeBenchmark, knownShapes, makeBenchmark } from './fake-benchmarks.ts';
import { type Measuring, measured } from './fake-measure.ts';
import type { Mutable, World } from './world.ts';

/** How many lists, networks and pairs there are from the start: 2,000 networks on 5 lists give 25,000 results. */
export interface EvaluationShape {
  readonly benchmarks: number;
  readonly subjects: number;
  readonly pairs: number;
  readonly images?: number;
}

export type Kept = Mutable<EvaluationResult>;

/** Benchmarks and results in memory. */
export class FakeEvaluations {
  readonly benchmarks = new Map<number, FakeBenchmark>();
  readonly results = new Map<number, Kept>();
  readonly changed: (...topics: Topic[]) => void;
  readonly #world: World;

  constructor(world: World, changed: (...topics: Topic[]) => void) {
    this.#world = world;
    this.changed = changed;
  }

  add(shape: BenchmarkShape): FakeBenchmark {
    const made = makeBenchmark(this.#world, this.#world.nextId++, shape);
    this.benchmarks.set(made.info.id, made);
    return made;
  }

  remove(id: number): void {
    this.benchmarks.delete(id);
    for (const result of this.results.values())
      if (result.benchmark.id === id) result.benchmark = { ...result.benchmark, id: null };
  }

  /** A new measurement takes the place of the last one of its kind. */
  measure(wish: Omit<Measuring, 'id' | 'at'>): void {
    for (const [key, old] of this.results) {
      const same =
        old.subject.hash === wish.subject.hash &&
        old.benchmark.id === wish.benchmark.info.id &&
        old.protocol === wish.protocol &&
        old.options.flip === wish.options.flip;
      if (same) this.results.delete(key);
    }
    this.#put(wish, Date.now());
  }

  #put(wish: Omit<Measuring, 'id' | 'at'>, at: number): void {
    const id = this.#world.nextId++;
    this.results.set(id, measured({ ...wish, id, at }));
  }

  seed({ benchmarks, subjects, pairs, images = 400 }: EvaluationShape): void {
    const shapes = knownShapes(pairs, images);
    for (let i = 0; i < benchmarks; i++) {
      const shape = shapes[i % shapes.length];
      const again = Math.floor(i / shapes.length);
      if (shape) this.add({ ...shape, name: again === 0 ? shape.name : `${shape.name} ${again + 1}` });
    }
    for (const [n, subject] of seededSubjects(subjects).entries()) {
      for (const benchmark of this.benchmarks.values()) {
        // Not everything was measured on everything.
        if (n > 2 && (n + benchmark.info.id) % 7 === 0) continue;
        const leak =
          subject.run !== null && benchmark.info.name === 'LFW'
            ? {
                version: { id: null, name: 'Portraits', hash: 'c'.repeat(64) },
                ...{ pictures: 14, people: 6, pairs: Math.ceil(pairs / 23) },
              }
            : null;
        for (const protocol of protocolNames) {
          this.#put(
            {
              benchmark,
              subject,
              protocol,
              leak,
              options: optionsOf(protocol, leak === null ? 'count' : 'exclude'),
            },
            1_790_000_000_000 + n * 60_000,
          );
        }
      }
    }
    const [first] = this.results.values();
    const last = [...this.results.values()].at(-1);
    if (last && last !== first) last.outdated = true;
  }
}

export function optionsOf(
  protocol: ProtocolName,
  leaks: EvaluationResult['options']['leaks'],
  flip = false,
): EvaluationResult['options'] {
  const { mayFlip, flip: always } = protocols[protocol];
  return { flip: mayFlip ? flip : always, resamples: 1000, seed: 0, leaks, trainedOn: null };
}

/** A hash that is the same for the same words. */
export function hashOf(words: string): string {
  const codes = [...words].map((letter) => letter.codePointAt(0) ?? 0);
  return Array.from({ length: 8 }, (_, i) =>
    mixSeeds(i, ...codes)
      .toString(16)
      .padStart(8, '0'),
  ).join('');
}

export function subjectOf(name: string, models: readonly string[], run: Subject['run'] = null): Subject {
  return { hash: hashOf(name), name, models, run };
}

function seededSubjects(count: number): readonly Subject[] {
  const first = [subjectOf('Feature 512', ['feature-512']), subjectOf('MobileFaceNet', ['mobilefacenet'])];
  const heads = ['arcface', 'cosface', 'magface', 'curricularface'];
  return Array.from({ length: count }, (_, i) => {
    const known = first[i];
    if (known) return known;
    if (i === 2) return subjectOf('Feature 512 + MobileFaceNet', ['feature-512', 'mobilefacenet']);
    const name = `mobilefacenet ${heads[i % heads.length]} ${Math.floor(i / 4) + 1}`;
    const step = 1000 * ((i % 40) + 1);
    return subjectOf(`${name}, step ${step}`, [], { run: i, name, step });
  });
}

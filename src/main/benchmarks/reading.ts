import type { BenchmarkList, VerificationList } from '../../core/benchmarks/types.ts';
import type { BenchmarkAlignment, BenchmarkReading } from '../../core/contract/benchmarks.ts';

/** The pictures of a benchmark, wherever they are: files, places in a `.bin`, rows of an array. */
export interface BenchmarkPictures {
  /** Whether the picture is there, as far as can be told without reading it. */
  has(key: string): boolean;
  /** The file that is this picture and nothing else; null where it is a part of something. */
  place(key: string): string | null;
  /** The encoded picture; rows of arrays as PNG. Errors: benchmark/no-picture, file/cannot-read, benchmark/bad-bytes. */
  open(key: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** One way to take what is at a path, before it is decided. */
export interface Candidate {
  /** Unique among the candidates of a path: `lfw`, or `lfw:pairs-old.txt` where there are several. */
  readonly format: string;
  /** In words. */
  readonly title: string;
  /** A name to start from. */
  readonly name: string;
  /** What the kind needs and is not there, in words: lists and folders, not pictures. Then it cannot be loaded. */
  readonly missing: readonly string[];
  load(): Promise<LoadedBenchmark>;
}

export interface LoadedBenchmark {
  readonly list: BenchmarkList;
  readonly pictures: BenchmarkPictures;
}

/** The same of pictures that come in pairs. */
export interface LoadedPairs extends LoadedBenchmark {
  readonly list: VerificationList;
}

/** What the assistant says of a path: the contract's reading and what else was noticed. */
export interface RecognisedBenchmark extends BenchmarkReading {
  /** In words, for looking at before anything is imported: lists that could not be read, strange counts. */
  readonly problems: readonly string[];
  /** Keys of pictures to check the alignment with: spread over the list, all there. */
  readonly samples: readonly string[];
}

/** A benchmark to read pictures from. To be closed. */
export interface OpenedBenchmark {
  readonly format: string;
  readonly title: string;
  readonly name: string;
  readonly list: BenchmarkList;
  /** What its pictures seem to be. */
  readonly alignment: BenchmarkAlignment;
  has(key: string): boolean;
  place(key: string): string | null;
  open(key: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

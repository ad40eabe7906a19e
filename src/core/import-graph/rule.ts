import type { Value } from '../graph/value.ts';
import type { Entry } from './entry.ts';
import type { Reader } from './reader.ts';
import type { Scope } from './scope.ts';

/** How an operator of ONNX is computed by ours: what its results stand for. */
export type Rule = (reader: Reader, scope: Scope) => Entry | readonly Entry[];

/** A rule whose only result is computed, and has seen a weight where an input has. */
export function computed(of: (reader: Reader, scope: Scope) => Value): Rule {
  return (reader, scope) => ({ value: of(reader, scope), learnt: reader.learnt });
}

/** The same, of an operator with weights of its own. */
export function learning(of: (reader: Reader, scope: Scope) => Value): Rule {
  return (reader, scope) => ({ value: of(reader, scope), learnt: true });
}

import { depthOf, ofKind, type PickleCall, type PickleDict, type PickleValue } from './values.ts';

/** All of them are far beyond what a file of weights or of pictures has. */
export interface PickleLimits {
  /** How deep containers may be nested. */
  readonly depth: number;
  /** How many values there may be; each takes up to a hundred bytes of memory. */
  readonly values: number;
  /** Bytes of a name or of a text. */
  readonly textBytes: number;
}

/** How a machine says that it cannot go on: both give the error to throw. */
export interface MachineErrors {
  damaged(detail: string): Error;
  beyond(what: string, limit: number): Error;
}

/** The stack of values of a pickle that is being read, its marks and its memo. */
export interface Machine {
  push(value: PickleValue): void;
  pop(): PickleValue;
  /** The last `count` values, the lowest first. */
  popped(count: number): PickleValue[];
  mark(): void;
  /** The values since the last mark. */
  popMark(): PickleValue[];
  tuple(items: PickleValue[]): void;
  /** Into the list that is on top. */
  append(items: readonly PickleValue[]): void;
  /** Keys and values in turn, into the dictionary that is on top. */
  setItems(pairs: readonly PickleValue[]): void;
  /** Memorises what is on top; null: under the next number. */
  put(index: number | null): void;
  get(index: number): void;
  /** Records the call of a function with a tuple of arguments. */
  reduce(): void;
  /** Gives what was called its attributes. */
  build(): void;
  persistent(): void;
  /** The value that is left, which must be the only one. */
  finish(): PickleValue;
}

export function openMachine(limits: PickleLimits, { damaged, beyond }: MachineErrors): Machine {
  const stack: PickleValue[] = [];
  /** Heights of the stack where marks were set. */
  const marks: number[] = [];
  const memo = new Map<number, PickleValue>();
  let values = 0;

  const push = (value: PickleValue): void => {
    values++;
    if (values > limits.values) throw beyond('values', limits.values);
    stack.push(value);
  };
  const top = (): PickleValue => {
    if (stack.length <= (marks.at(-1) ?? 0)) throw damaged('a value is missing');
    return stack.at(-1) ?? null;
  };
  const pop = (): PickleValue => {
    const value = top();
    stack.pop();
    return value;
  };
  const popped = (count: number): PickleValue[] => {
    if (stack.length - count < (marks.at(-1) ?? 0)) throw damaged('a value is missing');
    return stack.splice(stack.length - count);
  };
  /** One more than the deepest inside, and no less than before. */
  const deeper = (inside: readonly PickleValue[], before = 1): number => {
    let depth = before;
    for (const value of inside) depth = Math.max(depth, 1 + depthOf(value));
    if (depth > limits.depth) throw beyond('containers inside one another', limits.depth);
    return depth;
  };
  const dictionary = (): PickleDict | PickleCall => {
    const target = top();
    const found = ofKind(target, 'dict') ?? ofKind(target, 'call');
    if (found === null) throw damaged('there is no dictionary to put something into');
    return found;
  };
  return {
    push,
    pop,
    popped,
    mark: () => {
      if (marks.length >= limits.depth) throw beyond('open marks', limits.depth);
      marks.push(stack.length);
    },
    popMark: () => {
      const mark = marks.pop();
      if (mark === undefined) throw damaged('a mark is missing');
      return stack.splice(mark);
    },
    tuple: (items) => push({ kind: 'tuple', items, depth: deeper(items) }),
    append: (items) => {
      const list = ofKind(top(), 'list');
      if (list === null) throw damaged('there is no list to put something into');
      list.depth = deeper(items, list.depth);
      for (const item of items) list.items.push(item);
    },
    setItems: (pairs) => {
      if (pairs.length % 2 !== 0) throw damaged('a key has no value');
      const dict = dictionary();
      dict.depth = deeper(pairs, dict.depth);
      for (let i = 0; i < pairs.length; i += 2) dict.entries.push([pairs[i] ?? null, pairs[i + 1] ?? null]);
    },
    put: (index) => {
      const place = index ?? memo.size;
      // no more than there are values, so that the memo needs no limit of its own
      if (!memo.has(place) && memo.size >= values) throw damaged('more is memorised than there is');
      memo.set(place, top());
    },
    get: (index) => {
      const value = memo.get(index);
      if (value === undefined) throw damaged(`nothing is memorised as ${index}`);
      push(value);
    },
    reduce: () => {
      const given = ofKind(pop(), 'tuple');
      const callee = ofKind(pop(), 'global');
      if (given === null || callee === null) throw damaged('a call needs a function and its arguments');
      const { items } = given;
      const depth = deeper(items);
      const { name } = callee;
      push({ kind: 'call', name, arguments: items, entries: [], attributes: false, state: null, depth });
    },
    build: () => {
      const state = pop();
      const call = ofKind(top(), 'call');
      if (call === null) throw damaged('there is nothing that could have attributes');
      call.depth = deeper([state], call.depth);
      call.attributes = true;
      call.state = state;
    },
    persistent: () => {
      const id = pop();
      push({ kind: 'persistent', id, depth: deeper([id]) });
    },
    finish: () => {
      const value = pop();
      if (stack.length > 0 || marks.length > 0) throw damaged('it ends with more than one value');
      return value;
    },
  };
}

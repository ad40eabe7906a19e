import type { Json } from './json-tree.ts';

export interface JsonPlaces {
  readonly value: Json;
  /** Lines, from 1, by path: `schedule.rate`; the whole is at ''. */
  readonly lines: ReadonlyMap<string, number>;
}

export interface JsonFault {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export type JsonReading =
  | ({ readonly fault: null } & JsonPlaces)
  | { readonly fault: JsonFault; readonly value: null; readonly lines: ReadonlyMap<string, number> };

/** Deeper than any recipe, and than what would exhaust the stack. */
const deepest = 60;

/** Reads JSON and where everything is in it, since the platform's parser tells neither lines nor names given twice. */
export function readJson(text: string): JsonReading {
  const reader = new Reader(text);
  try {
    return { fault: null, value: reader.whole(), lines: reader.lines };
  } catch (thrown) {
    if (!(thrown instanceof Fault)) throw thrown;
    const before = text.slice(0, thrown.at);
    const line = before.split('\n').length;
    const column = thrown.at - before.lastIndexOf('\n');
    return { fault: { message: thrown.message, line, column }, value: null, lines: reader.lines };
  }
}

class Fault extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

class Reader {
  readonly lines = new Map<string, number>();
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    const value = this.#value('', 0);
    this.#skip();
    if (this.#at < this.#text.length) throw this.#fault('Nothing may follow the closing bracket.');
    return value;
  }

  #value(path: string, depth: number): Json {
    this.#skip();
    if (!this.lines.has(path)) this.lines.set(path, this.#line);
    if (depth > deepest) throw this.#fault('This is nested too deeply.');
    const first = this.#text[this.#at];
    if (first === '{') return this.#tree(path, depth);
    if (first === '[') return this.#list(path, depth);
    if (first === '"') return this.#string();
    const word = /^[^\s,:[\]{}"]+/.exec(this.#text.slice(this.#at, this.#at + 400))?.[0] ?? '';
    if (word === '') {
      throw this.#fault(first === undefined ? 'The text ends too early.' : 'A value is missing here.');
    }
    if (!/^(true|false|null|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/.test(word)) {
      throw this.#fault(`“${word}” is neither a number nor true, false or null; text needs quotes.`);
    }
    this.#at += word.length;
    return JSON.parse(word);
  }

  #tree(path: string, depth: number): Json {
    const entries = new Map<string, Json>();
    this.#at++;
    this.#skip();
    if (this.#take('}')) return {};
    do {
      this.#skip();
      if (this.#text[this.#at] !== '"') throw this.#fault('A name in double quotes is expected here.');
      const [start, line] = [this.#at, this.#line];
      const name = this.#string();
      if (entries.has(name)) throw new Fault(`“${name}” is given twice.`, start);
      this.#skip();
      if (!this.#take(':')) throw this.#fault(`A colon is missing after “${name}”.`);
      const inside = path === '' ? name : `${path}.${name}`;
      this.lines.set(inside, line);
      entries.set(name, this.#value(inside, depth + 1));
      this.#skip();
    } while (this.#take(','));
    if (!this.#take('}')) throw this.#fault('A comma or } is missing here.');
    return Object.fromEntries(entries);
  }

  #list(path: string, depth: number): Json {
    const values: Json[] = [];
    this.#at++;
    this.#skip();
    if (this.#take(']')) return values;
    do {
      values.push(this.#value(path === '' ? String(values.length) : `${path}.${values.length}`, depth + 1));
      this.#skip();
    } while (this.#take(','));
    if (!this.#take(']')) throw this.#fault('A comma or ] is missing here.');
    return values;
  }

  #string(): string {
    const start = this.#at;
    const found = /"(?:[^"\\\n]|\\.)*"/y;
    found.lastIndex = start;
    const quoted = found.exec(this.#text)?.[0];
    if (quoted === undefined) throw this.#fault('The closing quote of this text is missing.');
    try {
      const text: unknown = JSON.parse(quoted);
      this.#at += quoted.length;
      return String(text);
    } catch {
      throw this.#fault('This text holds a character that JSON does not allow.');
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skip(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === '\n') this.#line++;
      else if (character !== ' ' && character !== '\t' && character !== '\r') return;
      this.#at++;
    }
  }

  #fault(message: string): Fault {
    return new Fault(message, this.#at);
  }
}

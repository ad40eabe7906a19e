import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/core/base/random.ts';
import { readJson } from '../../../src/renderer/state/json-text.ts';
import { type Json, readAt, writeAt } from '../../../src/renderer/state/json-tree.ts';

describe('a tree of JSON', () => {
  const tree: Json = { batch: 32, schedule: { decay: { kind: 'step', at: [10, 13] } } };

  it('is read by path', () => {
    expect(readAt(tree, 'batch')).toBe(32);
    expect(readAt(tree, 'schedule.decay.at.1')).toBe(13);
    expect(readAt(tree, 'schedule.warmUp.epochs')).toBeUndefined();
    expect(readAt(tree, 'batch.constructor')).toBeUndefined();
    expect(readAt(undefined, 'batch')).toBeUndefined();
  });

  it('is written by path, and stays as it was itself', () => {
    const before = structuredClone(tree);
    expect(writeAt(tree, 'schedule.decay.at.0', 9)).toEqual({
      batch: 32,
      schedule: { decay: { kind: 'step', at: [9, 13] } },
    });
    expect(writeAt(tree, 'schedule.warmUp.epochs', 2)).toEqual({
      batch: 32,
      schedule: { decay: { kind: 'step', at: [10, 13] }, warmUp: { epochs: 2 } },
    });
    expect(writeAt({}, 'a.b', null)).toEqual({ a: { b: null } });
    expect(tree).toEqual(before);
  });
});

describe('JSON with places', () => {
  it('tells the line of every path', () => {
    const text =
      '{\n  "batch": 32,\n  "schedule": {\n    "decay": { "at": [\n      10,\n      13 ] }\n  }\n}';
    const { value, lines } = readJson(text);
    expect(value).toEqual({ batch: 32, schedule: { decay: { at: [10, 13] } } });
    expect(Object.fromEntries(lines)).toEqual({
      '': 1,
      batch: 2,
      schedule: 3,
      'schedule.decay': 4,
      'schedule.decay.at': 4,
      'schedule.decay.at.0': 5,
      'schedule.decay.at.1': 6,
    });
  });

  it.each([
    ['', 1, 1, 'ends too early'],
    ['{\n"a": 1\n"b": 2}', 3, 1, 'A comma or } is missing'],
    ['[1, 2', 1, 6, 'A comma or ] is missing'],
    ['{"a": }', 1, 7, 'A value is missing'],
    ['{"a": 1,}', 1, 9, 'A name in double quotes'],
    ['{"a" 1}', 1, 6, 'A colon is missing after “a”'],
    ['{"a": 1,\n "a": 2}', 2, 2, '“a” is given twice'],
    ['{"a": 01}', 1, 7, '“01” is neither a number'],
    ['{"a": NaN}', 1, 7, '“NaN” is neither a number'],
    ['{"a": "x}', 1, 7, 'closing quote'],
    ['{"a": "\\x"}', 1, 7, 'does not allow'],
    ['{} {}', 1, 4, 'Nothing may follow'],
    [`${'['.repeat(100)}`, 1, 62, 'nested too deeply'],
  ])('%j is wrong in line %i, column %i: %s', (text, line, column, message) => {
    const { fault } = readJson(text);
    expect(fault?.message).toContain(message);
    expect([fault?.line, fault?.column]).toEqual([line, column]);
  });

  it('reads what the platform reads, and refuses what it refuses', () => {
    const random = seededRandom(3);
    const text = JSON.stringify(
      { a: [1, -2.5e-3, 'ü"\\n', null, true, {}, []], __proto__x: { b: '' } },
      null,
      1,
    );
    expect(readJson(text).value).toEqual(JSON.parse(text));
    const marks = '{}[],:"1e.-tfn\\ \n';
    let refused = 0;
    for (let i = 0; i < 3000; i++) {
      const at = random.int(text.length);
      const mark = marks[random.int(marks.length)] ?? '';
      const changed = text.slice(0, at) + mark + text.slice(at + random.int(2));
      let expected: unknown;
      let valid = true;
      try {
        expected = JSON.parse(changed);
      } catch {
        valid = false;
      }
      const { fault, value } = readJson(changed);
      if (!valid) refused++;
      // A name given twice is the one thing that the platform lets through.
      if (fault?.message.includes('twice')) continue;
      expect([changed, fault === null]).toEqual([changed, valid]);
      if (valid) expect(value).toEqual(expected);
    }
    expect(refused).toBeGreaterThan(500);
  });
});

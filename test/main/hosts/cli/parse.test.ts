import { describe, expect, it } from 'vitest';
import { count, faceNumber, oneOf, table, UsageError } from '../../../../src/main/hosts/cli/command.ts';
import { commands } from '../../../../src/main/hosts/cli/commands/index.ts';
import { progressLine } from '../../../../src/main/hosts/cli/follow.ts';
import { globalOptions, help, parse } from '../../../../src/main/hosts/cli/parse.ts';

const parsed = (line: string) => parse(line.split(' ').filter(Boolean), commands);

describe('commands', () => {
  it('are those that are promised', () => {
    expect(commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        ...['doctor', 'models list', 'models import', 'dataset import', 'dataset list', 'dataset show'],
        ...[
          'dataset remove',
          'dataset restore',
          'dataset erase',
          'align',
          'faces',
          'crop',
          'embed',
          'embeddings',
          'search',
          'cluster',
          'verify',
          'serve',
        ],
        ...['train', 'runs list', 'runs show', 'runs compare', 'run metrics', 'export', 'backbones', 'heads'],
        ...['version create', 'version list', 'version show', 'run pause', 'run stop', 'run fork'],
      ]),
    );
    const names = commands.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('have options of one kind by name, and none that all have already', () => {
    const kinds = new Map<string, string>();
    for (const { name, options = {} } of commands) {
      for (const [option, { type, about }] of Object.entries(options)) {
        expect(kinds.get(option) ?? type, `--${option} of ${name}`).toBe(type);
        kinds.set(option, type);
        expect(Object.keys(globalOptions)).not.toContain(option);
        expect(about.length).toBeGreaterThan(3);
      }
    }
  });

  it('are all in the help, each with its own', () => {
    const all = help(commands, null);
    for (const command of commands) {
      expect(all).toContain(`${command.name} ${command.usage}`.trimEnd());
      const own = help(commands, command);
      expect(own).toContain(command.about);
      for (const option of Object.keys(command.options ?? {})) expect(own).toContain(`--${option}`);
    }
  });
});

describe('parse', () => {
  it.each([
    ['doctor', 'doctor', [], {}],
    ['doctor --devices', 'doctor', [], { devices: true }],
    ['--json --data /d dataset list', 'dataset list', [], { json: true, data: '/d' }],
    ['dataset import a b --name N --copy', 'dataset import', ['a', 'b'], { name: 'N', copy: true }],
    ['dataset --name N import a', 'dataset import', ['a'], { name: 'N' }],
    ['search N --image=7 --top 3', 'search', ['N'], { image: '7', top: '3' }],
    ['faces -- --odd', 'faces', ['--odd'], {}],
    ['cluster N --threshold=-0.5', 'cluster', ['N'], { threshold: '-0.5' }],
  ])('%s', (line, name, words, options) => {
    const { command, ...rest } = parsed(line);
    expect(command.name).toBe(name);
    expect(rest.words).toEqual(words);
    expect({ ...rest.options }).toEqual(options);
  });

  it.each([
    ['', /missing/],
    ['fly', /“fly”/],
    ['dataset', /“dataset”/],
    ['dataset fly', /“dataset fly”/],
    ['doctor now', /usage: lineament doctor/],
    ['align', /usage: lineament align NAME/],
    ['align N M', /usage/],
    ['doctor --verbose', /verbose/],
    ['doctor --name N', /name/],
    ['align N --detector', /detector/],
    ['doctor --json=yes', /json/],
    ['verify 1', /usage/],
  ])('refuses “%s”', (line, message) => {
    expect(() => parsed(line)).toThrow(UsageError);
    expect(() => parsed(line)).toThrow(message);
  });
});

describe('values', () => {
  it('are checked where they are read', () => {
    expect(count({ top: '3' }, 'top')).toBe(3);
    expect(count({}, 'top')).toBeNull();
    expect(count({ port: '0' }, 'port', 0)).toBe(0);
    for (const value of ['0', '-1', '1.5', 'x', '1e400'])
      expect(() => count({ top: value }, 'top'), value).toThrow(UsageError);
    expect(oneOf({ kind: 'flat' }, 'kind', ['auto', 'flat'])).toBe('flat');
    expect(() => oneOf({ kind: 'flatter' }, 'kind', ['auto', 'flat'])).toThrow(/auto or flat/);
    expect(faceNumber('12')).toBe(12);
    for (const word of ['0', '-3', 'a', '1.5', undefined]) expect(() => faceNumber(word)).toThrow(UsageError);
  });
});

describe('what is printed', () => {
  it('stands in columns, numbers to the right', () => {
    expect(
      table(
        ['name', 'n'],
        [
          ['a', 5],
          ['longer', 123],
        ],
      ),
    ).toBe('name      n\na         5\nlonger  123');
    expect(table(['name', 'n'], [])).toBe('name  n');
  });

  it('says how far a job is', () => {
    const job = {
      kind: 'align' as const,
      state: 'running' as const,
      ...{ id: 1, title: 'Align N', datasetId: 1, unit: 'photographs', error: null, logTail: [] },
      ...{ createdAt: 0, startedAt: 0, finishedAt: null, summary: {}, canContinue: false },
    };
    expect(progressLine({ ...job, done: 5, total: 10, rate: 2.5, etaSeconds: 62 })).toBe(
      'Align N: 5 of 10 photographs, 2.5/s, 1:02 left',
    );
    expect(progressLine({ ...job, done: 5, total: null, rate: null, etaSeconds: 3725 })).toBe(
      'Align N: 5 photographs, 1:02:05 left',
    );
  });
});

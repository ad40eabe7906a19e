import type { z } from 'zod';
import { nearNames } from '../base/near.ts';
import type { RecipeProblem } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** What the schema has against a value, in plain words. */
export function wordsOf(issue: Issue, json: unknown): RecipeProblem[] {
  const path = issue.path.map(String).join('.');
  const given = issue.path.reduce<unknown>(member, json);
  const say = (message: string): RecipeProblem[] => [{ path, message }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: path === '' ? key : `${path}.${key}`,
        message: 'is no setting of a recipe',
      }));
    case 'invalid_type':
      return say(
        given === undefined ? 'is missing' : `must be ${named(issue.expected)}, not ${kindOf(given)}`,
      );
    case 'invalid_value':
      return say(given === undefined ? 'is missing' : oneOf(issue.values, given));
    case 'too_small':
      return say(limit(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum));
    case 'too_big':
      return say(limit(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum));
    case 'invalid_union': {
      // names that there are, or names of a form: what is said is which there are
      const names = issue.errors.flat().find((one) => one.code === 'invalid_value');
      return names ? wordsOf({ ...names, path: issue.path }, json) : say(unionWords(issue, given));
    }
    default:
      return say(`is not right: ${issue.message}`);
  }
}

/** More names than these are not all listed. */
const mostNames = 12;

function oneOf(values: readonly unknown[], given: unknown): string {
  if (values.length <= mostNames) return `must be ${listed(values)}, not ${spoken(given)}`;
  const near = nearNames(String(given), values.map(String));
  return `must be one of ${values.length} names, such as ${listed(near)}, not ${spoken(given)}`;
}

function unionWords(issue: z.core.$ZodIssueInvalidUnion, given: unknown): string {
  const options: unknown = 'options' in issue ? issue.options : null;
  if (Array.isArray(options))
    return given === undefined
      ? `is missing; it is ${listed(options)}`
      : `must be ${listed(options)}, not ${spoken(given)}`;
  return `must be a number, a text or true or false, not ${kindOf(given)}`;
}

function limit(origin: string, side: string, value: number | bigint): string {
  if (origin === 'string') return `must have ${side} ${value} characters`;
  if (origin === 'array' && side === 'at least' && Number(value) === 1) return 'must not be empty';
  if (origin === 'array') return `must have ${side} ${value} entries`;
  return `must be ${side} ${value}`;
}

const names: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
};

const named = (type: string): string => names[type] ?? type;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'number' ? String(value) : named(typeof value);
}

function spoken(value: unknown): string {
  return typeof value === 'string' ? `“${value}”` : kindOf(value);
}

function listed(values: readonly unknown[]): string {
  const all = values.map(String);
  return all.length < 2 ? all.join() : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

function member(value: unknown, key: PropertyKey): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

import { recipeJsonSchema } from '../../core/recipe/parse.ts';
import { type Json, readAt } from './json-tree.ts';

/** What the recipe's schema says of a setting. */
export interface FieldInfo {
  readonly about: string;
  readonly least: number | null;
  readonly most: number | null;
  readonly whole: boolean;
  /** It may be null. */
  readonly optional: boolean;
  /** What it is where it is left out. */
  readonly standard: Json | undefined;
}

type Schema = Readonly<Record<string, unknown>>;

/** Explanations and limits by path; `recipe` decides which variant counts where there are several, by its `kind`. */
export function recipeFields(): (recipe: Json, path: string) => FieldInfo {
  const root = recipeJsonSchema();
  return (recipe, path) => infoOf(schemaAt(root, recipe, path));
}

function schemaAt(root: Schema, recipe: Json, path: string): Schema {
  let schema = root;
  let here = '';
  for (const key of path.split('.')) {
    schema = part(schema['properties'], key) ?? {};
    here = here === '' ? key : `${here}.${key}`;
    const kind = readAt(recipe, `${here}.kind`);
    for (const group of ['oneOf', 'anyOf']) {
      const among = list(schema[group]);
      const variant =
        among.find((one) => part(one['properties'], 'kind')?.['const'] === kind && kind !== undefined) ??
        among.find((one) => one['type'] !== 'null' && kind === undefined);
      // What is said of the whole counts where the variant says nothing.
      if (variant !== undefined) {
        const nullable = among.some((one) => one['type'] === 'null');
        schema = { ...schema, ...variant, nullable, ...pick(schema, 'description', 'default') };
      }
    }
  }
  return schema;
}

function infoOf(schema: Schema): FieldInfo {
  const number = (name: string): number | null => {
    const value = schema[name];
    // The schema writes the limits of whole numbers out.
    return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null;
  };
  const { description } = schema;
  return {
    about: typeof description === 'string' ? description : '',
    least: number('minimum') ?? number('exclusiveMinimum'),
    most: number('maximum') ?? number('exclusiveMaximum'),
    whole: schema['type'] === 'integer',
    optional: schema['nullable'] === true,
    standard: isJson(schema['default']) ? schema['default'] : undefined,
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
function isJson(value: unknown): value is Json {
  return value !== undefined;
}
function part(value: unknown, key: string): Schema | undefined {
  const inside = isSchema(value) ? value[key] : undefined;
  return isSchema(inside) ? inside : undefined;
}
function list(value: unknown): readonly Schema[] {
  return Array.isArray(value) ? value.filter(isSchema) : [];
}
function pick(schema: Schema, ...names: readonly string[]): Schema {
  return Object.fromEntries(names.flatMap((name) => (name in schema ? [[name, schema[name]]] : [])));
}

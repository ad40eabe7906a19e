/** What JSON holds. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

function isTree(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is at a path such as `schedule.warmUp.epochs`; undefined where nothing is. */
export function readAt(tree: Json | undefined, path: string): Json | undefined {
  let value = tree;
  for (const key of path.split('.')) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isTree(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** The tree with that at the path; what lies between is made where it isn't there. The tree itself stays as it was. */
export function writeAt(tree: Json | undefined, path: string, value: Json): Json {
  const [key = '', ...rest] = path.split('.');
  const inside = rest.length === 0 ? value : writeAt(readAt(tree, key), rest.join('.'), value);
  if (Array.isArray(tree)) return tree.with(Number(key), inside);
  return { ...(isTree(tree) ? tree : {}), [key]: inside };
}

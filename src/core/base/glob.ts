/**
 * Which names a list of patterns means: `*` is any text, a pattern with `!` before it takes names out again, and the last one
 * that fits a name decides.
 */
export function globs(patterns: readonly string[]): (name: string) => boolean {
  const rules = patterns.map((pattern) => {
    const out = pattern.startsWith('!');
    return { out, expression: expressionOf(out ? pattern.slice(1) : pattern) };
  });
  return (name) => rules.findLast(({ expression }) => expression.test(name))?.out === false;
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'u');
}

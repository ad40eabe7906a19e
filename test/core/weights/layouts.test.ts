import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { backbones } from '../../../src/core/backbones/index.ts';
import { layoutsOf, namesIn } from '../../../src/core/weights/layouts.ts';
import { wantedOf } from '../../../src/core/weights/match.ts';
import { namedTensors } from '../../../src/core/weights/torch-pickle.ts';

/** Names and shapes as PyTorch lists them (test/fixtures/make_torch_checkpoints.py). */
function fixture(name: string): string[] {
  const file = new URL(`../../fixtures/torch/${name}.txt`, import.meta.url);
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}
const backboneOf = (name: string) => backbones.find((backbone) => backbone.name === name);
const listed = ['mobilefacenet', 'ir-se-50', 'resnet-50'] as const;

describe.each(listed)('the names of %s', (name) => {
  const backbone = backboneOf(name);
  it.skipIf(backbone === undefined)('are PyTorch’s, with their shapes', () => {
    if (backbone === undefined) return;
    const wanted = wantedOf({ backbone, settings: backbone.defaults, size: 112 });
    const named = namedTensors('evolve', name, wanted) ?? [];
    const lines = named.map((tensor) => `${tensor.name} ${tensor.shape}`.trimEnd());
    expect(lines.sort()).toEqual(fixture(name).sort());
  });
});

describe('layouts', () => {
  it('give every tensor of every backbone that they know a name of its own', () => {
    for (const { name, build, defaults, input, ...rest } of backbones) {
      const known = layoutsOf(name);
      expect(known.at(-1)).toBe('lineament');
      if (known.length === 1) continue;
      const backbone = { name, build, defaults, input, ...rest };
      const names = wantedOf({ backbone, settings: defaults, size: input }).map((one) => one.name);
      for (const layout of known) {
        const given = namesIn(layout, name, names);
        expect(new Set(given?.values()).size, `${layout} ${name}`).toBe(names.length);
        if (layout !== 'lineament')
          expect(
            [...(given?.values() ?? [])].filter((theirs) => /stage|stem|#|head|shortcut\./.test(theirs)),
          ).toEqual([]);
      }
    }
  });

  it('that are not a backbone’s are none', () => {
    expect(namesIn('facex', 'resnet-50', ['stem.conv.weight'])).toBeNull();
    expect(namesIn('evolve', 'swin-t', ['stem.conv.weight'])).toBeNull();
    expect(namesIn('lineament', 'swin-t', ['a.weight'])).toEqual(new Map([['a.weight', 'a.weight']]));
  });
});

import type { Backbone } from './backbone.ts';
import { ir18, ir34, ir50, ir101, ir152, irSe18, irSe34, irSe50, irSe101, irSe152 } from './ir.ts';
import { mobilefacenet } from './mobilefacenet.ts';

/** Every backbone that a recipe may name; variants of a family beside one another. */
export const backbones: readonly Backbone[] = [
  mobilefacenet,
  ...[ir18, ir34, ir50, ir101, ir152],
  ...[irSe18, irSe34, irSe50, irSe101, irSe152],
];

import type { Backbone } from './backbone.ts';
import { ir18, ir34, ir50, ir101, ir152 } from './ir.ts';
import { mobilefacenet } from './mobilefacenet.ts';

/** Every backbone that a recipe may name. */
export const backbones: readonly Backbone[] = [mobilefacenet, ir18, ir34, ir50, ir101, ir152];

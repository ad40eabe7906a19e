import type { Backbone } from '../backbones/backbone.ts';
import type { Head } from '../heads/head.ts';

/** Networks and heads beside Lineament's own that a recipe may name: of imported files, and users' own. */
export interface Extras {
  readonly backbones: readonly Backbone[];
  readonly heads: readonly Head[];
}

export const noExtras: Extras = { backbones: [], heads: [] };

import type { Backbone } from '../backbones/backbone.ts';
import { costOf } from '../backbones/cost.ts';
import type { BackboneInfo } from './training.ts';

/** What the catalogue says of a backbone; it is built once to be counted, which takes some milliseconds. */
export function backboneInfo(backbone: Backbone): BackboneInfo {
  const { name, title, family = title, input, multipleOf = 1, options = [], fixed = null } = backbone;
  const { embedding, dropout, ...defaults } = backbone.defaults;
  return {
    ...{ name, title, family, input, multipleOf, embedding, dropout, options, defaults, fixed },
    ...costOf(backbone, backbone.defaults, input),
  };
}

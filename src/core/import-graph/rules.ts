import type { Rule } from './rule.ts';
import { elementwiseRules } from './rules-elementwise.ts';
import { layerRules } from './rules-layers.ts';
import { reduceRules } from './rules-reduce.ts';
import { shapeRules } from './rules-shape.ts';

/** ONNX's operators that can be trained, by name. */
export const rules: ReadonlyMap<string, Rule> = new Map([
  ...elementwiseRules,
  ...layerRules,
  ...reduceRules,
  ...shapeRules,
]);

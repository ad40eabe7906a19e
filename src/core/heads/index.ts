import { arcface } from './arcface.ts';
import { cosface } from './cosface.ts';
import type { Head } from './head.ts';
import { softmax } from './softmax.ts';

/** Every head that a recipe may name. */
export const heads: readonly Head[] = [softmax, arcface, cosface];

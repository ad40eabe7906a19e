import type * as core from '@tensorflow/tfjs-core';

/** tfjs as an argument: `@tensorflow/tfjs-node-gpu` in use, tfjs-core with its processor backend in tests. */
export type Tf = typeof core;

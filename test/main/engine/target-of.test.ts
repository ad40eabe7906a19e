import { expect, it } from 'vitest';
import { providers } from '../../../src/main/engine/providers.ts';
import { targetOf } from '../../../src/main/engine/target-of.ts';
import { detectBlock } from '../../../src/main/engine/train-target.ts';

it('knows the processor’s blocks, and which cards have few kernels', async () => {
  const targets = Object.fromEntries(
    await Promise.all(providers.map(async (provider) => [provider, await targetOf(provider)] as const)),
  );
  const rich = { block: null, standard: false };
  const poor = { block: null, standard: true };
  expect(targets).toEqual({
    cpu: { block: await detectBlock() },
    ...{ webgpu: poor, cuda: rich, dml: rich, coreml: poor },
  });
});

import type { Value } from '../graph/value.ts';
import { type Activation, activate } from '../layers/activation.ts';
import { batchNorm } from '../layers/batch-norm.ts';
import { conv2d } from '../layers/conv2d.ts';
import type { Net } from '../layers/net.ts';
import { maxPool2d } from '../layers/pool.ts';

export interface StemOptions {
  readonly kind: 'paper' | 'fine' | 'deep';
  readonly out: number;
  readonly activation: Activation;
  /** Of the first convolution of `deep`; 2 where left out. */
  readonly stride?: 1 | 2;
}

/**
 * How a network of ImageNet takes pictures in: 7×7 of stride 2 (`paper`), a 3×3 of stride 1 (`fine`) or three 3×3 in its
 * place (`deep`; He et al. 2019, "ResNet-C"); normalisation, activation, and a 3×3 maximum of stride 2. 112 px become
 * 28×28, or 56×56 where the convolutions keep the size.
 */
export function stem(net: Net, pictures: Value, { kind, out, activation, stride = 2 }: StemOptions): Value {
  let x = pictures;
  if (kind === 'paper')
    x = conv2d(net, 'stem.conv', x, { out, kernel: 7, stride: 2, padding: 3, initial: 'he' });
  else if (kind === 'fine') x = conv2d(net, 'stem.conv', x, { out, kernel: 3, padding: 1, initial: 'he' });
  else {
    for (const i of [1, 2]) {
      const half = { out: out / 2, kernel: 3, stride: i === 1 ? stride : 1, padding: 1 };
      x = batchNorm(net, `stem.bn${i}`, conv2d(net, `stem.conv${i}`, x, { ...half, initial: 'he' }));
      x = activate(net, `stem.prelu${i}`, x, activation);
    }
    x = conv2d(net, 'stem.conv3', x, { out, kernel: 3, padding: 1, initial: 'he' });
  }
  x = activate(net, 'stem.prelu', batchNorm(net, 'stem.bn', x), activation);
  return maxPool2d(x, { kernel: 3, stride: 2, padding: 1 });
}

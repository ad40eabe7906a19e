import type { PluginKind } from '../../core/plugins/name.ts';

/** Plugins that work, to begin with: `lineament plugin new` writes them, and docs/plugins.md shows them. */

const backbone = `import type { Activation, BackbonePlugin, Lineament } from './lineament.d.ts';

type Own = { embedding: number; dropout: number; width: number; activation: Activation };

/** Five blocks that halve the picture, each with a shortcut: some 0.3 million parameters for embeddings of 128. */
export function plugin({ layers, ops }: Lineament): BackbonePlugin {
  const { batchNorm, block, conv2d, outputLayer } = layers;
  return {
    title: 'Little steps',
    input: 112,
    multipleOf: 16,
    defaults: { embedding: 128, dropout: 0.1, width: 24, activation: 'prelu' },
    options: [
      {
        ...{ name: 'width', title: 'Channels of the first block', about: 'All others have a multiple.' },
        ...{ kind: 'number', least: 8, most: 128, whole: true, step: 8 },
      },
      {
        ...{ name: 'activation', title: 'Activation', about: 'After every convolution but the last.' },
        ...{ kind: 'choice', of: ['relu', 'prelu', 'silu'] },
      },
    ],
    // pictures [n, 3, size, size], normalised -> embeddings [n, embedding]
    build(net, pictures, { embedding, dropout, width, activation }: Own) {
      let x = block(net, 'stem', pictures, { out: width, kernel: 3, stride: 2, padding: 1, activation });
      [1, 2, 3, 4].forEach((times, i) => {
        const stride = i === 0 ? 1 : 2;
        const out = width * times;
        const inner = block(net, \`unit\${i}.a\`, x, { out, kernel: 3, stride, padding: 1, activation });
        const outer = block(net, \`unit\${i}.b\`, inner, { out, kernel: 3, padding: 1 });
        // a 1x1 brings the shortcut to the same channels and sides
        const short = batchNorm(net, \`unit\${i}.short.bn\`, conv2d(net, \`unit\${i}.short\`, x, { out, kernel: 1, stride }));
        x = ops.add(outer, short);
      });
      return outputLayer(net, x, { embedding, dropout, output: 'own' });
    },
  };
}
`;

const head = `import type { HeadPlugin, Lineament } from './lineament.d.ts';

type Own = { scale: number; margin: number; raise: number };

/** Two margins at once: the own class's logit is s·(cos θ - m), and the others' cosines are raised by r. */
export function plugin({ heads, ops }: Lineament): HeadPlugin {
  const { cosines, cosineLogits, expectedLoss, looksAt, ownOf, placed } = heads;
  const { add, scalar, scale, subtract } = ops;
  return {
    title: 'Raised others',
    about: 'A margin of the cosine, and the other classes a little nearer than they are.',
    defaults: { scale: 32, margin: 0.2, raise: 0.05 },
    options: [
      { name: 'scale', title: 'Scale s', about: 'Factor of the cosines.', kind: 'number', least: 1, most: 128 },
      { name: 'margin', title: 'Margin m', about: 'Taken from the own one.', kind: 'number', least: 0, most: 1 },
      { name: 'raise', title: 'Raise r', about: 'Added to the others.', kind: 'number', least: 0, most: 0.5 },
    ],
    // embeddings [n, d]; target [n, classes] is 1 at each picture's own class, else 0
    build(net, embeddings, target, { scale: s, margin, raise }: Own) {
      const cosine = cosines(net, embeddings, target); // [n, classes]
      const own = ownOf(cosine, target); // [n, 1]
      const others = add(cosine, scalar(raise));
      const logits = scale(placed(others, target, subtract(own, scalar(margin))), s);
      return { logits, ...looksAt(cosine, own) };
    },
    // what the first loss should be, before anything is learnt: a run that begins elsewhere is set up wrongly
    expectedLoss({ scale: s, margin, raise }: Own, classes, embedding, loss) {
      const own = (c: number) => s * (c - margin);
      const other = (c: number) => s * (c + raise);
      return expectedLoss(cosineLogits(embedding, s, own, other), classes, loss);
    },
  };
}
`;

const sampler = `import type { Lineament, SamplerPlugin } from './lineament.d.ts';

/** Each identity as often as the square root of its pictures says: between every picture once and every identity alike. */
export function plugin({ random }: Lineament): SamplerPlugin {
  return {
    title: 'Square roots',
    // classes [pictures]: of each its class. Gives indices of pictures for one epoch, for the same request always the same.
    *sample({ epoch, seed, classes }) {
      const chance = random.seededRandom(random.mixSeeds(seed, 77, epoch));
      const members = new Map<number, number[]>();
      classes.forEach((own, picture) => members.set(own, [...(members.get(own) ?? []), picture]));
      const people = [...members.values()];
      const weights = people.map((pictures) => Math.sqrt(pictures.length));
      const total = weights.reduce((a, b) => a + b, 0);
      for (let i = 0; i < classes.length; i++) {
        let left = chance.next() * total;
        const person = weights.findIndex((weight) => (left -= weight) < 0);
        const pictures = people[Math.max(0, person)] ?? [0];
        yield pictures[chance.int(pictures.length)] ?? 0;
      }
    },
  };
}
`;

const augmentation = `import type { AugmentationPlugin, Lineament } from './lineament.d.ts';

/** Now and then a grey band over the picture, as of a scarf or a hand. */
export function plugin({ images }: Lineament): AugmentationPlugin {
  return {
    title: 'Bands',
    // image: { width, height, data [height, width, 3] }. Alter it in place or give a new one of the same sides; take all
    // chance from random, so that a run that goes on sees the very same pictures.
    augment(image, random) {
      if (random.next() < 0.5) return image;
      const { width, height, data } = images.rotate(image, 10 * (2 * random.next() - 1), 'edge');
      const high = 1 + random.int(Math.ceil(height / 4));
      const top = random.int(height - high + 1);
      data.fill(128, top * width * 3, (top + high) * width * 3);
      return { width, height, data };
    },
  };
}
`;

export const examples: Readonly<Record<PluginKind, string>> = { backbone, head, sampler, augmentation };

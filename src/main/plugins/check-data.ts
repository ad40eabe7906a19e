import { rgbImage } from '../../core/base/image.ts';
import { seededRandom } from '../../core/base/random.ts';
import { asAugmentation } from './augmentation.ts';
import { runPlugin } from './load.ts';
import { failure, lineOf, type PluginText } from './place.ts';
import { asSampler } from './sampler.ts';

const again =
  'A run goes on exactly only where the same question always gets the same answer: take chance from';

/** Asks for epochs of made-up people, each twice. Error: `plugin/failed`. */
export async function checkSampler(plugin: PluginText): Promise<string[]> {
  const [people, batch] = [12, 16];
  const classes = Int32Array.from({ length: 100 }, (_, i) => Math.floor(Math.sqrt(i)) % people);
  const order = asSampler(plugin, await runPlugin(plugin), batch);
  const needed = Math.floor(classes.length / batch) * batch;
  const seen = new Set<number>();
  for (const epoch of [0, 1, 2]) {
    const request = { epoch, seed: 5, classes };
    const [one, other] = [order(request, needed), order(request, needed)];
    if (one.some((index, i) => index !== other[i]))
      throw failure(
        plugin,
        lineOf(plugin.text, /\bsample\b\s*[(:,]/),
        `epoch ${epoch} was asked for twice, and came in two orders. ${again} the seed and the epoch.`,
      );
    for (const index of one) seen.add(index);
  }
  return [
    `It gives ${needed} pictures an epoch, ${seen.size} of ${classes.length} different ones in three, and the same ones when it is asked again.`,
  ];
}

/** Alters made-up pictures, each twice. Error: `plugin/failed`. */
export async function checkAugmentation(plugin: PluginText): Promise<string[]> {
  const [size, pictures] = [112, 20];
  const augment = asAugmentation(plugin, await runPlugin(plugin));
  let altered = 0;
  const from = performance.now();
  for (let i = 0; i < pictures; i++) {
    const make = () => {
      const random = seededRandom(i);
      const image = rgbImage(size, size);
      for (let at = 0; at < image.data.length; at++) image.data[at] = random.int(256);
      return image;
    };
    const [before, one, other] = [make(), augment(make(), seededRandom(i)), augment(make(), seededRandom(i))];
    if (one.data.some((byte, at) => byte !== other.data[at]))
      throw failure(
        plugin,
        lineOf(plugin.text, /\baugment\b\s*[(:,]/),
        `the same picture with the same random numbers came out in two ways. ${again} “random”.`,
      );
    if (one.data.some((byte, at) => byte !== before.data[at])) altered++;
  }
  const ms = (performance.now() - from) / (2 * pictures);
  return [
    `It alters ${altered} of ${pictures} pictures, in ${ms.toFixed(1)} ms each, and always in the same way.`,
  ];
}

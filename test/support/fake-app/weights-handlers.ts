import { error } from '../../../src/core/base/errors.ts';
import type { Events, Handlers } from '../../../src/core/contract/api.ts';
import type { Model } from '../../../src/core/contract/models.ts';
import type { WeightsInspection } from '../../../src/core/contract/weights.ts';
import { seededModels } from './models.ts';

type WeightHandlers = Pick<Handlers, 'weights.inspect' | 'weights.import' | 'weights.export'>;

const whole: WeightsInspection = {
  ...{ path: '', backbone: 'mobilefacenet', embedding: 512, size: 112, layout: 'facex', prefix: 'backbone.' },
  ...{ where: 'state_dict', wanted: 283, matched: 283, numbers: 1_214_592, missing: [], otherShape: [] },
  ...{ unused: ['head.weight'], counters: 49, facts: { epoch: 17 }, whole: true },
  pixels: { order: 'bgr', mean: 127.5, deviation: 128 },
};

/** Checkpoints that are MobileFaceNet whole, and of any other network a part; no.pth is damaged. */
export function weightHandlers(
  add: (model: Model) => void,
  emit: <E extends keyof Events>(event: E, payload: Events[E]) => void,
): WeightHandlers {
  const fitting = (path: string, backbone: string | null): WeightsInspection => {
    if (path.endsWith('no.pth')) throw error('weights/damaged', { file: path, detail: 'it is cut off' });
    if (backbone === null || backbone === whole.backbone) return { ...whole, path };
    const otherShape = [
      { name: 'stem.conv.weight', theirs: 'conv1.weight', wanted: [64, 3, 7, 7], got: [64, 3, 3, 3] },
    ];
    return {
      ...{ ...whole, path, backbone, whole: false, layout: 'evolve', prefix: '', where: '', matched: 1 },
      ...{ wanted: 200, missing: ['head.linear.weight', 'head.linear.bias'], otherShape, facts: {} },
      pixels: { order: 'rgb', mean: 127.5, deviation: 127.5 },
    };
  };
  return {
    'weights.inspect': ({ path, backbone }) => fitting(path, backbone),
    'weights.import': ({ path, backbone, pixels, model: id }) => {
      const report = fitting(path, backbone);
      const [like] = seededModels().filter(({ card }) => card.task === 'embedding');
      if (like?.card.task !== 'embedding') throw error('app/internal', { detail: 'no embedding' });
      const { order, mean, deviation } = pixels ?? report.pixels;
      const input = { ...like.card.input, colour: order, mean: [mean], std: [deviation] };
      const card = { ...like.card, id: id ?? 'checkpoint', name: 'checkpoint', input };
      const model = { card, builtIn: false, isDefault: false, bytes: 4_900_000 };
      add(model);
      emit('data.changed', { topics: ['models'] });
      return { report, model, path: `/models/${card.id}.onnx`, bytes: 4_900_000, parity: 2e-6 };
    },
    'weights.export': ({ path, layout }) => ({
      ...{ path, layout: layout ?? 'evolve', step: 9000, bytes: 4_900_000, tensors: 332 },
    }),
  };
}

import { mixSeeds, seededRandom } from '../../../src/core/base/random.ts';
import type { Handlers, MethodName, Parsed, Topic } from '../../../src/core/contract/api.ts';
import type { FakeJobs } from './jobs.ts';
import type { World, WorldFace } from './world.ts';

type Mine = Extract<MethodName, `maps.${string}`>;

/** A place for each face: about its person, drawn together as the epochs go. */
function layout(faces: readonly WorldFace[], seed: number, share: number): number[] {
  return faces.flatMap((face) => {
    const centre = seededRandom(mixSeeds(seed, face.truth, 1));
    const own = seededRandom(mixSeeds(seed, face.id, 2));
    const wide = 0.8 + 6 * (1 - share) ** 2;
    return [8 * centre.normal() + wide * own.normal(), 8 * centre.normal() + wide * own.normal()];
  });
}

/** Maps of drawn faces: the points settle while their job runs. */
export function mapHandlers(
  world: World,
  jobs: FakeJobs,
  changed: (...topics: Topic[]) => void,
): Pick<Handlers, Mine> {
  const maps = new Map<number, Parsed<'maps.start'>>();
  return {
    'maps.start': (wish) => {
      const job = jobs.start('map', 'Map of faces', null, wish.epochs, 'epochs', () => changed('maps'));
      maps.set(job.id, wish);
      return job;
    },
    'maps.get': ({ job: id }) => {
      const wish = maps.get(id);
      const job = world.jobs.get(id);
      if (wish === undefined || job === undefined) return null;
      const counts = new Map<number, number>();
      const faces = [...world.faces.values()].filter(({ truth }) => {
        const many = counts.get(truth) ?? 0;
        if (truth >= wish.people || many >= wish.each) return false;
        counts.set(truth, many + 1);
        return true;
      });
      const share = job.done / Math.max(1, job.total ?? 1);
      const state = job.state === 'done' ? 'done' : job.state === 'cancelled' ? 'stopped' : 'running';
      return {
        ...{ job: id, wish, state, method: wish.method, epochs: wish.epochs },
        layouts: (wish.models ?? ['feature-512']).map((model, i) => ({
          ...{ model, epoch: job.done, positions: layout(faces, wish.seed * 7 + i, share) },
        })),
        points: faces.map((face) => ({ crop: face.crop, person: `Person ${face.truth + 1}` })),
      };
    },
  };
}

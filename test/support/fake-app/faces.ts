import type { FaceFilter } from '../../../src/core/contract/faces.ts';
import type { World, WorldFace } from './world.ts';

/** Faces that the filter lets through, in its order. */
export function filtered(world: World, filter: FaceFilter): WorldFace[] {
  const search = filter.search.toLowerCase();
  const out: WorldFace[] = [];
  for (const face of world.faces.values()) {
    if (world.datasets.get(face.datasetId)?.removed) continue;
    if (filter.datasets !== null && !filter.datasets.includes(face.datasetId)) continue;
    if (filter.photo !== null && face.photoId !== filter.photo) continue;
    if (filter.state !== null && face.state !== filter.state) continue;
    if (filter.person === 'unnamed' && face.personId !== null) continue;
    if (typeof filter.person === 'number' && face.personId !== filter.person) continue;
    if (filter.cluster !== null && face.clusterId !== filter.cluster) continue;
    if (face.quality.overall < filter.minQuality) continue;
    if (Math.min(face.box.width, face.box.height) < filter.minSize) continue;
    if (search !== '' && !`${face.person ?? ''} ${face.file}`.toLowerCase().includes(search)) continue;
    out.push(face);
  }
  const by: Record<FaceFilter['sort'], (a: WorldFace, b: WorldFace) => number> = {
    added: (a, b) => a.id - b.id,
    quality: (a, b) => b.quality.overall - a.quality.overall || a.id - b.id,
    worst: (a, b) => a.quality.overall - b.quality.overall || a.id - b.id,
    size: (a, b) => b.box.width - a.box.width || a.id - b.id,
    person: (a, b) => (a.person ?? '~').localeCompare(b.person ?? '~') || a.id - b.id,
  };
  return out.sort(by[filter.sort]);
}

/** Sets fields of faces; returns how to put them back. */
export function change(
  world: World,
  ids: readonly number[],
  values: (face: WorldFace) => Partial<WorldFace>,
): { redo: () => void; undo: () => void } {
  const steps = ids.flatMap((id) => {
    const face = world.faces.get(id);
    if (face === undefined) return [];
    const after = values(face);
    const before: Partial<WorldFace> = Object.fromEntries(
      Object.entries(face).filter(([key]) => key in after),
    );
    return [{ face, before, after }];
  });
  return {
    redo: () => {
      for (const { face, after } of steps) Object.assign(face, after);
    },
    undo: () => {
      for (const { face, before } of steps) Object.assign(face, before);
    },
  };
}

import { chartColours } from '../../parts/chart/line.ts';
import { type Shape, shapes } from './map-view.ts';

/** A person of a map, with how their points are drawn. */
export interface MapPerson {
  readonly name: string;
  readonly faces: number;
  /** 1..chartColours. */
  readonly colour: number;
  readonly shape: Shape;
}

/** In the order in which they come; colours first, then the next shape. */
export function mapPeople(points: readonly { readonly person: string }[]): readonly MapPerson[] {
  const counts = new Map<string, number>();
  for (const { person } of points) counts.set(person, (counts.get(person) ?? 0) + 1);
  return [...counts].map(([name, faces], i) => ({
    ...{ name, faces, colour: (i % chartColours) + 1 },
    shape: shapes[(i + Math.floor(i / chartColours)) % shapes.length] ?? 'circle',
  }));
}

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

/** In the order in which they come. With 8 colours and 6 shapes the same two come together again after 48 people. */
export function mapPeople(points: readonly { readonly person: string }[]): readonly MapPerson[] {
  const counts = new Map<string, number>();
  for (const { person } of points) counts.set(person, (counts.get(person) ?? 0) + 1);
  return [...counts].map(([name, faces], i) => ({
    ...{ name, faces, colour: (i % chartColours) + 1 },
    shape: shapes[(i + 5 * Math.floor(i / chartColours)) % shapes.length] ?? 'circle',
  }));
}

import { seededRandom } from '../../../src/core/base/random.ts';
import { invert, solve } from '../../../src/core/faces/similarity.ts';
import { template112 } from '../../../src/core/faces/template.ts';
import type { Similarity, Solver } from '../../../src/core/faces/types.ts';
import type { World, WorldFace } from './world.ts';

/** Pictures as SVG: drawn people, nobody real. */

const skins = ['#f3d3b8', '#e5b48c', '#c98f63', '#a56a43', '#7d4b2e', '#5b3521'];
const hairs = ['#2b1b12', '#55341d', '#8a5a2b', '#c79a4a', '#8d8d8d', '#101014', '#7a2f1c'];

function matrix({ a, b, tx, ty }: Similarity): string {
  return `matrix(${[a, b, -b, a, tx, ty].map((value) => value.toFixed(4)).join(' ')})`;
}

/** A face in the crop's coordinates, eyes and mouth where the template has them. */
function head(face: WorldFace): string {
  const random = seededRandom(face.truth + 100);
  const skin = skins[random.int(skins.length)];
  const hair = hairs[random.int(hairs.length)];
  const wide = 38 + random.int(8);
  const shirt = `hsl(${random.int(360)} 35% 45%)`;
  const glasses = random.next() < 0.3;
  const beard = random.next() < 0.25;
  const long = random.next() < 0.4;
  return `<g>
<path d="M-6 150 Q10 116 56 116 Q102 116 118 150 Z" fill="${shirt}"/>
${long ? `<path d="M${52 - wide} 60 Q${50 - wide} 120 30 128 L84 128 Q${64 + wide} 120 ${60 + wide} 60 Z" fill="${hair}"/>` : ''}
<rect x="44" y="98" width="24" height="24" fill="${skin}"/>
<ellipse cx="56" cy="64" rx="${wide}" ry="50" fill="${skin}"/>
<path d="M${56 - wide} 58 Q${54 - wide} 6 56 8 Q${58 + wide} 6 ${56 + wide} 58 Q${48 + wide} 30 56 30 Q${64 - wide} 30 ${56 - wide} 58 Z" fill="${hair}"/>
${beard ? `<path d="M${60 - wide} 84 Q56 130 ${52 + wide} 84 Q56 104 ${60 - wide} 84 Z" fill="${hair}" opacity=".85"/>` : ''}
<ellipse cx="38.3" cy="51.7" rx="6" ry="4" fill="#fff"/><ellipse cx="73.5" cy="51.5" rx="6" ry="4" fill="#fff"/>
<circle cx="38.3" cy="51.7" r="3" fill="#2b2320"/><circle cx="73.5" cy="51.5" r="3" fill="#2b2320"/>
<path d="M30 43 q8 -5 17 0 M65 43 q8 -5 17 0" stroke="${hair}" stroke-width="2.6" fill="none"/>
<path d="M56 54 l-4 18 q4 3 8 0" stroke="#0003" stroke-width="2" fill="none"/>
<path d="M41.5 92.4 Q56 ${94 + random.int(9)} 70.7 92.2" stroke="#8a3a35" stroke-width="3" fill="none" stroke-linecap="round"/>
${glasses ? '<g fill="none" stroke="#222" stroke-width="2"><circle cx="38" cy="52" r="11"/><circle cx="74" cy="52" r="11"/><path d="M49 52h14"/></g>' : ''}
</g>`;
}

function scene(world: World, photoId: number): string {
  const photo = world.photos.get(photoId);
  if (photo === undefined) return '';
  const hue = (photoId * 47) % 360;
  const blur = (world.facesOf.get(photoId) ?? []).some(
    (id) => (world.faces.get(id)?.quality.sharpness ?? 1) < 0.15,
  );
  const faces = (world.facesOf.get(photoId) ?? []).map((id) => {
    const face = world.faces.get(id);
    return face === undefined ? '' : `<g transform="${matrix(invert(face.place))}">${head(face)}</g>`;
  });
  return `<g${blur ? ' filter="blur(4px)"' : ''}>
<rect x="-4000" y="-4000" width="9000" height="9000" fill="#1c1c1c"/>
<rect width="${photo.width}" height="${photo.height}" fill="hsl(${hue} 28% 72%)"/>
<rect y="${photo.height * 0.72}" width="${photo.width}" height="${photo.height * 0.28}" fill="hsl(${hue} 24% 55%)"/>
${faces.join('')}</g>`;
}

export function drawPhoto(world: World, photoId: number, side: number): string | null {
  const photo = world.photos.get(photoId);
  if (photo === undefined) return null;
  const scale = Math.min(1, side / Math.max(photo.width, photo.height));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${photo.width * scale}" height="${photo.height * scale}" viewBox="0 0 ${photo.width} ${photo.height}">${scene(world, photoId)}</svg>`;
}

/** The crop that five points give. */
export function drawWarp(
  world: World,
  photoId: number,
  points: readonly number[],
  solver: Solver,
): string | null {
  const similarity = solve(solver, points, template112);
  if (similarity === null || !world.photos.has(photoId)) return null;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="112" height="112" viewBox="0 0 112 112"><g transform="${matrix(similarity)}">${scene(world, photoId)}</g></svg>`;
}

/** A crop alone, without the rest of the photograph: cheap, for grids. */
export function drawCrop(world: World, faceId: number): string | null {
  const face = world.faces.get(faceId);
  if (face === undefined) return null;
  if (face.edited) return drawWarp(world, face.photoId, face.points, face.solver);
  const hue = (face.photoId * 47) % 360;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="112" height="112" viewBox="0 0 112 112"><rect width="112" height="112" fill="hsl(${hue} 28% 72%)"/>${head(face)}</svg>`;
}

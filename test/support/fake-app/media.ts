import { Buffer } from 'node:buffer';
import sharp from 'sharp';
import type { MediaRequest, MediaResponse } from '../../../src/main/app/media.ts';
import { drawCrop, drawPhoto, drawWarp } from './draw.ts';
import { faceOfImage } from './fake-benchmarks.ts';
import { noise } from './run-curves.ts';
import type { World } from './world.ts';

/** Answers `/media/…` with drawings; uploads are taken and forgotten. */
export function drawnMedia(world: World): (request: MediaRequest) => Promise<MediaResponse> {
  // PNG as the real application sends it: browsers paint SVG far more slowly.
  const pictures = new Map<string, Uint8Array>();
  return async ({ path }) => {
    const [route = '', query = ''] = path.split('?');
    const parameters = new URLSearchParams(query);
    const file =
      route
        .split('/')
        .at(-1)
        ?.replace(/\.\w+$/, '') ?? '';
    const number = Number(/\d+/.exec(file)?.[0] ?? Number.NaN);
    if (route === '/media/upload') return json({ upload: 'u1' });
    let svg: string | null = null;
    if (route.startsWith('/media/thumbnail/')) svg = drawPhoto(world, number, 360);
    else if (route.startsWith('/media/photo/'))
      svg = drawPhoto(world, number, Number(parameters.get('side')));
    else if (route.startsWith('/media/crop/')) svg = drawCrop(world, number);
    else if (route.startsWith('/media/benchmark/'))
      svg = drawPhoto(world, faceOfImage(world, number)?.photoId ?? 0, Number(parameters.get('side')));
    else if (route.startsWith('/media/batch/')) svg = drawCrop(world, batchFace(world, route));
    else if (route.startsWith('/media/warp/')) {
      const points = (parameters.get('points') ?? '').split(',').map(Number);
      svg = drawWarp(world, number, points, parameters.get('solver') === 'evolve' ? 'evolve' : 'umeyama');
    }
    if (svg === null) return { status: 404, headers: {}, body: Buffer.alloc(0) };
    const body = pictures.get(svg) ?? (await sharp(Buffer.from(svg)).png({ compressionLevel: 1 }).toBuffer());
    if (pictures.size < 5000) pictures.set(svg, body);
    return { status: 200, headers: { 'content-type': 'image/png', 'cache-control': 'max-age=600' }, body };
  };
}

function json(value: unknown): MediaResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/** The face at a place of a batch, as FakeRuns tells it. */
function batchFace(world: World, route: string): number {
  const [step = 0, index = 0] = route.split('/').slice(-2).map(Number.parseFloat);
  const faces = [...world.faces.keys()];
  return faces[Math.floor(noise(step, index, 5) * faces.length)] ?? 0;
}

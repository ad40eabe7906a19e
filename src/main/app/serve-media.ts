import { z } from 'zod';
import { error, LineamentError } from '../../core/base/errors.ts';
import { points5, solver } from '../../core/contract/common.ts';
import { uploadPath } from '../../core/contract/media.ts';
import { encodeCrop } from '../images/encode.ts';
import { thumbnail } from '../images/thumbnail.ts';
import { alignFace } from '../models/pipeline.ts';
import { getPhoto } from '../store/photos.ts';
import { benchmarkOrigin } from './benchmarks-origin.ts';
import type { Context } from './context.ts';
import { decodePhoto, originOf } from './cut.ts';
import type { MediaRequest, MediaResponse } from './media.ts';
import type { QueryCrops } from './query-crops.ts';
import { recent } from './recent.ts';
import type { RunBatches } from './runs-batch.ts';

const immutable = 'private, max-age=31536000, immutable';
const decodedKeptMs = 20_000;
const largestSide = 4096;

function picture(type: 'jpeg' | 'png', body: Uint8Array, cache: string): MediaResponse {
  return { status: 200, headers: { 'content-type': `image/${type}`, 'cache-control': cache }, body };
}

function json(status: number, value: unknown): MediaResponse {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { status, headers, body: new TextEncoder().encode(JSON.stringify(value)) };
}

const side = z.coerce.number().int().min(16).max(largestSide).catch(1600);
const pointList = z.preprocess(
  (text) => (typeof text === 'string' ? text.split(',').map(Number) : text),
  points5,
);

/** Answers `/media/…`: the paths of src/core/contract/media.ts, for every host alike. */
export function mediaServer(
  context: Context,
  crops: QueryCrops,
  batches: RunBatches,
): { answer(request: MediaRequest): Promise<MediaResponse>; close(): void } {
  const { library, store, uploads } = context;
  // While points are dragged, the same photograph is asked for many times a second.
  const decoded = recent((photo: number) => decodePhoto(context, photo), decodedKeptMs);

  const kept = async (pack: 'crops' | 'thumbnails', hash: string): Promise<Uint8Array | null> =>
    /^[0-9a-f]{64}$/.test(hash) ? await library.read(pack, hash) : null;
  const warp = async (photo: number, query: URLSearchParams): Promise<Uint8Array> => {
    const points = pointList.parse(query.get('points'));
    const size = getPhoto(store, photo);
    if (size === null) throw error('photo/unknown', { photo });
    const image = await decoded.get(photo);
    const scale = Math.max(image.width, image.height) / Math.max(size.width, size.height);
    const aligned = alignFace(
      image,
      points.map((value) => value * scale),
      { solver: solver.catch('umeyama').parse(query.get('solver')) },
    );
    if (aligned === null) throw error('face/degenerate-points');
    return await encodeCrop(aligned.crop);
  };
  const get = async (path: string, query: URLSearchParams): Promise<MediaResponse | null> => {
    const [, , kind, file = '', ...rest] = path.split('/');
    const name = file.replace(/\.(jpg|png)$/, '');
    const number = Number(name);
    switch (kind) {
      case 'thumbnail': {
        const bytes = await kept('thumbnails', name);
        return bytes && picture('jpeg', bytes, immutable);
      }
      case 'crop': {
        const bytes = await kept('crops', name);
        return bytes && picture('png', bytes, immutable);
      }
      case 'query': {
        const bytes = crops.get(name);
        return bytes && picture('png', bytes, 'no-store');
      }
      case 'batch': {
        const [step, index] = rest.map((part) => Number(part.replace(/\.png$/, '')));
        if (rest.length !== 2 || ![number, step, index].every(Number.isInteger)) return null;
        const bytes = await batches.crop(number, step ?? 0, index ?? 0);
        // Erasing a dataset must leave none of its faces with a browser.
        return bytes && picture('png', bytes, 'no-store');
      }
      case 'photo': {
        const bytes = await thumbnail(await originOf(context, number), side.parse(query.get('side')));
        return picture('jpeg', bytes, 'private, max-age=300');
      }
      case 'benchmark': {
        const image = Number((rest[0] ?? '').replace(/\.jpg$/, ''));
        if (rest.length !== 1 || ![number, image].every(Number.isInteger)) return null;
        const origin = await benchmarkOrigin(context, number, image);
        return picture(
          'jpeg',
          await thumbnail(origin, side.parse(query.get('side'))),
          'private, max-age=300',
        );
      }
      case 'warp':
        return picture('png', await warp(number, query), 'private, max-age=60');
      default:
        return null;
    }
  };
  const receive = async (request: MediaRequest): Promise<MediaResponse> => {
    let name = 'file';
    try {
      name = decodeURIComponent(request.headers['x-lineament-name'] ?? 'file');
    } catch {
      return json(400, error('media/bad-request', { path: uploadPath }).info);
    }
    const body = request.body;
    if (body === null) return json(400, error('media/bad-request', { path: uploadPath }).info);
    return json(200, { upload: await uploads.receive(name, body) });
  };
  const answer = async (request: MediaRequest): Promise<MediaResponse> => {
    const url = URL.parse(request.path, 'http://lineament');
    if (url === null) return json(400, error('media/bad-request', { path: request.path }).info);
    try {
      if (request.method === 'POST') {
        return url.pathname === uploadPath
          ? await receive(request)
          : json(405, { error: 'POST goes to uploads only' });
      }
      const found = await get(url.pathname, url.searchParams);
      return found ?? json(404, error('media/bad-request', { path: request.path }).info);
    } catch (thrown) {
      if (thrown instanceof z.ZodError)
        return json(400, error('media/bad-request', { path: request.path }).info);
      if (thrown instanceof LineamentError) return json(404, thrown.info);
      throw thrown;
    }
  };
  return { answer, close: () => decoded.close() };
}

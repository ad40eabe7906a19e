import { defined } from '../base/assert.ts';
import { type Arena, heap } from './arena.ts';
import { illuminate, type PartLight } from './illuminate.ts';
import type { Moment, PosedPart } from './moment.ts';
import { rasterize, type Visible, visible } from './raster.ts';
import { eyeShader } from './shade-eye.ts';
import { hairGaps, hairShader } from './shade-hair.ts';
import { maskShader } from './shade-mask.ts';
import { bodyShader, earShader, frameShader, teethShader } from './shade-rest.ts';
import { eyeHoles, skinShader } from './shade-skin.ts';
import { gather, spot as newSpot, type Shader } from './spot.ts';
import { toScreen, type View } from './view.ts';

/** A figure in a picture, without what is behind it. */
export interface Layer {
  readonly width: number;
  readonly height: number;
  /** Linear red, green, blue times the cover. [height, width, 3] */
  readonly light: Float32Array;
  /** Share of each pixel that the figure covers. [height, width] */
  readonly cover: Float32Array;
}

export interface RenderQuality {
  /** Samples along each side of a pixel. */
  readonly samples: number;
  /** Texels along the side of the shadow map. */
  readonly shadow: number;
}

function shaderOf(at: Moment, posed: PosedPart): Shader {
  const { part } = posed;
  switch (part.kind) {
    case 'skin':
      return skinShader(at, part.mesh);
    case 'ear':
      return earShader(at);
    case 'eye':
      return eyeShader(at, posed);
    case 'teeth':
      return teethShader(at, part.mesh);
    case 'hair':
      return hairShader(at, part.mesh);
    case 'body':
      return bodyShader(at, part.mesh);
    case 'frame':
      return frameShader(at, part.mesh);
    case 'mask':
      return maskShader(at, part.mesh);
  }
}

/** Parts that are never seen from inside. */
const closed: Readonly<Record<PosedPart['part']['kind'], boolean>> = {
  skin: true,
  ear: false,
  body: true,
  hair: false,
  eye: true,
  teeth: false,
  frame: false,
  mask: false,
};

/** Millimetres by which the flesh that is seen beside an eyeball lies behind the lids. */
const socketDepth = 7;

function draw(
  at: Moment,
  posed: PosedPart,
  surface: number,
  screen: Float32Array,
  seen: Visible,
  memory: Arena,
): void {
  const { part } = posed;
  const { triangles } = part.mesh;
  const twoSided = part.kind === 'hair' ? part.mesh.open : !closed[part.kind];
  const all = { screen, triangles, from: 0, to: triangles.length, twoSided };
  if (part.kind === 'skin') {
    const { lidsFrom } = part.mesh;
    rasterize(seen, surface, { ...all, to: lidsFrom });
    rasterize(seen, surface, { ...all, from: lidsFrom, hole: eyeHoles(part.mesh, at.lids) });
    // what is seen between lid and eyeball from the side
    const behind = memory.floats(screen.length);
    behind.set(screen);
    for (let i = 2; i < behind.length; i += 3) behind[i] = 1 / (1 / (behind[i] ?? 1) + socketDepth);
    rasterize(seen, surface, { ...all, screen: behind, from: lidsFrom });
  } else if (part.kind === 'frame') rasterize(seen, surface, { ...all, to: part.mesh.lenses });
  else if (part.kind === 'hair') rasterize(seen, surface, { ...all, hole: hairGaps(at, part.mesh) });
  else rasterize(seen, surface, all);
}

/** Draws a figure at a moment as a view shows it. */
export function renderLayer(
  at: Moment,
  view: View,
  width: number,
  height: number,
  quality: RenderQuality,
  memory: Arena = heap,
): Layer {
  const { samples } = quality;
  const seen = visible(width * samples, height * samples, memory);
  const lights = illuminate(at, quality.shadow, memory);
  // from the outside in: what is hidden by then needs not be asked about holes
  for (let i = at.parts.length - 1; i >= 0; i--) {
    const posed = defined(at.parts[i], 'a part');
    draw(at, posed, i, toScreen(view, posed.positions, samples, memory), seen, memory);
  }
  return shadeSamples(at, seen, lights, width, height, samples, memory);
}

/** Parts whose colour changes within a pixel: they are shaded at every sample, the others once a pixel. */
const fine: Readonly<Record<PosedPart['part']['kind'], boolean>> = {
  skin: false,
  ear: false,
  body: false,
  hair: false,
  eye: true,
  teeth: true,
  frame: true,
  mask: false,
};

function shadeSamples(
  at: Moment,
  seen: Visible,
  lights: readonly PartLight[],
  width: number,
  height: number,
  samples: number,
  memory: Arena,
): Layer {
  const shaders = at.parts.map((posed) => shaderOf(at, posed));
  const light = memory.floats(width * height * 3);
  const cover = memory.floats(width * height);
  const share = 1 / (samples * samples);
  const spot = newSpot();
  const colour = new Float32Array(3);
  const shadeAt = (surface: number, i: number): void => {
    const posed = at.parts[surface];
    const lit = lights[surface];
    const shade = shaders[surface];
    if (!posed || !lit || !shade) return;
    gather(spot, posed, lit, seen.triangle[i] ?? 0, seen.second[i] ?? 0, seen.third[i] ?? 0);
    // surfaces seen from behind are lit as seen
    if (spot.nz < 0 && posed.part.kind !== 'skin' && posed.part.kind !== 'body') {
      spot.nx = -spot.nx;
      spot.ny = -spot.ny;
      spot.nz = -spot.nz;
    }
    shade(spot, colour, 0);
  };
  // lashes are as fine as eyes are
  const { lidsFrom } = at.figure.skull;
  const always = at.parts.map(({ part }) => fine[part.kind]);
  const skin = at.parts.findIndex(({ part }) => part.kind === 'skin');
  const shadePixel = (x: number, y: number): void => {
    let last = -1;
    let red = 0;
    let green = 0;
    let blue = 0;
    let count = 0;
    const corner = y * samples * seen.width + x * samples;
    let column = 0;
    for (let i = corner, left = samples * samples; left > 0; left--, i++, column++) {
      if (column === samples) {
        column = 0;
        i += seen.width - samples;
      }
      const surface = (seen.surface[i] ?? 0) - 1;
      if (surface < 0) continue;
      if (surface !== last || always[surface] || (surface === skin && (seen.triangle[i] ?? 0) >= lidsFrom))
        shadeAt(surface, i);
      last = surface;
      count++;
      // one very bright sample must not outshine its pixel
      red += Math.min(4, colour[0] ?? 0);
      green += Math.min(4, colour[1] ?? 0);
      blue += Math.min(4, colour[2] ?? 0);
    }
    if (count === 0) return;
    const pixel = y * width + x;
    cover[pixel] = count * share;
    light[pixel * 3] = red * share;
    light[pixel * 3 + 1] = green * share;
    light[pixel * 3 + 2] = blue * share;
  };
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) shadePixel(x, y);
  return { width, height, light, cover };
}

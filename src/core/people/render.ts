import { illuminate, type PartLight } from './illuminate.ts';
import type { Moment, PosedPart } from './moment.ts';
import { type Hole, rasterize, type Visible, visible } from './raster.ts';
import { eyeShader } from './shade-eye.ts';
import { hairGaps, hairShader } from './shade-hair.ts';
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
  }
}

function holeOf(at: Moment, posed: PosedPart): Hole | undefined {
  const { part } = posed;
  if (part.kind === 'skin') return eyeHoles(part.mesh, at.lids);
  if (part.kind === 'hair') return hairGaps(at, part.mesh);
  return undefined;
}

/** Draws a figure at a moment as a view shows it. */
export function renderLayer(
  at: Moment,
  view: View,
  width: number,
  height: number,
  quality: RenderQuality,
): Layer {
  const { samples } = quality;
  const seen = visible(width * samples, height * samples);
  const lights = illuminate(at, quality.shadow);
  at.parts.forEach((posed, i) => {
    const { part } = posed;
    const triangles =
      part.kind === 'frame' ? part.mesh.triangles.subarray(0, part.mesh.lenses) : part.mesh.triangles;
    const twoSided = part.kind !== 'skin' && part.kind !== 'body' && part.kind !== 'eye';
    rasterize(seen, i, {
      screen: toScreen(view, posed.positions, samples),
      triangles,
      twoSided,
      hole: holeOf(at, posed),
    });
  });
  return shadeSamples(at, seen, lights, width, height, samples);
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
};

function shadeSamples(
  at: Moment,
  seen: Visible,
  lights: readonly PartLight[],
  width: number,
  height: number,
  samples: number,
): Layer {
  const shaders = at.parts.map((posed) => shaderOf(at, posed));
  const light = new Float32Array(width * height * 3);
  const cover = new Float32Array(width * height);
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
  const eyes = at.figure.skull;
  /** True of skin next to an eye, where lashes are. */
  const nearEye = (triangle: number): boolean => {
    const vertex = eyes.triangles[triangle] ?? 0;
    return Math.abs(eyes.face[vertex * 2 + 1] ?? 99) < 9 && eyes.normals[vertex * 3 + 2] !== 0;
  };
  for (let y = 0, pixel = 0; y < height; y++)
    for (let x = 0; x < width; x++, pixel++) {
      let last = -1;
      for (let sy = 0; sy < samples; sy++)
        for (let sx = 0; sx < samples; sx++) {
          const i = (y * samples + sy) * seen.width + x * samples + sx;
          const surface = (seen.surface[i] ?? 0) - 1;
          if (surface < 0) continue;
          const kind = at.parts[surface]?.part.kind ?? 'skin';
          if (surface !== last || fine[kind] || (kind === 'skin' && nearEye(seen.triangle[i] ?? 0)))
            shadeAt(surface, i);
          last = surface;
          cover[pixel] = (cover[pixel] ?? 0) + share;
          // one very bright sample must not outshine its pixel
          for (let c = 0; c < 3; c++)
            light[pixel * 3 + c] = (light[pixel * 3 + c] ?? 0) + Math.min(4, colour[c] ?? 0) * share;
        }
    }
  return { width, height, light, cover };
}

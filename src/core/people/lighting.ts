import type { Random } from '../base/random.ts';
import { skyDirections } from './exposure.ts';
import { clamp, mix } from './numbers.ts';
import { dot, type Mat3, normalize, rotate, type Vec3 } from './vectors.ts';

/** A light far away, in the camera's directions. */
export interface Lamp {
  /** Unit vector towards the light. */
  readonly towards: Vec3;
  readonly colour: Vec3;
}

/** A soft part of the surroundings: cos^sharpness around its direction. */
export interface Glow extends Lamp {
  readonly sharpness: number;
}

export interface Lighting {
  /** Light from above, from all around, from below. */
  readonly sky: Vec3;
  readonly ground: Vec3;
  readonly glows: readonly Glow[];
  /** The main light, which casts shadows. */
  readonly key: Lamp;
  /** How blurred its shadows are: 0 hard sun … 1 a large window. */
  readonly softness: number;
}

function aim(azimuth: number, elevation: number): Vec3 {
  const a = (azimuth * Math.PI) / 180;
  const e = (elevation * Math.PI) / 180;
  return normalize([Math.sin(a) * Math.cos(e), Math.sin(e), Math.cos(a) * Math.cos(e)]);
}

function tinted(brightness: number, warmth: number): Vec3 {
  return [brightness * (1 + 0.22 * warmth), brightness, brightness * (1 - 0.3 * warmth)];
}

export function sampleLighting(random: Random, difficulty: number): Lighting {
  const side = random.next() < 0.5 ? -1 : 1;
  const azimuth = side * (10 + random.next() * mix(40, 75, difficulty));
  const elevation = 15 + random.next() * 45;
  const warmth = clamp(0.1 + random.normal() * 0.3, -0.5, 0.7);
  const strength = mix(0.5, 0.2 + 1.15 * random.next(), 0.4 + 0.6 * difficulty);
  const ambient = 0.34 + 0.3 * random.next() + (1 - difficulty) * 0.12;
  const cool = warmth * 0.5 - 0.1 - 0.3 * random.next();
  const glows: Glow[] = [
    {
      towards: aim(-azimuth * 1.1, 10 + 20 * random.next()),
      colour: tinted(0.5 * random.next() * ambient, cool),
      sharpness: 2,
    },
    { towards: aim(azimuth, elevation), colour: tinted(strength * 0.8, warmth), sharpness: 4 },
  ];
  if (random.next() < 0.4)
    glows.push({
      towards: aim(180 + side * 50, 25),
      colour: tinted(1.2 * random.next(), warmth * random.next()),
      sharpness: 6,
    });
  return {
    sky: tinted(ambient * 1.15, cool),
    ground: tinted(ambient * (0.35 + 0.3 * random.next()), warmth),
    glows,
    key: { towards: aim(azimuth, elevation), colour: tinted(strength * 1.15, warmth) },
    softness: random.next(),
  };
}

/** Light that arrives from each sky direction when those are turned by `turn` into the camera's directions. [skyCount, 3] */
export function surroundings(lighting: Lighting, turn: Mat3): Float32Array {
  const directions = skyDirections();
  const out = new Float32Array(directions.length * 3);
  directions.forEach((direction, k) => {
    const d = rotate(turn, direction);
    const up = 0.5 + 0.5 * d[1];
    for (let c = 0; c < 3; c++) {
      let light = mix(lighting.ground[c] ?? 0, lighting.sky[c] ?? 0, up);
      for (const glow of lighting.glows)
        light += (glow.colour[c] ?? 0) * Math.max(0, dot(d, glow.towards)) ** glow.sharpness;
      out[k * 3 + c] = light;
    }
  });
  return out;
}

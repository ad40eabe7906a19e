import { type Random, seededRandom } from '../base/random.ts';
import { type Skin, sampleSkin } from './complexion.ts';
import {
  type Beard,
  type Glasses,
  type HairStyle,
  sampleBeard,
  sampleGlasses,
  sampleHair,
} from './grooming.ts';
import { clamp } from './numbers.ts';

/**
 * What the shape of a head varies by. Each value counts standard deviations of the population; the number here is by
 * how many of them men's mean lies above women's. What a mode does in millimetres is stated where it sculpts.
 */
export const shapeModes = {
  headWidth: 0.2,
  headDepth: 0.2,
  headHeight: 0.2,
  faceHeight: 0.5,
  foreheadSlope: 0.6,
  browRidge: 1.4,
  templeHollow: 0.2,
  cheekboneWidth: -0.1,
  cheekboneForward: -0.4,
  cheekFullness: -0.3,
  jawWidth: 1.1,
  jawAngle: 0.9,
  chinWidth: 0.9,
  chinHeight: 0.6,
  chinForward: 0.4,
  chinCleft: 0.4,
  doubleChin: 0,
  eyeDistance: 0.1,
  eyeDepth: 0.4,
  eyeWidth: -0.3,
  eyeHeight: -0.7,
  eyeTilt: -0.4,
  lidCrease: -0.2,
  epicanthus: 0,
  eyeBags: 0.2,
  browHeight: -0.9,
  browArch: -0.7,
  browTilt: -0.2,
  browThickness: 1,
  browGap: -0.3,
  browLength: 0,
  noseLength: 0.5,
  noseWidth: 0.5,
  noseRoot: 0.4,
  noseHump: 0.5,
  noseBridgeWidth: 0.4,
  noseForward: 0.4,
  noseTipSize: 0.3,
  noseTipTurn: -0.5,
  nostrils: 0.2,
  philtrum: 0,
  mouthWidth: 0.5,
  mouthHeight: 0.1,
  upperLip: -0.5,
  lowerLip: -0.4,
  lipForward: 0,
  cupidsBow: -0.2,
  mouthCorners: -0.1,
  earSize: 0.5,
  earFlare: 0.3,
  neckWidth: 1.5,
  shoulders: 1.5,
  skewNose: 0,
  skewMouth: 0,
  skewEyes: 0,
  skewBrows: 0,
} as const;

export type ShapeMode = keyof typeof shapeModes;
export type Shape = Readonly<Record<ShapeMode, number>>;

/** Somebody who doesn't exist: all that stays the same from one photograph to the next. */
export interface Person {
  readonly seed: number;
  /** In 0..1; what shape, hair and brows lean on, together with many values of their own. */
  readonly masculinity: number;
  /** Years, 18 … 80. */
  readonly age: number;
  readonly shape: Shape;
  readonly skin: Skin;
  readonly hair: HairStyle;
  readonly beard: Beard;
  /** The glasses that this person owns; a shot says whether they are worn. */
  readonly glasses: Glasses | null;
}

/** The person of a seed. The same seed gives the same person. */
export function person(seed: number): Person {
  const random = seededRandom(seed ^ 0x5eed_face);
  const masculinity = sampleMasculinity(random);
  const age = 18 + 62 * random.next() ** 1.4;
  // complexion first: lips, nose and lids lean a little on it, as they do among people, without following it
  const skin = sampleSkin(random, masculinity, age);
  const shape = sampleShape(random, masculinity, skin.melanin, age);
  const hair = sampleHair(random, masculinity, age, skin.melanin);
  const beard = sampleBeard(random, masculinity);
  const glasses = sampleGlasses(random, age);
  return { seed, masculinity, age, shape, skin, hair, beard, glasses };
}

function sampleMasculinity(random: Random): number {
  const man = random.next() < 0.5;
  return clamp((man ? 0.82 : 0.18) + random.normal() * 0.11);
}

function sampleShape(random: Random, masculinity: number, melanin: number, age: number): Shape {
  const mean: Partial<Record<ShapeMode, number>> = {
    upperLip: (melanin - 0.4) * 1.3 - (age - 40) * 0.015,
    lowerLip: (melanin - 0.4) * 1.1 - (age - 40) * 0.01,
    noseWidth: (melanin - 0.4) * 1.3,
    noseRoot: (0.4 - melanin) * 1.2,
    eyeBags: (age - 35) * 0.045,
    cheekFullness: (40 - age) * 0.01,
    browHeight: (40 - age) * 0.01,
    earSize: (age - 40) * 0.02,
    noseLength: (age - 40) * 0.012,
  };
  const entries = Object.entries(shapeModes).map(([mode, shift]) => {
    const lean = mean[mode as ShapeMode] ?? 0;
    // wider than among people, so that few people look alike; a clamp keeps everybody human
    const value = clamp(random.normal() * 1.15, -2.4, 2.4) + lean + (masculinity - 0.5) * shift * 1.9;
    return [mode, clamp(value, -2.8, 2.8)] as const;
  });
  // one lid in four is without a crease or nearly so, whatever the normal draw said
  const foldless = random.next() < 0.25;
  const shape = Object.fromEntries(entries) as Record<ShapeMode, number>;
  shape.epicanthus = foldless ? 1.2 + random.next() : -1;
  if (foldless) shape.lidCrease = -1.8 - random.next();
  return shape;
}

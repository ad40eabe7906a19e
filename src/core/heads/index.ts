import { adacos } from './adacos.ts';
import { adaface } from './adaface.ts';
import { adamSoftmax } from './adam-softmax.ts';
import { amSoftmax } from './am-softmax.ts';
import { arcface } from './arcface.ts';
import { arcNegFace } from './arcnegface.ts';
import { centre } from './centre.ts';
import { circle } from './circle.ts';
import { contrastive } from './contrastive.ts';
import { cosface } from './cosface.ts';
import { curricularFace } from './curricularface.ts';
import type { Head } from './head.ts';
import { magface } from './magface.ts';
import { mvSoftmax } from './mv-softmax.ts';
import { npcface } from './npcface.ts';
import { softmax } from './softmax.ts';
import { sphereface } from './sphereface.ts';
import { subCentreArcface } from './sub-centre-arcface.ts';
import { triplet } from './triplet.ts';

/** Every head that a recipe may name: those with one margin for all, then those that weigh what is hard or good. */
export const heads: readonly Head[] = [
  ...[softmax, centre, arcface, cosface, amSoftmax, sphereface, subCentreArcface],
  ...[adacos, adamSoftmax, magface, adaface],
  ...[curricularFace, mvSoftmax, npcface, arcNegFace, circle],
  ...[triplet, contrastive],
];

/** Those that have class weights; the others compare pictures. */
export const classHeads: readonly Head[] = heads.filter(({ compares }) => compares !== 'pictures');

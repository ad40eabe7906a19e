import { attentionNet56, attentionNet92 } from './attention-net.ts';
import type { Backbone } from './backbone.ts';
import { densenets } from './densenet.ts';
import { dpns } from './dpn.ts';
import {
  efficientnetB0,
  efficientnetB1,
  efficientnetB2,
  efficientnetB3,
  efficientnetB4,
} from './efficientnet.ts';
import { ghostnet } from './ghostnet.ts';
import { hrnetW18 } from './hrnet.ts';
import { ir18, ir34, ir50, ir101, ir152, irSe18, irSe34, irSe50, irSe101, irSe152 } from './ir.ts';
import { lightcnn9, lightcnn29, lightcnn29v2 } from './lightcnn.ts';
import { mobilefacenet } from './mobilefacenet.ts';
import { mobilenetV1 } from './mobilenet-v1.ts';
import { mobilenetV2 } from './mobilenet-v2.ts';
import { mobilenetV3Large, mobilenetV3Small } from './mobilenet-v3.ts';
import { repvggA0, repvggB0, repvggB1 } from './repvgg.ts';
import { resnest50 } from './resnest.ts';
import { resnets, resnexts, seResnets, seResnexts } from './resnet.ts';
import { rexnet } from './rexnet.ts';
import { shufflenetV1 } from './shufflenet-v1.ts';
import {
  shufflenetV2Double,
  shufflenetV2Half,
  shufflenetV2Whole,
  shufflenetV2Wide,
} from './shufflenet-v2.ts';
import { swinS, swinT } from './swin.ts';
import { tfNasA } from './tf-nas.ts';

/** Every backbone that a recipe may name; variants of a family beside one another. */
export const backbones: readonly Backbone[] = [
  mobilefacenet,
  ...[ir18, ir34, ir50, ir101, ir152],
  ...[irSe18, irSe34, irSe50, irSe101, irSe152],
  ...resnets,
  ...seResnets,
  ...resnexts,
  ...seResnexts,
  resnest50,
  ...densenets,
  ...dpns,
  ...[mobilenetV1, mobilenetV2, mobilenetV3Small, mobilenetV3Large],
  ...[shufflenetV1, shufflenetV2Half, shufflenetV2Whole, shufflenetV2Wide, shufflenetV2Double],
  ...[efficientnetB0, efficientnetB1, efficientnetB2, efficientnetB3, efficientnetB4],
  ghostnet,
  tfNasA,
  rexnet,
  ...[repvggA0, repvggB0, repvggB1],
  ...[lightcnn9, lightcnn29, lightcnn29v2],
  ...[attentionNet56, attentionNet92],
  hrnetW18,
  ...[swinT, swinS],
];

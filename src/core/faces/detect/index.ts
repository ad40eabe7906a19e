import type { Detection } from '../types.ts';
import { decodeBlazeface } from './blazeface.ts';
import { decodeRetinaface } from './retinaface.ts';
import { decodeScrfd } from './scrfd.ts';
import type { InputSize, RawTensor } from './tensor.ts';
import { decodeUltraface } from './ultraface.ts';
import { decodeYunet } from './yunet.ts';

/** From the raw outputs of one picture to detections in pixels of the network's input, before suppression. */
export type Decoder = (
  outputs: readonly RawTensor[],
  input: InputSize,
  scoreThreshold: number,
) => Detection[];

/** The decoders of detectors that are one network; MTCNN is three and has its own runner. */
export const decoders = {
  blazeface: decodeBlazeface,
  retinaface: decodeRetinaface,
  scrfd: decodeScrfd,
  ultraface: decodeUltraface,
  yunet: decodeYunet,
} as const satisfies Readonly<Record<string, Decoder>>;

export type SingleNetworkLayout = keyof typeof decoders;

import type { HeadOption } from './head.ts';

/** Settings that several heads have. */

export const scaleOption: HeadOption = {
  name: 'scale',
  title: 'Scale s',
  kind: 'number',
  least: 1,
  most: 512,
  about:
    'Factor of the cosines. More classes need more of it, or the loss cannot fall; the papers: 30 to 64.',
};

export const angleOption: HeadOption = {
  name: 'margin',
  title: 'Margin m',
  kind: 'number',
  least: 0,
  most: 1.5,
  about: 'Angle in radians by which the own class must be nearer than it is; the papers: 0.35 to 0.5.',
};

export const cosineMarginOption: HeadOption = {
  name: 'margin',
  title: 'Margin m',
  kind: 'number',
  least: 0,
  most: 1,
  about: 'What is taken from the cosine to the own class; the papers: 0.35.',
};

export const fallbackOption: HeadOption = {
  name: 'fallback',
  title: 'Beyond π',
  kind: 'choice',
  of: ['line', 'none'],
  about: 'Where angle and margin exceed π: go on as a line (face.evoLVe), or without the margin (FaceX-Zoo).',
};

export const paceOption: HeadOption = {
  name: 'pace',
  title: 'Pace of the running mean',
  kind: 'number',
  least: 0.001,
  most: 1,
  step: 0.001,
  about: 'How much of the running mean is new at every batch; the paper: 0.01.',
};

export const startOption: HeadOption = {
  name: 'start',
  title: 'Class weights at first',
  kind: 'choice',
  of: ['xavier', 'unit', 'small'],
  about:
    'Xavier’s uniform (face.evoLVe), of length 1 or about it (FaceX-Zoo), or normal with a deviation of 0.01 (CurricularFace). Their directions are as random with each; short ones turn faster.',
};

import type { HeadInfo } from '../../../../core/contract/training.ts';
import type { Head } from '../../../../core/heads/head.ts';

/** Choices of heads' settings in words; a setting that is not here has choices that are words already. */
const choices: Readonly<Record<string, string>> = {
  'fallback.line': 'On as a line (face.evoLVe)',
  'fallback.none': 'Without the margin (FaceX-Zoo)',
  'start.xavier': 'Xavier’s (face.evoLVe)',
  'start.unit': 'Of length 1 (FaceX-Zoo)',
  'start.small': 'Small (CurricularFace)',
  'features.unit': 'Of length 1',
  'features.raw': 'Of their own length',
  'form.am': 'The cosine',
  'form.arc': 'The angle',
};

export const headChoiceOf = (option: string, choice: string): string =>
  choices[`${option}.${choice}`] ?? choice;

/** A user's own head as those of Lineament are listed: what it does is for the application alone to know. */
export function headOf({ compares, ...info }: HeadInfo): ListedHead {
  return { ...info, target: null, ...(compares && { compares }) };
}

/** What is shown of a head. */
export type ListedHead = Pick<
  Head,
  'name' | 'title' | 'family' | 'about' | 'presets' | 'options' | 'held' | 'target' | 'other' | 'compares'
>;

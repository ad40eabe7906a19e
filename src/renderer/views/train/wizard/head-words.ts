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

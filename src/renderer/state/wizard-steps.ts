/** The pages of the wizard, in their order. */
export const wizardSteps = ['data', 'network', 'head', 'schedule', 'review'] as const;
export type WizardStep = (typeof wizardSteps)[number];

export const stepTitles: Readonly<Record<WizardStep, string>> = {
  data: 'Data',
  network: 'Network',
  head: 'Head and loss',
  schedule: 'Schedule',
  review: 'Review',
};

const places: Readonly<Record<string, WizardStep>> = {
  data: 'data',
  network: 'network',
  start: 'network',
  fineTune: 'network',
  average: 'network',
  head: 'head',
  loss: 'head',
  distillation: 'head',
  optimizer: 'schedule',
  schedule: 'schedule',
  batch: 'schedule',
  accumulation: 'schedule',
  epochs: 'schedule',
  seed: 'schedule',
  validation: 'schedule',
  earlyStop: 'schedule',
  device: 'schedule',
};

/** The page on which a setting is; what has no page is told at the end. */
export function stepOfPath(path: string): WizardStep {
  return places[path.split('.')[0] ?? ''] ?? 'review';
}

import { batchThatFits } from './memory.ts';
import { type Check, figure, good, inBytes, note, warning } from './preflight-facts.ts';

/** Share of the memory that may be planned for. */
const plannable = 0.9;

const memory: Check = ({ recipe, outlook, estimate, available, measured }) => {
  const needed = measured?.memory ?? outlook.memory;
  const what =
    measured === null
      ? `About ${inBytes(needed)} of memory will be needed`
      : `The trial took ${inBytes(needed)} of memory`;
  if (available === null) return good('memory', `${what}.`);
  const message = `${what}; ${inBytes(available)} are there.`;
  if (needed <= available * plannable) return good('memory', message);
  const fits = batchThatFits(estimate, available * plannable);
  const lower = Math.min(fits, Math.floor(recipe.batch / 2));
  return warning(
    'memory',
    message,
    lower < 2
      ? 'No batch of this network fits: take a smaller network or input.'
      : `Lower the batch to ${lower}; accumulation makes up for it.`,
  );
};

const device: Check = ({ device: { provider, fellBack } }) =>
  fellBack === ''
    ? null
    : note(
        'device',
        `Training runs on ${provider === 'cpu' ? 'the processor' : provider}: ${fellBack}`,
        'It gives the same network, more slowly; Settings shows what devices need.',
      );

const precision: Check = ({ recipe, device: { provider } }) =>
  recipe.precision === 'float32'
    ? null
    : good(
        'precision',
        `Mixed precision: ${provider} computes in half precision, and not more slowly; a step that overflows is skipped and counted.`,
      );

function lasts(seconds: number): string {
  const hours = seconds / 3600;
  if (seconds < 100) return `${figure(seconds)} seconds`;
  if (hours < 1) return `${figure(seconds / 60)} minutes`;
  return hours < 48 ? `${figure(hours)} hours` : `${figure(hours / 24)} days`;
}

const week = 7 * 24 * 3600;

const time: Check = ({ outlook, measured }) => {
  if (measured === null) return null;
  const seconds = (outlook.steps * measured.msPerStep) / 1000;
  const message = `At ${figure(measured.msPerStep)} ms a step the run takes ${lasts(seconds)}.`;
  if (seconds <= week) return good('time', message);
  return warning(
    'time',
    message,
    'A smaller network, a smaller input, fewer epochs or a GPU make it shorter. Pausing and going on loses nothing.',
  );
};

/** The machine. */
export const machineChecks: readonly Check[] = [memory, device, precision, time];

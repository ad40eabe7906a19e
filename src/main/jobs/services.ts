import { startRecogniser } from './recogniser.ts';

type AnyMethods = Readonly<Record<string, (input: never) => unknown>>;

/** Every service that a worker process can serve, by kind: given its setup, the methods that it answers. */
export const services: Readonly<Record<string, (setup: never) => Promise<AnyMethods>>> = {
  recogniser: startRecogniser,
};

import { z } from 'zod';
import { none } from './common.ts';
import { method } from './method.ts';

export interface AppInfo {
  readonly version: string;
  readonly dataDir: string;
  readonly platform: string;
  readonly host: 'electron' | 'web' | 'cli';
  /** Nothing was imported yet. */
  readonly empty: boolean;
}

/** One line of what `doctor` found. */
export interface Check {
  readonly name: string;
  readonly state: 'good' | 'warning' | 'bad';
  readonly detail: string;
  /** What to do where it is not good. */
  readonly hint: string;
}

export const settings = z.object({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  /** Faces whose shorter side is below this many pixels go to the queue as tiny. */
  tinyFace: z.number().min(0).max(1000).default(32),
  /** Faces less sharp than this go to the queue as blurred, 0..1; 0.25 is a blur of about 3 pixels of the crop. */
  blurredBelow: z.number().min(0).max(1).default(0.25),
  /** Threads of a heavy job; null for all of the machine's cores. */
  threads: z.int().min(1).max(256).nullable().default(null),
  /** onnxruntime's execution provider. */
  provider: z.enum(['cpu', 'cuda', 'webgpu', 'dml', 'coreml']).default('cpu'),
});
export type Settings = z.infer<typeof settings>;

/** Like `settings`, with nothing required and no defaults filled in. */
const change = z.object(
  Object.fromEntries(Object.entries(settings.shape).map(([key, field]) => [key, field.unwrap().optional()])),
) as z.ZodType<Partial<Settings>>;

export const appMethods = {
  'app.info': method(none)<AppInfo>(),
  /** With `devices` every device is tried, half precision too, which takes some seconds. */
  'app.doctor': method(z.object({ devices: z.boolean().default(false) }))<readonly Check[]>(),
  'settings.get': method(none)<Settings>(),
  'settings.set': method(change)<Settings>(),
} as const;

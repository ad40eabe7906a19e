import { z } from 'zod';
import type { Backbone } from '../backbones/backbone.ts';
import type { Option } from '../base/option.ts';
import type { Head, HeadSettings } from '../heads/head.ts';
import type { Finding, RecipeOutlook } from '../recipe/finding.ts';
import type { RecipeProblem } from '../recipe/problem.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { none } from './common.ts';
import { method } from './method.ts';
import type { Plugin } from './plugins.ts';

export type { Finding, RecipeOutlook } from '../recipe/finding.ts';
export type { RecipeProblem as Problem } from '../recipe/problem.ts';

export interface BackboneInfo {
  readonly name: string;
  readonly title: string;
  /** What variants of one design are called together. */
  readonly family: string;
  readonly parameters: number;
  /** Multiply-adds of one picture at `input` pixels. */
  readonly multiplyAdds: number;
  /** Bytes that one more picture of `input` pixels takes in a batch of training. */
  readonly perImage: number;
  /** Side of the input in pixels. */
  readonly input: number;
  /** What sides must be a multiple of. */
  readonly multipleOf: number;
  readonly embedding: number;
  readonly dropout: number;
  /** The other settings that it reads, and what they are unless a recipe says otherwise. */
  readonly options: readonly Option[];
  readonly defaults: Readonly<Record<string, number | string | boolean>>;
  /** What leaves no choice, of a network that was imported; null for Lineament's own. */
  readonly fixed: NonNullable<Backbone['fixed']> | null;
}

export interface HeadInfo extends Pick<Head, 'name' | 'title' | 'family' | 'about' | 'options' | 'held'> {
  /** `pictures`: it compares them with each other; null where it has class weights. */
  readonly compares: 'pictures' | null;
  /** Settings by the name of where they come from; the first is the default. */
  readonly presets: Readonly<Record<string, HeadSettings>>;
}

/** A recipe of a paper, to start from. */
export interface TemplateInfo {
  readonly id: string;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly about: string;
}

export interface DeviceInfo {
  readonly engine: 'onnxruntime' | 'tfjs';
  readonly provider: string;
  readonly available: boolean;
  /** Why not, or what it needs. */
  readonly reason: string;
  /** What `auto` takes. */
  readonly automatic: boolean;
  /** Why it does not train in mixed precision; null where it does. */
  readonly noMixed: string | null;
}

export interface TrainingCatalogue {
  readonly backbones: readonly BackboneInfo[];
  readonly heads: readonly HeadInfo[];
  readonly templates: readonly TemplateInfo[];
  /** Users' own parts, those too that nobody agreed to yet. */
  readonly plugins: readonly Plugin[];
  readonly devices: readonly DeviceInfo[];
  /** The recipe's JSON Schema: defaults, limits and explanations of every field. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface RecipeCheck {
  /** With everything stated; null where there are problems. */
  readonly recipe: Recipe | null;
  readonly problems: readonly RecipeProblem[];
  readonly findings: readonly Finding[];
  readonly outlook: RecipeOutlook | null;
}

/** What a few steps on the real data measured. */
export interface Trial {
  readonly provider: string;
  readonly steps: number;
  readonly msPerStep: number;
  readonly firstLoss: number;
  /** Null where it depends on the pictures. */
  readonly expectedLoss: number | null;
  /** Most memory of the process, in bytes. */
  readonly memory: number;
  /** Seconds that the whole run would take. */
  readonly seconds: number;
  readonly findings: readonly Finding[];
}

export const trainingMethods = {
  'training.catalogue': method(none)<TrainingCatalogue>(),
  /** A template, scaled to the data at hand. */
  'training.template': method(
    z.object({ template: z.string().min(1), version: z.string().min(4) }),
  )<Recipe>(),
  /** Looks at a recipe without running it: any JSON is taken, and what is wrong with it is told. */
  'training.check': method(z.object({ recipe: z.unknown() }))<RecipeCheck>(),
  /** Compiles a recipe and runs a few steps of it. */
  'training.trial': method(
    z.object({ recipe: z.unknown(), steps: z.int().min(1).max(20).default(3) }),
  )<Trial>(),
} as const;

import type Database from 'better-sqlite3';
import { initial } from './001-initial.ts';
import { training } from './002-training.ts';
import { cleaning } from './003-cleaning.ts';
import { evaluation } from './004-evaluation.ts';

export interface Migration {
  readonly name: string;
  up(db: Database.Database): void;
}

/** In order; the database's `user_version` is how many of them it has been through. Never change one that shipped. */
export const migrations: readonly Migration[] = [initial, training, cleaning, evaluation];

import {
  type Badge,
  mainFigure,
  marksOf,
  plusMinus,
  points,
  variantWords,
} from '../../text/evaluation-words.ts';
import type { Matrix, MatrixRow } from './matrix.ts';

/** What a mark of a cell stands for. */
export const markWords: Readonly<Record<Badge['kind'], string>> = {
  leak: 'shared with the training data',
  lost: 'pairs lost',
  marked: 'pairs marked',
  outdated: 'outdated',
  removed: 'benchmark removed',
};

/** A cell in words, for those who do not see it. */
export function cellWords({ columns }: Matrix, row: MatrixRow, column: number, best: boolean): string {
  const { benchmark = '', variant = 'evolve' } = columns[column] ?? {};
  const where = `${benchmark}, ${variantWords[variant].title}`;
  const value = row.values[column] ?? null;
  if (value === null) return `${where}: not measured`;
  const result = row.results[column] ?? null;
  const figure = result === null ? null : mainFigure(result);
  const marks = result === null ? [] : marksOf(result).map(({ kind }) => markWords[kind]);
  const more = figure?.sure ? ` ${plusMinus(figure)}` : '';
  const notes = marks.length > 0 ? `; ${marks.join(', ')}` : '';
  return `${where}: ${points(value)}${more}${best ? ', the best here' : ''}${notes}`;
}

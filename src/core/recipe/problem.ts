/** What is wrong with a recipe at a place. */
export interface RecipeProblem {
  /** `schedule.rate`; empty where it is about the whole. */
  readonly path: string;
  /** A clause that goes on from the path: `must be at least 2`. */
  readonly message: string;
}

import type { Handlers, MethodName } from '../../../core/contract/api.ts';

/** The handlers of some methods; `Start` is what their names begin with. */
export type Part<Start extends string> = Pick<Handlers, Extract<MethodName, `${Start}.${string}`>>;

import { z } from 'zod';
import type { Store } from '../store/database.ts';
import { getValue, setValue } from '../store/settings.ts';

/** Which contents of plugins the user agreed to run: their SHA-256, by `NAME.KIND`. */
export interface Consent {
  /** All that were agreed to; none where nobody did, or somebody took it back. */
  of(id: string): readonly string[];
  agree(id: string, sha256: string): void;
  withdraw(id: string): void;
}

const key = 'plugins.agreed';
const stored = z.record(z.string(), z.array(z.string()));

export function openConsent(store: Store): Consent {
  const all = (): z.output<typeof stored> => {
    const parsed = stored.safeParse(JSON.parse(getValue(store, key) ?? '{}'));
    return parsed.success ? parsed.data : {}; // what is not understood is no agreement
  };
  const write = (next: z.output<typeof stored>): void =>
    store.write((writer) => setValue(writer, key, JSON.stringify(next)));
  return {
    of: (id) => all()[id] ?? [],
    agree: (id, sha256) => {
      const before = all();
      write({ ...before, [id]: [...new Set([...(before[id] ?? []), sha256])] });
    },
    withdraw: (id) => {
      const { [id]: _, ...others } = all();
      write(others);
    },
  };
}

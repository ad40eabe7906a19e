import { Cancelled, toErrorInfo } from '../../core/base/errors.ts';

export interface Toast {
  readonly id: number;
  readonly kind: 'info' | 'good' | 'bad';
  readonly text: string;
  readonly hint?: string;
  readonly code?: string;
  readonly action?: { readonly label: string; run(): unknown };
}

const shortly = 7000; // milliseconds
const longer = 14_000;

/** Short notes at the screen's edge, read aloud by screen readers. */
export class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #next = 1;

  add(toast: Omit<Toast, 'id'>): number {
    const id = this.#next++;
    this.list = [...this.list.slice(-3), { ...toast, id }];
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), toast.kind === 'bad' ? longer : shortly),
    );
    return id;
  }

  /** Says what went wrong. What the user stopped is no error. */
  failed(thrown: unknown): void {
    if (thrown instanceof Cancelled) return;
    const { message, hint, code } = toErrorInfo(thrown);
    if (this.list.some((toast) => toast.kind === 'bad' && toast.text === message)) return;
    this.add({ kind: 'bad', text: message, hint, code });
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  close(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}

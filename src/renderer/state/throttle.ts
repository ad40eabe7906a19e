/** Runs at once, then at most every `pause` milliseconds, with the last arguments; `stop` drops what waits. */
export function throttle<A extends readonly unknown[]>(
  run: (...args: A) => void,
  pause: number,
): { call(...args: A): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let waiting: A | null = null;
  const tick = (): void => {
    timer = null;
    if (waiting === null) return;
    const args = waiting;
    waiting = null;
    timer = setTimeout(tick, pause);
    run(...args);
  };
  return {
    call: (...args) => {
      waiting = args;
      if (timer === null) tick();
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
      timer = null;
      waiting = null;
    },
  };
}

/** Runs once nothing was asked for during `pause` milliseconds. */
export function debounce<A extends readonly unknown[]>(
  run: (...args: A) => void,
  pause: number,
): { call(...args: A): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  };
  return {
    call: (...args) => {
      stop();
      timer = setTimeout(() => {
        timer = null;
        run(...args);
      }, pause);
    },
    stop,
  };
}

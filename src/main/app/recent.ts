/** Keeps the last value that was made, for a while. */
export interface Recent<Key, Value> {
  get(key: Key): Promise<Value>;
  close(): void;
}

/** `make` is called once for a key as long as no other key is asked for and the value is not older than `keepMs`. */
export function recent<Key, Value>(make: (key: Key) => Promise<Value>, keepMs: number): Recent<Key, Value> {
  let current: { readonly key: Key; readonly value: Promise<Value> } | null = null;
  let timer: NodeJS.Timeout | undefined;
  const forget = (): void => {
    clearTimeout(timer);
    current = null;
  };
  return {
    get: (key) => {
      clearTimeout(timer);
      timer = setTimeout(forget, keepMs);
      timer.unref();
      if (current?.key === key) return current.value;
      const made = { key, value: make(key) };
      current = made;
      made.value.catch(() => {
        if (current === made) current = null;
      });
      return made.value;
    },
    close: forget,
  };
}

import { type Settings, settings } from '../../core/contract/app.ts';
import type { Reader, Writer } from './database.ts';

/** A raw value by key; null where it was never set. */
export function getValue(reader: Reader, key: string): string | null {
  return reader.get<{ value: string }>('SELECT value FROM setting WHERE key = ?', [key])?.value ?? null;
}

export function setValue(writer: Writer, key: string, value: string): void {
  writer.run(
    'INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    [key, value],
  );
}

const settingsKey = 'settings';

/** The settings with defaults filled in; what an older or newer version wrote and is not understood is left out. */
export function getSettings(reader: Reader): Settings {
  const stored: unknown = JSON.parse(getValue(reader, settingsKey) ?? '{}');
  const parsed = settings.safeParse(stored);
  return parsed.success ? parsed.data : settings.parse({});
}

export function changeSettings(writer: Writer, change: Partial<Settings>): Settings {
  const next = settings.parse({ ...getSettings(writer), ...change });
  setValue(writer, settingsKey, JSON.stringify(next));
  return next;
}

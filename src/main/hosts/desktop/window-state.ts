import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** In device-independent pixels, on the plane of all displays. */
export interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface WindowState {
  /** Without a place the system chooses one. */
  readonly bounds: Bounds | { readonly width: number; readonly height: number };
  readonly maximized: boolean;
}

const bounds = z.object({ x: z.int(), y: z.int(), width: z.int().positive(), height: z.int().positive() });
const stored = z.object({ bounds, maximized: z.boolean() });

const preferred = { width: 1280, height: 840 };

/** How much of the window must lie on a display, in pixels, so that it can be seen and taken hold of. */
const grip = { width: 160, height: 80 };

function overlap(a: Bounds, b: Bounds): { width: number; height: number } {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return { width: Math.max(0, width), height: Math.max(0, height) };
}

/**
 * The state to open the window with: what was stored, if it can be understood and enough of it (its title bar above all)
 * lies on one of the displays' work areas; displays come and go between two starts.
 */
export function validState(text: string | null, workAreas: readonly Bounds[]): WindowState {
  const first = workAreas[0] ?? { ...preferred, x: 0, y: 0 };
  const fallback = {
    bounds: {
      width: Math.min(preferred.width, first.width),
      height: Math.min(preferred.height, first.height),
    },
    maximized: false,
  };
  if (text === null) return fallback;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fallback;
  }
  const parsed = stored.safeParse(value);
  if (!parsed.success) return fallback;
  const found = parsed.data.bounds;
  for (const area of workAreas) {
    const seen = overlap(found, area);
    const titleBar = found.y >= area.y && found.y < area.y + area.height - grip.height / 2;
    if (titleBar && seen.width >= grip.width && seen.height >= grip.height) {
      const width = Math.min(found.width, area.width);
      const height = Math.min(found.height, area.height);
      return { bounds: { x: found.x, y: found.y, width, height }, maximized: parsed.data.maximized };
    }
  }
  return { ...fallback, maximized: parsed.data.maximized };
}

/** The stored text; null where there is none. */
export async function readState(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null);
}

/** Replaces the file as a whole, so that a crash leaves either the old or the new one. */
export async function writeState(
  file: string,
  state: { readonly bounds: Bounds; readonly maximized: boolean },
): Promise<void> {
  const { x, y, width, height } = state.bounds;
  const temporary = `${file}.new`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(
    temporary,
    `${JSON.stringify({ bounds: { x, y, width, height }, maximized: state.maximized })}\n`,
  );
  await rename(temporary, file);
}

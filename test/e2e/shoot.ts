import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright';
import sharp from 'sharp';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));

/** Takes a picture of the page for the README, without notes and without the pointer; `whole`: what is scrolled, too. */
export async function shootPage(page: Page, name: string, whole = false): Promise<void> {
  await page.mouse.move(0, 0);
  for (const note of await page.getByRole('button', { name: 'Dismiss' }).all()) await note.click();
  await page.waitForTimeout(1500); // pictures come in, notes go
  const png = await page.screenshot({ fullPage: whole });
  await sharp(png)
    .png({ palette: true, quality: 92, effort: 10 })
    .toFile(join(docs, `${name}.png`));
}

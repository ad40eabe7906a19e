import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/support/summary-reporter.ts';

export default defineConfig({
  plugins: [svelte()],
  // Tests of components run the browser's half of Svelte.
  resolve: { conditions: ['browser'] },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: [['default', { summary: false }], new SummaryReporter()],
    projects: [
      // What is pure leaves nothing behind: its files share a process, which saves a start for each.
      { extends: true, test: { name: 'core', include: ['test/core/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: { name: 'rest', include: ['test/**/*.test.ts'], exclude: ['test/core/**'] },
      },
    ],
  },
});

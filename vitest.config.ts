import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { SummaryReporter } from './test/support/summary-reporter.ts';

export default defineConfig({
  plugins: [svelte()],
  // Tests of components run the browser's half of Svelte.
  resolve: { conditions: ['browser'] },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: [['default', { summary: false }], new SummaryReporter()],
  },
});

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { TotalsReporter } from './test/setup/totals-reporter.ts';
import { workerModules } from './test/setup/worker-modules.ts';

// CommonJS is imported as Node and the build do it.
const deps = { interopDefault: false };
// A computer with more to do may need longer than the usual second; below the test's own timeout, so that what was seen last is told.
const polls = (timeout: number) => ({ poll: { timeout } });

export default defineConfig({
  test: {
    reporters: ['default', new TotalsReporter()],
    projects: [
      // The window's state is Svelte's, which has to be compiled.
      { plugins: [svelte({ configFile: false }), workerModules()], resolve: { conditions: ['browser'] }, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 20_000, expect: polls(15_000), deps } },
      { plugins: [workerModules()], test: { name: 'integration', include: ['test/integration/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, expect: polls(30_000), deps } },
      {
        plugins: [workerModules()],
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: polls(30_000),
          deps,
          // One app at a time, and nothing else beside it: they share the keychain and the display.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import app from '../../electron.vite.config.ts';

const program = (name: string): string => resolve(import.meta.dirname, 'programs', `${name}.ts`);

// The app's own build of main, so that what is measured is what ships, with the benchmark's programs beside it.
export default defineConfig({
  main: {
    ...app.main,
    build: {
      ...app.main?.build,
      rollupOptions: {
        ...app.main?.build?.rollupOptions,
        input: {
          ...app.main?.build?.rollupOptions?.input as Record<string, string>,
          'bench-pack': program('pack'),
          'bench-archiver': program('archiver'),
          'bench-sdk': program('sdk'),
          'bench-sink': program('sink'),
          'bench-blast': program('blast'),
          'bench-relay': program('relay'),
        },
      },
    },
  },
});

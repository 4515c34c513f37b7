import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import app from '../../electron.vite.config.ts';

const program = (name: string): string => resolve(import.meta.dirname, 'programs', `${name}.ts`);

/** The peers are measured as npm installs them, not as the app builds them in. */
const peersAsInstalled: Plugin = {
  name: 'peers-as-installed',
  enforce: 'pre',
  resolveId: (id, importer) => importer?.startsWith(resolve(import.meta.dirname, 'programs')) && ['archiver', 'cos-nodejs-sdk-v5'].includes(id) ? { id, external: true } : null,
};

// The app's own build of main, so that what is measured is what ships, with the benchmark's programs beside it.
export default defineConfig({
  main: {
    ...app.main,
    plugins: [peersAsInstalled],
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

import { defineConfig } from 'electron-vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';

// What Electron 33 runs: the oldest this app is made for (ARCHITECTURE.md, "Electron's binary").
const nodeTarget = 'node20';
const chromeTarget = 'chrome130';

// The preload is one CommonJS file because a sandboxed preload can neither be ESM nor load others.
export default defineConfig({
  main: {
    build: {
      target: nodeTarget,
      externalizeDeps: true,
      rollupOptions: {
        input: { index: 'main/index.ts' },
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      target: nodeTarget,
      externalizeDeps: false,
      rollupOptions: {
        input: { index: 'preload/index.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    plugins: [svelte()],
    build: {
      target: chromeTarget,
      rollupOptions: { input: 'renderer/index.html' },
    },
  },
});

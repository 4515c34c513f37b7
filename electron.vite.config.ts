import { resolve } from 'node:path';
import { defineConfig } from 'electron-vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { pagePolicy } from './main/app/page-policy.ts';
import { bundledPackages } from './test/setup/bundled-packages.ts';
import { externalPackages } from './test/setup/external-packages.ts';

// What Electron 33 runs: the oldest this app is made for (ARCHITECTURE.md, "Electron's binary").
const nodeTarget = 'node20';
const chromeTarget = 'chrome130';

// Vite's live reload injects styles, builds elements its own way, and talks over a socket.
const policyWhileDeveloping = pagePolicy
  .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
  .replace("connect-src 'none'", "connect-src 'self' ws:")
  .replace(/; require-trusted-types-for.*/, '');

// The preload is one CommonJS file because a sandboxed preload can neither be ESM nor load others.
export default defineConfig({
  main: {
    build: {
      target: nodeTarget,
      externalizeDeps: false,
      rollupOptions: {
        external: externalPackages,
        input: { start: 'main/start.ts', cli: 'main/cli.ts' },
        output: { format: 'es' },
      },
    },
  },
  preload: {
    plugins: [bundledPackages()],
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
    plugins: [svelte(), bundledPackages()],
    server: { headers: { 'Content-Security-Policy': policyWhileDeveloping } },
    build: {
      target: chromeTarget,
      // A picture in the code would be a `data:` address, which is not the page's own.
      assetsInlineLimit: 0,
      rollupOptions: { input: resolve(import.meta.dirname, 'renderer/index.html') },
    },
  },
});

import { createHash } from 'node:crypto';
import path from 'node:path';
import { build, type Plugin } from 'vite';
import { externalPackages } from './external-packages.ts';

const suffix = '?modulePath';
const directory = path.resolve(import.meta.dirname, '../../node_modules/.cache/worker-modules');

// One for all projects of a run: each module is written once.
const built = new Map<string, Promise<string>>();

/** Gives tests what electron-vite gives the app: `import path from './worker.ts?modulePath'` builds the module and names its file. */
export function workerModules(): Plugin {
  return {
    name: 'worker-modules',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(suffix)) return null;
      const file = id.slice(0, -suffix.length);
      const building = built.get(file) ?? buildModule(file);
      built.set(file, building);
      return `export default ${JSON.stringify(await building)};`;
    },
  };
}

async function buildModule(file: string): Promise<string> {
  const name = `${path.basename(file, '.ts')}-${createHash('md5').update(file).digest('hex').slice(0, 8)}`;
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: externalPackages },
    build: {
      ssr: file,
      target: 'node20',
      outDir: directory,
      emptyOutDir: false,
      rollupOptions: { output: { format: 'es', entryFileNames: `${name}.mjs`, chunkFileNames: `${name}-[hash].mjs` } },
    },
  });
  return path.join(directory, `${name}.mjs`);
}

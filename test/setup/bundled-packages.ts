import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';

/**
 * Writes down which packages a bundle has taken in, for the licences and the SBOM: as a JSON list
 * of folders below node_modules, beside the folder it is built into (out/renderer.packages.json).
 */
export function bundledPackages(): Plugin {
  return {
    name: 'bundled-packages',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const modules = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? Object.keys(output.modules) : []));
      const packages = new Set(modules.flatMap((id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id.replaceAll('\\', '/'))?.[1] ?? []));
      const file = `${path.resolve(dir)}.packages.json`;
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, JSON.stringify([...packages].sort()));
    },
  };
}

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';

/** Writes down which packages a bundle has taken in, for the licences and the SBOM: a JSON list of folders below node_modules. */
export function bundledPackages(file: string): Plugin {
  return {
    name: 'bundled-packages',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((output) => (output.type === 'chunk' ? Object.keys(output.modules) : []));
      const packages = new Set(modules.flatMap((id) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id.replaceAll('\\', '/'))?.[1] ?? []));
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, JSON.stringify([...packages].sort()));
    },
  };
}

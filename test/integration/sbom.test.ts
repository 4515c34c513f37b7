import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rootDirectory, runScript } from '../support/run-script.ts';

interface Component {
  readonly 'bom-ref': string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
}
interface Sbom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly version: number;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

let root: string;
let sbom: Sbom;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'ferry-sbom-'));
  const file = path.join(root, 'sbom.json');
  await runScript('test/setup/sbom.mjs', [file]);
  sbom = JSON.parse(await readFile(file, 'utf8')) as Sbom;
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('it is CycloneDX: the app, and every package with what identifies it', () => {
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: expect.stringMatching(/^1\.[4-9]$/), version: 1 });
  expect(sbom.serialNumber).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
  expect(sbom.metadata.component).toMatchObject({ type: 'application', name: 'cos-ferry', purl: expect.stringMatching(/^pkg:npm\/cos-ferry@/) });
  for (const component of sbom.components) {
    expect(component).toMatchObject({ type: 'library', name: expect.stringMatching(/./), version: expect.stringMatching(/^\d/) });
    expect(component.purl).toMatch(/^pkg:npm\/.+@\d/);
    expect(component.hashes?.[0], component.name).toMatchObject({ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) });
    expect(component.licenses?.length, component.name).toBeGreaterThan(0);
  }
  const refs = [sbom.metadata.component, ...sbom.components].map((component) => component['bom-ref']);
  expect(new Set(refs).size).toBe(refs.length);
  for (const { ref, dependsOn } of sbom.dependencies) expect(refs).toEqual(expect.arrayContaining([ref, ...dependsOn]));
});

test('it has whatever the sources import, Electron included, and no tool', async () => {
  const listed = new Set(sbom.components.map(({ purl }) => decodeURIComponent(purl.slice('pkg:npm/'.length)).replace(/@[^@]*$/, '')));
  const imported = new Set<string>();
  for (const folder of ['main', 'preload', 'renderer']) {
    for (const entry of await readdir(path.join(rootDirectory, folder), { recursive: true, withFileTypes: true })) {
      if (!/\.(ts|svelte)$/.test(entry.name)) continue;
      const source = await readFile(path.join(entry.parentPath, entry.name), 'utf8');
      const names = [...source.matchAll(/(?:^(?:import|export|\}) .*from |import\()'([^'.][^']*)'/gm)].map(([, name = '']) => (name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0] ?? ''));
      for (const name of names) if (!name.startsWith('node:') && !builtinModules.includes(name)) imported.add(name);
    }
  }
  const aliases: Readonly<Record<string, string>> = { keytar: '@github/keytar' };
  expect([...imported].map((name) => aliases[name] ?? name).filter((name) => !listed.has(name))).toEqual([]);
  for (const tool of ['vite', 'vitest', 'typescript', 'eslint', 'electron-builder', 'playwright-core']) expect(listed).not.toContain(tool);
});

test('what is built into main is no package of development', async () => {
  const { packages } = JSON.parse(await readFile(path.join(rootDirectory, 'package-lock.json'), 'utf8')) as { packages: Record<string, { readonly dev?: true; readonly devOptional?: true }> };
  const chunks = path.join(rootDirectory, 'out/main/chunks');
  const code = await Promise.all((await readdir(chunks)).map((file) => readFile(path.join(chunks, file), 'utf8')));
  // The bundler heads each module with its path.
  const folders = new Set(code.flatMap((text) => [...text.matchAll(/^\/\/ ?(?:#region )?(node_modules\/(?:.*\/node_modules\/)?(?:@[^/\n]+\/)?[^/\n]+)/gm)].map(([, folder = '']) => folder)));
  expect(folders).toContain('node_modules/archiver');
  expect([...folders].filter((folder) => packages[folder]?.dev ?? packages[folder]?.devOptional ?? !packages[folder])).toEqual([]);
});

/**
 * `npm run sbom [file]`: a CycloneDX list of what is installed. npm's own list without the
 * development dependencies misses whatever is a dependency of both kinds, what is built into the
 * window, and Electron.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { buildWhatChanged } from './build.mjs';
import { installDependencies } from './dependencies.mjs';
import { rootDirectory, run, say, SetupError } from './run.mjs';
import { shippedPackages } from './shipped-packages.mjs';

try {
  await installDependencies();
  await buildWhatChanged();
  const { code, output } = await run('npm', ['sbom', '--sbom-format', 'cyclonedx', '--loglevel', 'silent']);
  if (code !== 0) throw new SetupError('`npm sbom` failed:', output);
  const sbom = JSON.parse(output);
  // npm calls the project after the folder it lies in.
  sbom.metadata.component.name = sbom.metadata.component['bom-ref'].replace(/@[^@]*$/, '');
  sbom.metadata.component.type = 'application';
  const shipped = new Set(shippedPackages().map(({ name, version }) => `${name}@${version}`));
  sbom.components = sbom.components.filter((/** @type {{ 'bom-ref': string }} */ component) => shipped.has(component['bom-ref']));
  const known = new Set([sbom.metadata.component, ...sbom.components].map((component) => component['bom-ref']));
  sbom.dependencies = sbom.dependencies
    .filter((/** @type {{ ref: string }} */ { ref }) => known.has(ref))
    .map((/** @type {{ ref: string, dependsOn: string[] }} */ { ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => known.has(other)) }));

  const file = resolve(process.argv[2] ?? `${rootDirectory}/dist/sbom.cdx.json`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(sbom, null, 2)}\n`);
  say(`${sbom.components.length} packages: ${relative(process.cwd(), file)}`);
} catch (error) {
  console.error(error instanceof SetupError ? error.message : error);
  process.exit(1);
}

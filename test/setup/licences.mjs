import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootDirectory } from './run.mjs';
import { shippedPackages } from './shipped-packages.mjs';

const licenceFile = /^(licen[cs]e|copying|notice)/i;

/**
 * Writes the licences of everything that is installed into one file. Chromium's, and Electron's
 * own, lie beside the binary.
 * @param {string} file
 */
export function writeLicences(file) {
  const parts = shippedPackages().map(({ name, version, directory }) => {
    const folder = join(rootDirectory, directory);
    const { license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const texts = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && licenceFile.test(entry.name))
      .map((entry) => readFileSync(join(folder, entry.name), 'utf8').trim());
    const terms = typeof license === 'string' ? license : license?.type ?? 'see its page';
    return [`${name} ${version} (${terms})`, ...texts].join('\n\n');
  });
  writeFileSync(file, `COS Ferry is made with these packages.\n\n${parts.join(`\n\n${'-'.repeat(72)}\n\n`)}\n`);
}

import { createPrivateKey, sign } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import yaml from 'js-yaml';
import { runnerImport } from 'vite';
import { rootDirectory } from './run.mjs';

/**
 * Signs what each latest*.yml of a folder says of a new version. The app has the other key built
 * in, and takes nothing that is not signed with this one.
 * @param {string} directory
 * @param {string} privateKey Ed25519, PEM.
 */
export async function signUpdates(directory, privateKey) {
  const { module } = await runnerImport(join(rootDirectory, 'main/app/update-signature.ts'), { configFile: false, logLevel: 'error' });
  for (const name of readdirSync(directory).filter((each) => /^latest.*\.yml$/.test(each))) {
    const file = join(directory, name);
    const description = /** @type {{ version: string }} */ (yaml.load(readFileSync(file, 'utf8')));
    const signature = sign(null, module.updateStatement(description), createPrivateKey(privateKey)).toString('base64');
    writeFileSync(file, yaml.dump({ ...description, signature }, { lineWidth: -1 }));
  }
}

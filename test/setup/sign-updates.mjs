import { createPrivateKey, sign } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import yaml from 'js-yaml';

/**
 * Signs what each latest*.yml of a folder says of a new version. The app has the other key built
 * in and takes nothing that is not signed with this one (main/app/update-signature.ts).
 * @param {string} directory
 * @param {string} privateKey Ed25519, PEM.
 */
export function signUpdates(directory, privateKey) {
  for (const name of readdirSync(directory).filter((each) => /^latest.*\.yml$/.test(each))) {
    const file = join(directory, name);
    const { signature: _old, ...info } = /** @type {{ version: string, files: { url: string, sha512: string }[], signature?: string }} */ (yaml.load(readFileSync(file, 'utf8')));
    const statement = ['cos-ferry', info.version, ...info.files.flatMap(({ url, sha512 }) => [url, sha512])].join('\n');
    const signature = sign(null, Buffer.from(statement), createPrivateKey(privateKey)).toString('base64');
    writeFileSync(file, yaml.dump({ ...info, signature }, { lineWidth: -1 }));
  }
}

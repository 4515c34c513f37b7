import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** An authority of the test's own, in a folder of the test's. */
export interface Authority extends Certificate {
  /** A certificate for these names, `DNS:…` or `IP:…`, good for so many days; one that has ended where those are below zero. */
  issue(name: string, names: readonly string[], days?: number): Promise<Certificate>;
}

/** Why there can be none on this computer; null where there can. */
export async function whyNoCertificates(): Promise<string | null> {
  return run('openssl', ['version']).then(() => null, () => 'there is no openssl');
}

export async function createAuthority(folder: string, commonName: string): Promise<Authority> {
  const authority = filesOf(folder, commonName);
  await selfSigned(authority, commonName, ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign']);
  return {
    ...authority,
    async issue(name, names, days = 2) {
      const { certFile, keyFile } = filesOf(folder, name);
      const [request, extensions] = [path.join(folder, `${name}.csr`), path.join(folder, `${name}.ext`)];
      await writeFile(extensions, `subjectAltName=${names.join(',')}\nextendedKeyUsage=serverAuth\n`);
      await run('openssl', ['req', '-new', ...newKey, '-keyout', keyFile, '-out', request, '-subj', `/CN=${name}`]);
      await run('openssl', ['x509', '-req', '-in', request, '-CA', authority.certFile, '-CAkey', authority.keyFile, '-out', certFile, '-days', String(days), '-extfile', extensions, '-CAcreateserial']);
      return { certFile, keyFile };
    },
  };
}

/** A certificate that only says itself that it is for these names. */
export async function issueSelfSigned(folder: string, name: string, names: readonly string[]): Promise<Certificate> {
  const files = filesOf(folder, name);
  await selfSigned(files, name, [`subjectAltName=${names.join(',')}`]);
  return files;
}

async function selfSigned({ certFile, keyFile }: Certificate, name: string, extensions: readonly string[]): Promise<void> {
  await run('openssl', [
    'req', '-x509', ...newKey, '-keyout', keyFile, '-out', certFile, '-subj', `/CN=${name}`, '-days', '2',
    ...extensions.flatMap((extension) => ['-addext', extension]),
  ]);
}

function filesOf(folder: string, name: string): Certificate {
  return { certFile: path.join(folder, `${name}.crt`), keyFile: path.join(folder, `${name}.key`) };
}

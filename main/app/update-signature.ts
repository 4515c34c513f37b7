import { createPublicKey, verify } from 'node:crypto';

/** A new version as the feed describes it (latest*.yml); what it says beside this is signed as well. */
export interface UpdateDescription {
  readonly version: string;
  /** Ed25519 over `updateStatement`, base64. */
  readonly signature?: unknown;
}

/** What the signature is made over: everything that the feed says, in one order. */
export function updateStatement({ signature: _signature, ...said }: UpdateDescription): Buffer {
  return Buffer.from(`cos-ferry update\n${inOrder(said)}`);
}

/** Whether the makers of this build have signed the description, and with it the hash of every file in it. */
export function isSigned(description: UpdateDescription, publicKey: string): boolean {
  const { signature } = description;
  if (typeof signature !== 'string') return false;
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, updateStatement(description), key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

function inOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOrder).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${inOrder(field)}`).join(',')}}`;
}

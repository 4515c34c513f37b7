import type { FileIdentity } from './file-identity.ts';

/** One entry of a package. `name` is its path in the archive; `mode` has the permission bits only. */
export type PackageEntry =
  | { readonly kind: 'file'; readonly name: string; readonly path: string; readonly mode: number; readonly identity: FileIdentity }
  | { readonly kind: 'folder'; readonly name: string; readonly mode: number; readonly mtimeMs: number }
  | { readonly kind: 'symlink'; readonly name: string; readonly target: string; readonly mtimeMs: number };

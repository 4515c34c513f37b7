import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';

/** Where new versions come from, and the key that they are signed with. Built in by `npm run dist`. */
export interface UpdateSettings {
  readonly feed: string;
  /** Ed25519, SPKI in DER, base64. */
  readonly publicKey: string;
}

const manifest = v.object({ updates: v.optional(v.object({ feed: v.pipe(v.string(), v.url()), publicKey: v.pipe(v.string(), v.nonEmpty()) })) });

/**
 * What the app's package.json says of updates. null where it was built without a feed, and where
 * the app cannot replace itself, as on Linux when it was unpacked from a tar.gz.
 */
export function updateSettings(
  appPath: string,
  install: { readonly platform: NodeJS.Platform; readonly resourcesPath: string; readonly environment: Readonly<Record<string, string | undefined>> },
): UpdateSettings | null {
  const { updates } = v.parse(manifest, JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8')));
  if (updates === undefined) return null;
  const canReplaceItself = install.platform !== 'linux' || Boolean(install.environment['APPIMAGE']) || existsSync(join(install.resourcesPath, 'package-type'));
  return canReplaceItself ? updates : null;
}

import { initialOptions } from '../options.ts';

/**
 * Settings as an earlier version wrote them, in today's shape; anything else comes back as it is,
 * for the schema to judge. Version 2 has brought `options` and `windowPlace`.
 */
export function migrateSettings(kept: unknown): unknown {
  if (typeof kept !== 'object' || kept === null || Reflect.get(kept, 'version') !== 1) return kept;
  return { ...kept, version: 2, options: initialOptions, windowPlace: null };
}

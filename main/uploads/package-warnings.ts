import type { PreflightWarning } from '../../preload/drops.ts';
import { windowsTroubles } from '../package/windows-names.ts';

const executables = /\.(?:exe|bat|cmd|apk)$/i;

/** Whether one of these is what Cloud Application Rendering could start. */
export function hasExecutable(names: readonly string[]): boolean {
  return names.some((name) => executables.test(name));
}

/** What Windows could not unpack of a package with these entries. */
export function windowsWarnings(names: readonly string[]): PreflightWarning[] {
  const { refused, tooLong, same } = windowsTroubles(names);
  const warnings: PreflightWarning[] = [];
  if (same) warnings.push({ kind: 'same-on-windows', ...same });
  if (refused) warnings.push({ kind: 'windows-name', ...refused });
  if (tooLong) warnings.push({ kind: 'windows-too-long', ...tooLong });
  return warnings;
}

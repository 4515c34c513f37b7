import path from 'node:path';
import type { SourceView } from '../../preload/contract.ts';
import { tryToDescribe } from '../package/describe-path.ts';
import { isArchiveName, packageName } from '../package/package-name.ts';

export interface CarObject {
  readonly kind: SourceView['kind'];
  readonly name: string;
  readonly packed: boolean;
  /** Bytes of what is one file; else null. */
  readonly size: number | null;
}

/** What becomes of paths that are dropped for car: one object, an archive as it is, anything else packed. `asked` replaces its usual name. */
export async function carObject(paths: readonly string[], asked: string | null): Promise<CarObject> {
  const [only = ''] = paths.length === 1 ? paths : [];
  const described = paths.length === 1 ? await tryToDescribe(only) : null;
  const asIs = described?.kind !== 'folder' && paths.length === 1 && isArchiveName(path.basename(only));
  const usual = asIs ? path.basename(only) : packageName(await Promise.all(paths.map(async (dropped) => ({ path: dropped, kind: (await tryToDescribe(dropped))?.kind ?? 'file' }))));
  return {
    kind: paths.length > 1 ? 'selection' : described?.kind ?? 'file',
    name: asked === null ? usual : withSuffix(asked, asIs ? path.extname(only) : '.zip'),
    packed: !asIs,
    size: described?.kind === 'file' ? described.size : null,
  };
}

/** A name that ends as it must: the service tells an archive by its suffix. */
function withSuffix(name: string, suffix: string): string {
  return name.toLowerCase().endsWith(suffix.toLowerCase()) ? name : name + suffix;
}

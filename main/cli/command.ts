import { parseArgs } from 'node:util';
import type { Service, Site } from '../../preload/contract.ts';
import { largestPartBytes, smallestPartBytes } from '../transfer/part-size.ts';

/** What every command can be told. */
export interface CommonOptions {
  /** null: where the system keeps such things. */
  readonly stateDirectory: string | null;
  readonly json: boolean;
  /** An account of the app; null: the keys of the environment. */
  readonly accountLabel: string | null;
  /** Parts in flight at once, over all uploads; null: the usual number. */
  readonly concurrency: number | null;
}

export interface UploadCommand extends CommonOptions {
  readonly kind: 'upload';
  readonly service: Service;
  readonly applicationId: string;
  readonly site: Site;
  readonly region: string;
  readonly name: string | null;
  readonly partBytes: number | null;
  readonly paths: readonly string[];
}

/** Of `ids`, none means all; the beginning of one is enough. */
export type Command =
  | { readonly kind: 'help' }
  | UploadCommand
  | CommonOptions & { readonly kind: 'resume' | 'abort'; readonly ids: readonly string[] }
  | CommonOptions & { readonly kind: 'list' };

export type UsageMistake =
  | 'no-command' | 'unknown-command' | 'unknown-option' | 'no-service' | 'no-application-id' | 'no-path' | 'site'
  | 'concurrency' | 'part-size' | 'one-name' | 'name' | 'too-much' | 'no-such-upload';

/** The command line asks for nothing that can be done. `about` is the word in question. */
export class UsageError extends Error {
  readonly mistake: UsageMistake;
  readonly about: string;

  constructor(mistake: UsageMistake, about = '') {
    super(`${mistake}: ${about}`);
    this.name = 'UsageError';
    this.mistake = mistake;
    this.about = about;
  }
}

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const everywhere = { 'state-dir': text, json: flag, help: { ...flag, short: 'h' } } as const;
const whileSending = { account: text, concurrency: text } as const;
const optionsOf = {
  upload: {
    ...everywhere, ...whileSending,
    service: text, 'application-id': text, site: text, region: text, name: text, 'part-size': text,
  },
  resume: { ...everywhere, ...whileSending },
  list: everywhere,
  abort: { ...everywhere, account: text },
} as const;

type Values = Partial<Record<keyof typeof optionsOf['upload'], string | boolean>>;

/** Reads the arguments after the program's own name. Throws UsageErrors. */
export function parseCommand(args: readonly string[]): Command {
  const [kind, ...rest] = args;
  if (kind === undefined) throw new UsageError('no-command');
  if (kind === 'help' || kind === '--help' || kind === '-h') return { kind: 'help' };
  if (!isCommand(kind)) throw new UsageError('unknown-command', kind);
  const { values, positionals } = parse(kind, rest);
  if (values.help) return { kind: 'help' };
  const common: CommonOptions = {
    stateDirectory: textOf(values['state-dir']),
    json: values.json === true,
    accountLabel: textOf(values.account),
    concurrency: numberOf(values.concurrency, 1, 64, 'concurrency'),
  };
  if (kind === 'resume' || kind === 'abort') return { ...common, kind, ids: positionals };
  if (kind === 'upload') return uploadCommand(common, values, positionals);
  if (positionals.length > 0) throw new UsageError('too-much', positionals[0]);
  return { ...common, kind };
}

function uploadCommand(common: CommonOptions, values: Values, paths: readonly string[]): UploadCommand {
  const { service } = values;
  if (service !== 'ms' && service !== 'car') throw new UsageError('no-service', textOf(service) ?? '');
  const applicationId = textOf(values['application-id']) ?? '';
  if (service === 'car' && applicationId.trim() === '') throw new UsageError('no-application-id');
  const site = values.site ?? 'china';
  if (site !== 'china' && site !== 'international') throw new UsageError('site', String(site));
  if (paths.length === 0) throw new UsageError('no-path');
  const name = textOf(values.name);
  if (name !== null && service === 'ms' && paths.length > 1) throw new UsageError('one-name');
  if (name !== null && !isKeyName(name)) throw new UsageError('name', name);
  return {
    ...common, kind: 'upload', service, applicationId, site, name, paths,
    region: textOf(values.region) ?? '',
    partBytes: numberOf(values['part-size'], smallestPartBytes, largestPartBytes, 'part-size'),
  };
}

/** COS: no slash in front; and nothing that a server could take for a way upward. */
function isKeyName(name: string): boolean {
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  return /^[^/\\\u0000-\u001f\u007f][^\\\u0000-\u001f\u007f]*$/.test(name) && !name.split('/').some((segment) => segment === '' || segment === '.' || segment === '..');
}

function isCommand(word: string): word is keyof typeof optionsOf {
  return Object.hasOwn(optionsOf, word);
}

function parse(kind: keyof typeof optionsOf, args: string[]): { values: Values; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({ args, options: optionsOf[kind], allowPositionals: true, strict: true });
    return { values: values as Values, positionals };
  } catch (error) {
    throw new UsageError('unknown-option', (error as Error).message);
  }
}

function textOf(value: string | boolean | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function numberOf(value: string | boolean | undefined, least: number, most: number, mistake: UsageMistake): number | null {
  if (value === undefined) return null;
  const number = typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : NaN;
  if (!(number >= least && number <= most)) throw new UsageError(mistake, String(value));
  return number;
}

import type { ProblemCode } from '../../preload/problem-codes.ts';
import { FerryError } from '../ferry-error.ts';

const goneCodes = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** The system's own code of a failed call, such as `ENOENT`; undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * A failed file-system call as a FerryError that names the file: `gone` where there is nothing at
 * the path, else `source-unreadable`. Anything that no system call threw comes back as it is.
 */
export function sourceError(error: unknown, name: string, gone: ProblemCode): unknown {
  const code = systemCode(error);
  if (error instanceof FerryError || !(error instanceof Error) || !code || !('syscall' in error)) return error;
  return new FerryError(
    { code: goneCodes.has(code) ? gone : 'source-unreadable', params: { name }, detail: error.message },
    { cause: error },
  );
}

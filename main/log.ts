import electronLog from 'electron-log/node';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createRedaction } from './log-redaction.ts';

const levels = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof levels)[number];

const maxFileBytes = 5_000_000;

/** Where the app writes what a developer would want to know. Everything written is redacted first. */
export interface Log {
  error(message: string, details?: unknown): void;
  warn(message: string, details?: unknown): void;
  info(message: string, details?: unknown): void;
  debug(message: string, details?: unknown): void;
  /** From now on this value is never written, wherever it turns up; after `untilMs` it is no secret any more. */
  redact(secret: string, untilMs?: number): void;
}

/** The level named by `COS_FERRY_LOG`; `info` where it names none. */
export function logLevel(named: string | undefined): LogLevel {
  return levels.find((level) => level === named?.trim().toLowerCase()) ?? 'info';
}

/**
 * Logs to `main.log` in `directory`; past 5 MB that becomes `main.old.log`. Without a directory, or
 * with one that cannot be made, only the console is left.
 */
export function createLog(options: { directory: string | null; level: LogLevel; console: boolean }): Log {
  const redaction = createRedaction();
  // A log id of its own gives each log its own transports.
  const logger = electronLog.create({ logId: options.directory ?? 'console' });
  logger.transports.console.level = options.console ? options.level : false;
  logger.transports.file.level = false;
  // The transports could format objects themselves; then a secret inside one would escape the redaction.
  logger.hooks = [(message) => ({ ...message, data: [redaction.apply(message.data.map(asText).join(' '))] })];

  if (options.directory !== null && makeDirectory(options.directory, logger)) {
    const file = join(options.directory, 'main.log');
    logger.transports.file.resolvePathFn = () => file;
    logger.transports.file.maxSize = maxFileBytes;
    logger.transports.file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
    logger.transports.file.level = options.level;
  }

  const write = (level: LogLevel) => (message: string, details?: unknown): void => {
    logger[level](...(details === undefined ? [message] : [message, details]));
  };
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    redact: (secret, untilMs) => redaction.add(secret, untilMs),
  };
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, { depth: 5, breakLength: Infinity, maxStringLength: 10_000 });
}

function makeDirectory(directory: string, logger: { warn(...data: unknown[]): void }): boolean {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return true;
  } catch (error) {
    logger.warn('No log file: its folder cannot be made.', error);
    return false;
  }
}

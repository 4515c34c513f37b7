import type { HistoryEntry } from '../../preload/contract.ts';

/** One column a field, named as in the JSON; of a problem its code. */
const columns: readonly (readonly [string, (entry: HistoryEntry) => string | number | null])[] = [
  ['finishedAt', (entry) => new Date(entry.finishedAtMs).toISOString()],
  ['outcome', (entry) => entry.outcome],
  ['name', (entry) => entry.name],
  ['paths', (entry) => entry.paths.join('\n')],
  ['service', (entry) => entry.service],
  ['account', (entry) => entry.accountLabel],
  ['applicationId', (entry) => entry.applicationId],
  ['bucket', (entry) => entry.bucket],
  ['region', (entry) => entry.region],
  ['key', (entry) => entry.key],
  ['size', (entry) => entry.size],
  ['crc64', (entry) => entry.crc64],
  ['etag', (entry) => entry.etag],
  ['requestId', (entry) => entry.requestId],
  ['durationMs', (entry) => entry.durationMs],
  ['sentBytes', (entry) => entry.sentBytes],
  ['problem', (entry) => entry.problem?.code ?? ''],
  ['serviceCode', (entry) => entry.problem?.serviceCode ?? ''],
];

// Without it Excel takes UTF-8 for the system's own code page.
const byteOrderMark = '\uFEFF';

/** As RFC 4180 has it. A text that a spreadsheet would run as a formula, or round because it takes it for a number, gets an apostrophe in front. */
export function historyAsCsv(entries: readonly HistoryEntry[]): string {
  const rows = [columns.map(([name]) => name), ...entries.map((entry) => columns.map(([, value]) => value(entry)))];
  return byteOrderMark + rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** An array of the entries without the app's own IDs, with the times as ISO 8601 too. */
export function historyAsJson(entries: readonly HistoryEntry[]): string {
  return `${JSON.stringify(entries.map(({ id: _id, accountId: _accountId, ...entry }) => ({ finishedAt: new Date(entry.finishedAtMs).toISOString(), ...entry })), null, 2)}\n`;
}

function cell(value: string | number | null): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  const text = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(value) || /^[\t\r]/.test(value) || /^\d{16,}$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

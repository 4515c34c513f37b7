import type { LimitHours, Limits } from '../../preload/contract.ts';

/** The bounds of what can be set, both ends included. */
export const bounds = {
  parallelUploads: { min: 1, max: 32 },
  partsInFlight: { min: 1, max: 64 },
  megabytesPerSecond: { min: 0.1, max: 10_000 },
  timetableRows: 24,
} as const;

const megabyte = 1e6;

/** A whole number within bounds from what a person typed; NaN when it is none. */
export function parseWhole(text: string, { min, max }: { readonly min: number; readonly max: number }): number {
  const trimmed = text.trim();
  const value = /^\d+$/.test(trimmed) ? Number(trimmed) : NaN;
  return value >= min && value <= max ? value : NaN;
}

/** Bytes a second from megabytes a second as typed, with a point or a comma; null when it is empty, NaN when it is no such speed. */
export function parseSpeed(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (!/^\d+(?:[.,]\d+)?$/.test(trimmed)) return NaN;
  const megabytes = Number(trimmed.replace(',', '.'));
  const { min, max } = bounds.megabytesPerSecond;
  return megabytes >= min && megabytes <= max ? Math.round(megabytes * megabyte) : NaN;
}

/** The other way round: what `parseSpeed` reads as this speed. */
export const speedText = (bytesPerSecond: number | null): string => (bytesPerSecond === null ? '' : String(bytesPerSecond / megabyte));

/** Minutes since midnight from a time of day as it is written with 24 hours or with 12, in English or Chinese: `9:00`, `21.30`, `9 pm`, `下午9:30`; NaN when it is none. */
export function parseTime(text: string): number {
  const [, before, digits, more = '0', after] = /^(上午|下午)?\s*(\d{1,2})(?:[:：.](\d\d))?\s*([ap]\.?m\.?)?$/i.exec(text.trim()) ?? [];
  const half = (before ?? after)?.toLowerCase().charAt(0);
  const [hours, minutes] = [Number(digits ?? NaN), Number(more)];
  if (Number.isNaN(hours) || minutes > 59 || hours > 23 || (half !== undefined && (hours < 1 || hours > 12))) return NaN;
  if (half === undefined) return hours * 60 + minutes;
  return ((hours % 12) + (half === '下' || half === 'p' ? 12 : 0)) * 60 + minutes;
}

/** What most people add next: office hours that are slower, or, under a general limit, nights without one. */
export function hoursToAdd(limits: Limits): LimitHours {
  return limits.bytesPerSecond === null
    ? { fromMinute: 9 * 60, toMinute: 18 * 60, bytesPerSecond: 5 * megabyte }
    : { fromMinute: 22 * 60, toMinute: 6 * 60, bytesPerSecond: null };
}

/** Figures as a person reads them, in the rules of their language. */
import type { Language } from '../contract.ts';

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const minuteS = 60;
const hourS = 60 * minuteS;
const dayS = 24 * hourS;

// Making one takes a hundred times as long as using it.
const made = new Map<string, unknown>();

function once<F>(key: string, make: () => F): F {
  let format = made.get(key) as F | undefined;
  if (format === undefined) {
    format = make();
    made.set(key, format);
  }
  return format;
}

const numberFormat = (language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat =>
  once(`number ${language} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(language, options));

/** The offset is in the key because the zone may change while the app runs, and a format keeps the one it was made in. */
const timeFormat = (language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  once(`time ${language} ${new Date().getTimezoneOffset()} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(language, options));

/** A size in decimal units, as file managers show it: `0 B`, `512 kB`, `1.25 GB`. */
export function formatBytes(bytes: number, language: Language): string {
  return inByteUnits(bytes, language, '');
}

/** Bytes a second: `12.3 MB/s`. */
export function formatSpeed(bytesPerSecond: number, language: Language): string {
  return inByteUnits(bytesPerSecond, language, '-per-second');
}

function inByteUnits(bytes: number, language: Language, per: '' | '-per-second'): string {
  let value = Math.max(0, bytes);
  let at = 0;
  // 999.5 and up would be shown as 1,000 of the smaller unit.
  while (value >= 999.5 && at < byteUnits.length - 1) {
    value /= 1000;
    at += 1;
  }
  const digits = at < 2 || value >= 99.95 ? 0 : at === 2 || value >= 9.995 ? 1 : 2;
  const unit = byteUnits[at] ?? 'terabyte';
  const text = numberFormat(language, { style: 'unit', unit: `${unit}${per}`, maximumFractionDigits: digits }).format(value);
  // The short form of it is no shorter in English, and has no plural.
  return text.replace(/bytes?/, 'B');
}

/** A count with its separators, with at most `digits` decimals. */
export function formatNumber(value: number, language: Language, digits = 0): string {
  return numberFormat(language, { maximumFractionDigits: digits }).format(value);
}

/** A share of 0 to 1 as a whole percent, rounded down so that only a finished thing shows 100 %. */
export function formatPercent(fraction: number, language: Language): string {
  // A hair is added because 0.29 * 100 is 28.999….
  const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100 + 1e-9);
  return numberFormat(language, { style: 'percent' }).format(percent / 100);
}

/** A time span in its largest unit, or two from an hour up: `45 sec`, `3 min`, `1 hr 5 min`. */
export function formatDuration(seconds: number, language: Language): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < minuteS) return units(language, [[whole, 'second']]);
  const minutes = Math.round(whole / minuteS);
  if (minutes < 60) return units(language, [[minutes, 'minute']]);
  if (minutes < 24 * 60) return units(language, [[Math.floor(minutes / 60), 'hour'], [minutes % 60, 'minute']]);
  const hours = Math.round(whole / hourS);
  return units(language, [[Math.floor(hours / 24), 'day'], [hours % 24, 'hour']]);
}

/** A time span with nothing rounded away and spelt out, for a value someone has set: `1 hour 30 minutes`. */
export function formatExactDuration(seconds: number, language: Language): string {
  return units(language, [
    [Math.floor(seconds / dayS), 'day'],
    [Math.floor((seconds % dayS) / hourS), 'hour'],
    [Math.floor((seconds % hourS) / minuteS), 'minute'],
    [Math.floor(seconds % minuteS), 'second'],
  ], 'long');
}

/** What is left on a clock: `4:05`, `1:02:03`. */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const parts = [Math.floor((whole % hourS) / minuteS), whole % minuteS];
  if (whole >= hourS) parts.unshift(Math.floor(whole / hourS));
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** A moment as a time of day, with the date where it is not today's. */
export function formatTime(atMs: number, language: Language, nowMs: number): string {
  return timeFormat(language, isSameDay(atMs, nowMs) ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' }).format(atMs);
}

/** True on the same day by this computer's clock. */
export function isSameDay(oneMs: number, otherMs: number): boolean {
  return new Date(oneMs).toDateString() === new Date(otherMs).toDateString();
}

/** The day of a moment: `Jan 2, 2026`. */
export function formatDate(atMs: number, language: Language): string {
  return timeFormat(language, { dateStyle: 'medium' }).format(atMs);
}

type Unit = 'day' | 'hour' | 'minute' | 'second';

function units(language: Language, parts: readonly (readonly [number, Unit])[], unitDisplay: 'short' | 'long' = 'short'): string {
  const shown = parts.filter(([value], index) => value > 0 || (index === parts.length - 1 && parts.every(([other]) => other === 0)));
  return shown
    .map(([value, unit]) => numberFormat(language, { style: 'unit', unit, unitDisplay }).format(value))
    // Intl sets Chinese units tight against the figure, everything else in the app has a space there.
    .map((part) => part.replace(/(\d)(?=\p{Script=Han})/u, '$1 '))
    .join(' ');
}

/** Several things as one enumeration: `a, b, and c`. */
export function formatList(items: readonly string[], language: Language): string {
  return once(`list ${language}`, () => new Intl.ListFormat(language, { type: 'conjunction' })).format(items);
}

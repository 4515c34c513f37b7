import type { Language, Problem } from '../../preload/contract.ts';
import * as formats from '../../preload/locales/formats.ts';
import { problemText, type ProblemText } from '../../preload/locales/problem-text.ts';
import { createTranslator, type Translator } from '../../preload/locales/translator.ts';

// Of a day on which no clock is changed.
const midnightMs = new Date(2001, 0, 1).getTime();

/** The words and figures of the window in the language of the moment; a change of it shows at once. */
export class Words {
  readonly #language: () => Language;
  readonly #translator: Translator;

  constructor(language: () => Language) {
    this.#language = language;
    this.#translator = $derived(createTranslator(language()));
  }

  get language(): Language {
    return this.#language();
  }

  get t(): Translator {
    return this.#translator;
  }

  problem(problem: Problem): ProblemText {
    return problemText(this.#translator, problem);
  }

  bytes(bytes: number): string {
    return formats.formatBytes(bytes, this.language);
  }

  speed(bytesPerSecond: number): string {
    return formats.formatSpeed(bytesPerSecond, this.language);
  }

  number(value: number): string {
    return formats.formatNumber(value, this.language);
  }

  list(items: readonly string[]): string {
    return formats.formatList(items, this.language);
  }

  percent(fraction: number): string {
    return formats.formatPercent(fraction, this.language);
  }

  took(ms: number): string {
    return ms < 1000 ? this.t('queue.details.instant') : this.duration(ms / 1000);
  }

  duration(seconds: number): string {
    return formats.formatDuration(seconds, this.language);
  }

  exactDuration(seconds: number): string {
    return formats.formatExactDuration(seconds, this.language);
  }

  time(atMs: number): string {
    return formats.formatTime(atMs, this.language, Date.now());
  }

  isToday(atMs: number): boolean {
    return formats.isSameDay(atMs, Date.now());
  }

  /** The day of a moment, without its time. */
  date(atMs: number): string {
    return formats.formatDate(atMs, this.language);
  }

  /** The time of day of a moment, without its date. */
  clock(atMs: number): string {
    return formats.formatTime(atMs, this.language, atMs);
  }

  /** Minutes since midnight as the language writes them. */
  timeOfDay(minute: number): string {
    return formats.formatTime(midnightMs + minute * 60_000, this.language, midnightMs);
  }
}

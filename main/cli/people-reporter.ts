import type { Language, Problem, Totals } from '../../preload/contract.ts';
import { formatBytes, formatDuration, formatPercent, formatSpeed } from '../../preload/locales/formats.ts';
import type { ProblemText } from '../../preload/locales/problem-text.ts';
import { visibleText } from '../../preload/locales/visible-text.ts';
import type { CliEvent, Reporter } from './cli-event.ts';
import type { CliWords } from './words.ts';

export interface PeopleReporterOptions {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Of the terminal that shows the bar; null where there is none. */
  readonly columns: () => number | null;
  readonly words: CliWords;
  readonly language: Language;
  readonly problem: (problem: Problem) => ProblemText;
}

const barCells = 24;
const eraseLine = '\r\u001b[K';

/** Words for a person: what is done on the standard output, all else beside a progress bar on the other. */
export class PeopleReporter implements Reporter {
  readonly #options: PeopleReporterOptions;
  #barShown = false;

  constructor(options: PeopleReporterOptions) {
    this.#options = options;
  }

  tell(event: CliEvent): void {
    const { words, language, out } = this.#options;
    switch (event.event) {
      case 'progress': return;
      case 'waiting': return this.#say(words.waiting);
      case 'online': return this.#say(words.online);
      case 'left-out': return this.#say(words.left(`${event.source}/${event.path}`));
      case 'done':
        this.#erase();
        return out(`${words.stored(event.name, event.bucket, event.key, formatBytes(event.size, language), event.crc64)}\n`);
      case 'aborted':
        this.#erase();
        return out(`${words.aborted(event.name)}\n`);
      case 'interrupted': return this.#say(words.interrupted(event.unfinished));
      case 'failed':
      case 'restarted':
      case 'notice': return this.#sayProblem(event.name, event.problem);
      case 'warning': return this.#sayProblem(null, event.problem);
    }
  }

  progress(totals: Totals): void {
    const columns = this.#options.columns();
    if (columns === null || totals.fraction === null) return;
    const { words, language, err } = this.#options;
    const filled = Math.floor(totals.fraction * barCells);
    const text = words.bar({
      percent: formatPercent(totals.fraction, language),
      speed: formatSpeed(totals.bytesPerSecond, language),
      left: totals.secondsLeft === null ? null : formatDuration(totals.secondsLeft, language),
      done: totals.done,
      all: totals.done + totals.failed + totals.unfinished + totals.paused,
    });
    err(`${eraseLine}${`${'█'.repeat(filled)}${'░'.repeat(barCells - filled)}  ${text}`.slice(0, Math.max(0, columns - 1))}`);
    this.#barShown = true;
  }

  failed(_code: string, message: string): void {
    this.#say(message);
  }

  end(): void {
    this.#erase();
  }

  #sayProblem(name: string | null, problem: Problem): void {
    const { words } = this.#options;
    const { what, todo } = this.#options.problem(problem);
    this.#say(name === null ? `${what} ${todo}` : words.failed(name, what, todo));
    this.#say(words.requestId(problem.serviceCode ?? problem.code, problem.requestId ?? null));
    // Only this tells which name or authority it is about.
    if (problem.code === 'store-not-trusted' && problem.detail) this.#say(`  ${visibleText(problem.detail)}`);
  }

  #say(line: string): void {
    this.#erase();
    this.#options.err(`${line}\n`);
  }

  #erase(): void {
    if (this.#barShown) this.#options.err(eraseLine);
    this.#barShown = false;
  }
}

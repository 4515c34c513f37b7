import type { Problem } from '../../preload/contract.ts';
import type { ProblemText } from '../../preload/locales/problem-text.ts';
import type { CliEvent, Reporter } from './cli-event.ts';

/** One JSON object a line. A problem becomes `code`, `message` and `requestId`. */
export class JsonReporter implements Reporter {
  readonly #write: (text: string) => void;
  readonly #words: (problem: Problem) => ProblemText;

  constructor(write: (text: string) => void, words: (problem: Problem) => ProblemText) {
    this.#write = write;
    this.#words = words;
  }

  tell(event: CliEvent): void {
    if (!('problem' in event)) {
      this.#line(event);
      return;
    }
    const { problem, ...rest } = event;
    const { what, todo } = this.#words(problem);
    this.#line({
      ...rest,
      code: problem.code,
      message: `${what} ${todo}`,
      requestId: problem.requestId ?? null,
      serviceCode: problem.serviceCode ?? null,
      detail: problem.detail ?? null,
    });
  }

  progress(): void {
    // Each upload's own progress is told as an event.
  }

  failed(code: string, message: string): void {
    this.#line({ event: 'failed', id: null, name: null, code, message, requestId: null, serviceCode: null, detail: null });
  }

  end(): void {
    // Every line is whole already.
  }

  #line(value: object): void {
    this.#write(`${JSON.stringify(value)}\n`);
  }
}
